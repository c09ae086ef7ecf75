"""`from playground import ...`, as scripts say it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import app.client
import engine
import playground
from tests.server import ROOT

TRAIN = "from playground import Config, Trainer; t = Trainer(Config(seed=1)); t.train(3); print(t.epoch)"


def ran(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    """A script of somebody in a folder of their own."""
    script = folder / "script.py"
    script.write_text(f"import sys; sys.path.append({str(ROOT)!r})\n{program}\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    return subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=False, cwd=folder
    )


@pytest.mark.parametrize("name", playground.__all__)
def test_every_public_name_is_that_of_the_engine_or_the_client(name: str) -> None:
    home = engine if hasattr(engine, name) else app.client
    assert getattr(playground, name) is getattr(home, name)


def test_a_name_that_is_none_is_refused_as_python_does() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Trainr'"):
        playground.Trainr  # noqa: B018
    assert "Trainer" in dir(playground)


@pytest.mark.parametrize("file", ["app.py", "engine.py", "app/__init__.py", "engine/__init__.py"])
def test_modules_of_a_persons_own_do_not_get_in_the_way(file: str, tmp_path: Path) -> None:
    own = tmp_path / file
    own.parent.mkdir(exist_ok=True)
    own.write_text("raise SystemExit('this is not the playground')\n", encoding="utf-8")
    done = ran(tmp_path, TRAIN)
    assert (done.returncode, done.stdout) == (0, "3\n"), done.stderr


def test_a_module_that_was_imported_before_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "engine.py").write_text("", encoding="utf-8")
    done = ran(tmp_path, f"import engine\n{TRAIN}")
    assert "playground: expected engine to be its own package, got" in done.stderr
    assert "Rename that file, or import playground first." in done.stderr


def test_the_engine_alone_loads_no_client(tmp_path: Path) -> None:
    done = ran(tmp_path, f"{TRAIN}; print({{'httpx', 'fastapi', 'app.client'}} & {{*sys.modules}} or 'none')")
    assert done.stdout == "3\nnone\n", done.stderr

"""The command and all processes that it starts, in folders and environments that hold modules of their names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.process import safe_path as safepath
from app.process.safe_path import OWN, sealed
from tests.app.command import Command, json_of
from tests.app.conftest import OpenPage
from tests.app.scripted import XOR, speaking
from tests.server import ROOT, Serve, clean_environment

SHADOWS = ("engine", "random", "numpy", "pydantic", "socket", "signal", "tempfile", "typer")
"""Modules of ours, of Python and of packages that a person may call a file."""
BROKEN = "raise RuntimeError('not the module that was meant')\n"


def shadowed(folder: Path, *files: str) -> Path:
    """A folder with files of the names of modules, each of which breaks what imports it."""
    for name in [*files, *(f"{name}.py" for name in SHADOWS)]:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(BROKEN)
    return folder


@pytest.fixture(params=["app.py", "app/__init__.py"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder that shadows all that is imported."""
    return shadowed(tmp_path / "here", request.param)


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """An environment that does so too."""
    return {"PYTHONPATH": str(shadowed(tmp_path / "there")), "PYTHONSAFEPATH": ""}


def test_a_server_in_such_a_folder_serves_pages_and_trains_runs(
    serve: Serve, open_page: OpenPage, folder: Path, variables: dict[str, str]
) -> None:
    with serve(folder, variables, workers=1, processes=1) as server, speaking(server) as api:
        page = open_page(server)
        page.greet("dataset=xor&seed=1")
        page.stepped(2)
        assert api.trained(link=XOR, epochs=2)["status"] == "succeeded"
        assert server.said == ""


@pytest.mark.long
def test_commands_in_such_a_folder_train_sweep_and_find_nothing_wrong(folder: Path, variables: dict[str, str]) -> None:
    playground = Command(folder)
    playground.environment |= variables

    def told(*arguments: str) -> Any:
        return json_of(playground.process(*arguments, "--json", executed=True))

    assert told("train", XOR, "--epochs", "2")["trace"]
    assert told("sweep", XOR, "--epochs", "2", "--processes", "1")["sweep"]["counts"] == {"succeeded": 1}
    found = told("doctor")["findings"]
    assert {one["state"] for one in found if one["about"] in ("worker", "blas", "engine")} == {"ok"}


@pytest.mark.long
@pytest.mark.parametrize(
    "start", [("-m", "playground"), ("-c", "from playground.command import main; main()")], ids=["module", "script"]
)
def test_the_command_starts_where_the_folder_and_pythonpath_shadow_the_application_itself(
    folder: Path, tmp_path: Path, start: tuple[str, str]
) -> None:
    environment = clean_environment(data=tmp_path) | {
        "PYTHONPATH": os.pathsep.join([str(shadowed(tmp_path / "there", "app.py")), str(ROOT)]),
        "PYTHONSAFEPATH": "",
    }
    command = [sys.executable, *start, "train", XOR, "--epochs", "2", "--json"]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert json_of(ran)["trace"]


def test_what_stands_before_ours_in_the_path_comes_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["mine", "", "/theirs"]))
    monkeypatch.setattr(sys, "flags", _Flags(safe_path=False))
    path = ["", str(tmp_path / "mine"), "/theirs", "/python", "/python/site-packages", OWN, "/editable"]
    assert sealed(path) == ["/python", OWN, "/python/site-packages", "/editable", str(tmp_path / "mine"), "/theirs"]
    assert sealed([str(tmp_path), "/python", "/python/dist-packages"]) == ["/python", OWN, "/python/dist-packages"]


def test_ours_stays_before_projects_that_are_installed_as_editable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setattr(sys, "flags", _Flags(safe_path=True))
    path = ["/python", OWN, "/their/project", "/more/site-packages"]
    assert sealed(path) == path
    assert sealed(["/python", OWN, "/their/project"]) == ["/python", OWN, "/their/project"]


def test_a_folder_that_python_did_not_put_there_stays_though_it_is_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setattr(sys, "flags", _Flags(safe_path=True))
    assert sealed([str(tmp_path), "/site-packages"]) == [str(tmp_path), OWN, "/site-packages"]


def test_a_path_that_is_sealed_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/theirs")
    monkeypatch.setattr(sys, "path", ["/theirs", "/python", "/site-packages"])
    monkeypatch.setenv("PYTHONSAFEPATH", "")  # so that it is put back
    for _ in range(2):
        safepath.seal()
        assert sys.path == ["/python", OWN, "/site-packages", "/theirs"]
    assert "PYTHONPATH" not in os.environ
    assert os.environ["PYTHONSAFEPATH"] == "1"


class _Flags:
    """Python's, as far as a path is concerned."""

    def __init__(self, *, safe_path: bool) -> None:
        self.safe_path = safe_path

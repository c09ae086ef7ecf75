"""The types of the names and fields of a configuration, held to the tables and as type checkers see them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mypy import api

import engine
from tests.golden import names

ROOT = Path(str(engine.__file__)).parents[1]
RIGHT = """
import numpy as np
from engine import Config
Config(dataset="spiral", networkShape=[8, 8], seed=1, activations=("relu",), loss=None, hide=["noise"])
Config(batchSize=np.int64(3), x=np.bool_(False), learningRate=np.float32(0.1), networkShape=np.array([8, 8]))
Config().replace(optimizer="adam", noise=5).replace(dataset=Config().dataset)
"""
WRONG = (
    'Config(dataset="spirl")',
    "Config(learninRate=0.1)",
    'Config(learningRate="0.1")',
    'Config().replace(optimizer="adan")',
    'Config(activations=["rellu"])',
    "Config().replace(nois=1)",
)


def test_the_types_are_what_the_tables_and_the_configuration_make_them() -> None:
    assert names.FILE.read_text(encoding="utf-8") == names.text(), "run `make names`"


def test_the_package_tells_type_checkers_that_it_has_types() -> None:
    assert (ROOT / "engine" / "py.typed").exists()


def _mypy(file: Path) -> str:
    return api.run([str(file), "--strict", "--no-incremental", "--follow-imports=silent"])[0]


def _pyright(file: Path) -> str:
    checker = shutil.which("pyright")
    if checker is None:
        pytest.skip("pyright is not installed, and needs Node and a download of its own")
    told = subprocess.run(
        [checker, "--pythonpath", sys.executable, str(file)], capture_output=True, text=True, cwd=ROOT
    )
    return told.stdout


@pytest.mark.parametrize("check", [_mypy, _pyright])
def test_a_type_checker_takes_what_a_configuration_takes_and_refuses_each_mistyped_name(
    check: Callable[[Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYPYPATH", str(ROOT))
    file = tmp_path / "script.py"
    file.write_text(RIGHT + "\n".join(WRONG), encoding="utf-8")
    found = [int(line) for line in re.findall(r":(\d+):(?:\d+)?[ -]+error", check(file))]
    first = RIGHT.count("\n") + 1
    assert found == [first + place for place in range(len(WRONG))]

"""The engine is mathematics: it reads no file, no clock and no network, and draws no random numbers of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine

MODULES = sorted(Path(str(engine.__file__)).parent.glob("**/*.py"))
ALLOWED = {
    "__future__",
    "base64",
    "binascii",
    "collections.abc",
    "csv",
    "dataclasses",
    "html",
    "itertools",
    "json",
    "math",
    "re",
    "string",
    "struct",
    "typing",
    "urllib.parse",  # quoting, no request
    "zlib",
}
ALLOWED_PACKAGES = {"annotated_types", "engine", "numpy", "pydantic", "pydantic_core"}
DOING = {"breakpoint", "compile", "eval", "exec", "input", "open", "print", "__import__"}

every_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)


def tree(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def imported(path: Path) -> set[str]:
    """The full names of all modules that a module imports, wherever in its text."""
    names: set[str] = set()
    for node in tree(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


def test_the_engine_was_found() -> None:
    assert {"__init__", "trainer", "stream"} <= {path.stem for path in MODULES}


@every_module
def test_a_module_imports_nothing_but_mathematics(path: Path) -> None:
    assert {name for name in imported(path) - ALLOWED if name.partition(".")[0] not in ALLOWED_PACKAGES} == set()


@every_module
def test_a_module_calls_nothing_that_reads_writes_or_runs(path: Path) -> None:
    called = {node.func.id for node in tree(path) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called & DOING == set()


@every_module
def test_a_module_draws_no_random_numbers_from_numpy_and_reads_no_files_with_it(path: Path) -> None:
    used = {
        node.attr
        for node in tree(path)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy")
    }
    assert used & {"random", "load", "save", "loadtxt", "savetxt", "fromfile", "memmap"} == set()

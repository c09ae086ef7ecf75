"""The engine is mathematics: it reads no file but its own, no clock and no network, and draws no numbers by itself."""

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
    "copy",  # of values, in memory
    "csv",
    "dataclasses",
    "difflib",
    "functools",
    "hashlib",  # makes a key of a text
    "html",
    "html.entities",
    "importlib",  # finds the table of an unpickled entry
    "itertools",
    "json",
    "math",
    "quopri",  # quoted-printable, of texts
    "re",
    "string",
    "struct",
    "sys",  # the modules that are loaded
    "typing",
    "urllib.parse",  # quoting, no request
    "weakref",
    "zlib",
}
ALLOWED_ALONE = {
    "tape": {"collections", "contextlib", "os"},  # the environment says whether tapes are used
    "archive": {"importlib.resources"},  # the images that the package carries, which are the same everywhere
}
ALLOWED_PACKAGES = {"annotated_types", "engine", "numpy", "pydantic", "pydantic_core"}
REFUSED = {"numpy.random"}  # nothing of it is to be had by a name of its own; see below
DOING = {"breakpoint", "compile", "eval", "exec", "input", "open", "print", "__import__"}

WITH_SIDE_EFFECTS = {"random", "load", "save", "loadtxt", "savetxt", "fromfile", "memmap"}

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


def dotted(node: ast.AST) -> str:
    """A name with attributes as it is written, or nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def test_the_engine_was_found() -> None:
    assert {"__init__", "trainer", "random_stream"} <= {path.stem for path in MODULES}


@every_module
def test_a_module_imports_nothing_but_mathematics(path: Path) -> None:
    assert {
        name
        for name in imported(path) - ALLOWED - ALLOWED_ALONE.get(path.stem, set())
        if name.partition(".")[0] not in ALLOWED_PACKAGES
    } == set()
    assert imported(path) & REFUSED == set()


@every_module
def test_a_module_calls_nothing_that_reads_writes_or_runs(path: Path) -> None:
    called = {node.func.id for node in tree(path) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called & DOING == set()


@every_module
def test_a_module_draws_no_random_numbers_from_numpy_and_reads_no_files_with_it(path: Path) -> None:
    names = {name for node in tree(path) if (name := dotted(node)).startswith(("np.", "numpy."))}
    used = {name for name in names if name.split(".")[1] in WITH_SIDE_EFFECTS}
    # Philox is a pure function of a key and a place: `random_draws` keys it by a text, so that an epoch's order and an
    # update's dropout are the same in every run, and nothing has to be remembered from one draw to the next.
    allowed = {"np.random", "np.random.Philox"} if path.stem == "random_draws" else set()
    assert used <= allowed

"""The plan of the code: who may import whom, no circles, and how large folders, files and functions may be.

Imports that only type checkers see (`if TYPE_CHECKING`, `import('...')` in JSDoc) count like all others.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from tests.server import ROOT

PYTHON = """
playground.ownership
playground.remote
engine.numbers engine.scalars engine.names
engine.errors
engine.tables
engine.copying
engine.random_stream engine.random_draws
engine.data
engine.images
engine.config
engine.link engine.tapes
engine.training
engine.snapshot
engine.pictures
engine.trainer
engine.state engine.restarts
engine
app
app.settings app.logs app.process
app.tabular
app.explain app.wire app.http
app.metrics app.live app.exports
app.store
app.schemas
app.search
app.worker app.sessions app.runs
app.client app.lessons
app.api
app.page
app.server
app.doctor
app.commands
app.cli
playground
"""
"""From the ground up: a package imports what stands above it, and within its own line nothing but itself."""
SCRIPTS = """
draw wire
state
controls
network plane chart images
lessons inspector gallery page
owndata sweeps
"""
"""The same for the folders of static/."""
FRAMEWORK = {"app.http", "app.api", "app.lessons", "app.page", "app.sessions", "app.server"}
"""Only these know FastAPI and Starlette."""
WITHOUT_WORLD = {"app.live", "app.wire", "engine"}
WORLD = {"asyncio", "socket", "time", "threading", "subprocess", "fastapi", "uvicorn", "websockets"}
"""No run of a page has a socket, a clock or a thread of its own."""
MOST_MODULES, LONGEST_FILE, LONGEST_FUNCTION = 15, 320, 45

ORDER = {name: place for place, line in enumerate(PYTHON.split("\n")) for name in line.split()}
FOLDERS = {name: place for place, line in enumerate(SCRIPTS.split("\n")) for name in line.split()}
MODULES = sorted(path for top in ("engine", "app", "playground") for path in (ROOT / top).rglob("*.py"))
SCRIPT_FILES = sorted((ROOT / "static").rglob("*.js"))


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room(module: str) -> str:
    """The longest name of the plan that a module stands below."""
    return max((name for name in ORDER if module == name or module.startswith(f"{name}.")), key=len, default=module)


@cache
def names() -> frozenset[str]:
    return frozenset(map(dotted, MODULES))


@cache
def imported(path: Path) -> frozenset[str]:
    """All modules that a module imports, wherever in its text; those of ours by their own names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & names() or {node.module}
    return frozenset(found - {dotted(path)})


def circle(graph: dict[str, set[str]]) -> list[str]:
    """The nodes of some circle, or none: what is left when nodes without a way out are taken away."""
    left = {node: set(ways) & graph.keys() for node, ways in graph.items()}
    while ends := {node for node, ways in left.items() if not ways}:
        left = {node: ways - ends for node, ways in left.items() if node not in ends}
    return sorted(left)


every_module = pytest.mark.parametrize("path", MODULES, ids=dotted)


@every_module
def test_a_module_imports_only_what_stands_above_its_package_in_the_plan(path: Path) -> None:
    own = room(dotted(path))
    assert own in ORDER, f"{own} has no place in the plan"
    for module in imported(path):
        other = room(module)
        if module.split(".")[0] in ("engine", "app", "playground") and other != own:
            assert ORDER[other] < ORDER[own], f"{dotted(path)} imports {module}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle({dotted(path): set(imported(path)) & names() for path in MODULES}) == []


@every_module
def test_only_what_serves_knows_the_framework_and_only_processes_know_the_world(path: Path) -> None:
    own, roots = room(dotted(path)), {module.split(".")[0] for module in imported(path)}
    if own not in FRAMEWORK:
        assert not roots & {"fastapi", "starlette"}, f"{dotted(path)} imports the framework"
    if own in WITHOUT_WORLD or own.startswith("engine."):
        assert not roots & WORLD, f"{dotted(path)} imports {roots & WORLD}"


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@every_module
def test_files_and_functions_are_short(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= LONGEST_FILE
    for function in functions(path):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        assert length <= LONGEST_FUNCTION or "/commands/" in str(path), f"{function.name} has {length} lines"


@pytest.mark.parametrize("folder", sorted({path.parent for path in (*MODULES, *SCRIPT_FILES)}), ids=str)
def test_a_folder_has_few_modules(folder: Path) -> None:
    found = [path for path in folder.iterdir() if path.suffix in (".py", ".js") and path.stem != "__init__"]
    assert len(found) <= MOST_MODULES


@pytest.mark.parametrize("package", sorted({path.parent for path in MODULES}), ids=str)
def test_a_package_opens_with_what_lives_there(package: Path) -> None:
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8")))
    assert docstring
    assert len(docstring) > 40


IMPORTS = re.compile(r"^import [^;]*? from '([^']+)';|\bimport\('([^']+)'\)", re.MULTILINE)
"""Of values, and of types in comments."""


def scripts_of(path: Path) -> Iterator[str]:
    """What a script imports, as paths below static/."""
    here = PurePosixPath(path.relative_to(ROOT / "static").as_posix()).parent
    for value, type_ in IMPORTS.findall(path.read_text(encoding="utf-8")):
        yield posixpath.normpath(f"{here}/{value or type_}")


@pytest.mark.parametrize("path", SCRIPT_FILES, ids=lambda path: str(path.relative_to(ROOT / "static")))
def test_a_script_imports_only_what_stands_above_its_folder_in_the_plan(path: Path) -> None:
    own = path.relative_to(ROOT / "static").parts[0]
    for target in scripts_of(path):
        other = target.split("/")[0]
        if own in FOLDERS and other != own:
            assert FOLDERS[other] < FOLDERS[own], f"{own}/{path.name} imports {target}"


@pytest.mark.parametrize("path", SCRIPT_FILES, ids=lambda path: str(path.relative_to(ROOT / "static")))
def test_a_script_is_short(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= LONGEST_FILE


def test_no_scripts_import_each_other_in_a_circle() -> None:
    names_ = {path.relative_to(ROOT / "static").as_posix(): path for path in SCRIPT_FILES}
    assert circle({name: set(scripts_of(path)) for name, path in names_.items()}) == []

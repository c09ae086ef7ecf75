"""Bundles the page's modules into one script, so that it loads with one request."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping

from engine.errors import InputError, Problem

IMPORT = re.compile(r"^import \{([^}]*)\} from '(\.{1,2}/[\w./-]+)\.js';\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?function|class|const)", re.MULTILINE)
DOCUMENTATION = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)
"""A comment with types on lines of its own: a quarter of a script, which no browser needs."""
LEFT = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


def joined(sources: Mapping[str, str], main: str) -> str:
    """A module that does what `main` does, from the modules that it imports, each in a scope of its own.

    Modules are named by their path below the folder, without the ending. They import and export by name only and do not
    import each other in a circle; ValueError where they do.
    """
    order: list[str] = []
    _visit(sources, main, order, [])
    wanted: dict[str, set[str]] = {name: set() for name in order}  # what others import of each
    for name in order:
        for names, path in IMPORT.findall(sources[name]):
            wanted[_resolved(name, path)] |= set(re.findall(r"[\w$]+", names))
    return "\n".join(_scoped(name, sources[name], sorted(wanted[name])) for name in order)


def _visit(sources: Mapping[str, str], name: str, order: list[str], above: list[str]) -> None:
    """Add a module behind all that it imports."""
    if name in above:
        raise InputError(Problem("modules", "no circle", " -> ".join([*above, name])))
    if name in order:
        return
    for _, path in IMPORT.findall(sources[name]):
        _visit(sources, _resolved(name, path), order, [*above, name])
    order.append(name)


def _resolved(name: str, path: str) -> str:
    """The module that an import of `path` in the module `name` means."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _constant(name: str) -> str:
    """The name of the constant that holds a module."""
    return "$" + name.replace("/", "_").replace("-", "_")


def _scoped(name: str, source: str, wanted: Iterable[str]) -> str:
    """A module as a constant that holds what others want of it."""
    imported = IMPORT.sub(lambda found: f"const {{{found[1]}}} = {_constant(_resolved(name, found[2]))};\n", source)
    body = DOCUMENTATION.sub("", EXPORT.sub("", imported))
    if left := LEFT.search(body):
        raise InputError(Problem(f"{name}.js", "imports and exports by name", f"{left[0]!r}"))
    return f"const {_constant(name)} = (() => {{\n{body}\nreturn {{ {', '.join(wanted)} }};\n}})();\n"

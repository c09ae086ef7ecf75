"""The import lines of a script, for what its code uses."""

from __future__ import annotations

import ast
from collections.abc import Mapping

STANDARD: Mapping[str, list[str]] = {"hashlib": [], "math": [], "itertools": ["count", "islice"]}
"""Modules of Python, each with what scripts import from it: nothing for the module itself."""


def imports(code: str, modules: Mapping[str, list[str]]) -> str:
    """What some code needs of Python's modules and of others, as a linter wants it sorted."""
    used = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    sections = (_section(used, section) for section in (STANDARD, modules))
    return "\n\n".join(section for section in sections if section)


def _section(used: set[str], modules: Mapping[str, list[str]]) -> str:
    """Whole modules, by the name that code has for them, and then parts of modules."""
    whole = [f"import {module}" for module in modules if module.split()[-1] in used]
    parts = {module: [name for name in names if name in used] for module, names in modules.items()}
    return "\n".join(
        [*whole, *(f"from {module} import {', '.join(names)}" for module, names in parts.items() if names)]
    )

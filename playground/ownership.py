"""Makes sure that `engine` and `app` are this project's, whatever stands beside the script that imports them.

The two names are so general that a person may have modules of their own under them: `app.py` is every web project's.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

OWN = Path(__file__).resolve().parents[1]


def claim(name: str) -> None:
    """Import a package of ours by its place; ImportError where another module has its name already."""
    found = sys.modules.get(name)
    if found is None:
        spec = PathFinder.find_spec(name, [str(OWN)])
        if spec is None or spec.loader is None:
            raise ImportError(f"playground: expected its package {name} in {OWN}, got none")
        found = sys.modules[name] = module_from_spec(spec)
        try:
            spec.loader.exec_module(found)
        except BaseException:
            del sys.modules[name]
            raise
    place = Path(found.__file__ or "").resolve()
    if place.parent.parent != OWN:
        raise ImportError(
            f"playground: expected {name} to be its own package, got {place}. "
            "Rename that file, or import playground first."
        )


for package in ("engine", "app"):
    claim(package)

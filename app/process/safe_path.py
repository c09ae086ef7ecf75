"""Where this process and those that it starts import from: Python's own modules and the installed ones come first.

Without this a file in the working directory, or in a folder of PYTHONPATH, would take the place of any module of that
name. Nothing but `os` and `sys`, which Python has loaded by then, may be imported before it is done.
"""

from __future__ import annotations

import os
import sys

OWN = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))  # noqa: PTH100, PTH118, PTH120 - pathlib is not safe yet


def seal() -> None:
    """Let the working directory and PYTHONPATH take no module's place, in this process and in those it starts."""
    sys.path[:] = sealed(sys.path)
    os.environ.pop("PYTHONPATH", None)  # `sealed` has its folders at the end by now
    os.environ["PYTHONSAFEPATH"] = "1"


def sealed(path: list[str]) -> list[str]:
    """A module search path without the folder that Python puts before it, our own before all that is installed, and
    that of PYTHONPATH at its end."""
    named = {_absolute(entry) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry}
    rest = [entry for entry in path[_is_implied(path) :] if entry]
    installed = [entry for entry in rest if _absolute(entry) not in named]
    ours = (place for place, entry in enumerate(installed) if entry == OWN or entry.endswith("-packages"))
    place = next(ours, len(installed))
    others = [entry for entry in (*installed[place:], *rest) if entry != OWN and entry not in installed[:place]]
    return [*installed[:place], OWN, *dict.fromkeys(others)]


def _is_implied(path: list[str]) -> bool:
    """Whether the first entry is the working directory or the program's folder, which was not set on purpose."""
    if sys.flags.safe_path or not path:
        return False
    return _absolute(path[0]) in (_absolute(""), os.path.dirname(_absolute(sys.argv[0])))  # noqa: PTH120


def _absolute(entry: str) -> str:
    try:
        return os.path.abspath(entry)  # noqa: PTH100
    except OSError:  # the working directory is gone
        return entry

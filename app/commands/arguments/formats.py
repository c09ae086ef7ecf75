"""The format that a model is written in: the one that is named, or that of its file's ending."""

from __future__ import annotations

from pathlib import Path

from app.commands.terminal.exit_codes import note, refuse

USUAL = "json"


def chosen(named: str | None, output: Path | None) -> str:
    """The name of the format; ends the program with a sentence where there is none, or where a name and an ending
    contradict each other."""
    from app.exports import FORMATS
    from engine.errors import Problem, shown

    if named is not None and named not in FORMATS:
        refuse(Problem("format", f"one of {', '.join(FORMATS)}", shown(named)))
    if output is None:
        return named or USUAL
    fitting = _fitting(output)
    if named is None:
        return _by_ending(fitting, output)
    if fitting and named not in fitting:
        refuse(Problem("format", f"{' or '.join(fitting)}, which the ending of {output.name} stands for", shown(named)))
    return named


def _fitting(output: Path) -> list[str]:
    """The formats whose files have this ending; those that the whole ending names, where there are such."""
    from app.exports import FORMATS

    name, endings = output.name.lower(), {key: one.suffix for key, one in FORMATS.items()}
    whole = [key for key, ending in endings.items() if name.endswith(ending)]
    return whole or [key for key, ending in endings.items() if output.suffix and name.endswith(_last(ending))]


def _last(ending: str) -> str:
    """The ending that several formats may share: .py of _numpy.py."""
    return ending[ending.rindex(".") :]


def _by_ending(fitting: list[str], output: Path) -> str:
    from app.exports import FORMATS
    from engine.errors import Problem, shown

    if not fitting:
        endings = ", ".join(dict.fromkeys(_last(one.suffix) for one in FORMATS.values()))
        refuse(Problem("output", f"a file ending in {endings}, or --format beside it", shown(str(output))))
    first, *others = fitting
    if others:
        note(f"{output.name} is written as {first}; --format {' or '.join(others)} writes another kind of script.")
    return first

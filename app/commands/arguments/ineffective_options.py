"""Options that would have no effect: they are refused, because who gives one expects something of it."""

from __future__ import annotations

from app.commands.terminal.exit_codes import refuse


def require(option: str, given: object, present: object, needed: str) -> None:
    """Refuse an option that is given without what it needs to have an effect."""
    if _is_given(given) and not _is_given(present):
        _refuse(option, needed, "none")


def refuse_together(reason: str, **given: object) -> None:
    """Refuse options that have no effect beside something else: `reason` says beside what, and why."""
    for name, value in given.items():
        if _is_given(value):
            _refuse(name.replace("_", "-"), f"nothing beside {reason}", _text(value))


def _is_given(value: object) -> bool:
    return value is not None and value is not False and value != []


def _text(value: object) -> str:
    if value is True:
        return "it"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _refuse(option: str, expected: str, got: str) -> None:
    from engine.errors import Problem

    refuse(Problem(option, expected, got))

"""`runs edit` and `sweeps edit`: names, tags and notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.commands.terminal.columns import Column
from app.commands.terminal.exit_codes import refuse

if TYPE_CHECKING:
    from app.client import Run, Sweep
    from app.schemas.run_view import RunView
    from app.schemas.sweep_view import SweepView


def edit(
    thing: Run | Sweep, name: str | None, tag: list[str] | None, untag: list[str] | None, note: str | None
) -> None:
    """Change what a run or a sweep is called; ends the program with a sentence where nothing is to be changed."""
    from engine.errors import Problem, shown

    if name is None and note is None and not tag and not untag:
        refuse(Problem("edit", "--name, --tag, --untag or --note", "none of them"))
    has = thing.view.tags
    for word in untag or []:
        if word not in has:
            refuse(Problem("untag", f"one of its tags ({', '.join(has) or 'it has none'})", shown(word)))
    tags = [*(word for word in has if word not in (untag or [])), *(word for word in tag or [] if word not in has)]
    thing.edit(name=name, tags=tags if tag or untag else None, note=note)


def given(name: str | None, tag: list[str] | None, note: str | None) -> dict[str, Any]:
    """What something is to be called from the start, as the client takes it."""
    return {"name": name or "", "tags": tag or [], "note": note or ""}


def columns(views: Sequence[RunView | SweepView]) -> list[Column]:
    """The names and tags of a list, where there are any."""
    names = Column("name", [one.name for one in views], 1, min_width=8)
    found = [names, Column("tags", [", ".join(one.tags) for one in views], 3)]
    return [column for column in found if any(column.cells)]

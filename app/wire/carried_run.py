"""A run as its page carries it, so that a server which has never heard of it can continue it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.wire.limits import SPEEDS
from app.wire.saved_run import Fields, LossRows
from engine.tables import OneOf

MAX_CARRIED = 400_000
"""Characters of a run that is handed to its page; one that takes more is not carried."""

Count = Annotated[int, Field(strict=True, ge=0, le=2**53)]
State = Annotated[str, Field(max_length=MAX_CARRIED)]


class CarriedUndo(BaseModel):
    """What undo goes back to: a configuration, and its network where the last change replaced that."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: Literal["settings", "weights", "network", "data"]
    config: Fields
    state: State | None = None
    history: LossRows = []


class CarriedRun(BaseModel):
    """A run between two turns. It is checked as an opened file is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    taken: Count = 0
    """The number of the last control of the page that it holds."""
    version: Count
    run: Count
    """The numbers of its configuration and of its network, as frames have them."""
    config: Fields
    state: State
    """As `engine.state` writes it."""
    history: LossRows = []
    """The page puts in the losses that it has."""
    speed: Annotated[str, OneOf(SPEEDS)]
    playing: Annotated[bool, Field(strict=True)]
    stop_target: tuple[Literal["epoch", "updates"], Count] | None = None
    """The counter and the value at which a step ends."""
    undo: CarriedUndo | None = None

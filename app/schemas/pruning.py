"""Pruning: which runs of a sweep are ended early, and at which epochs that is decided."""

from __future__ import annotations

import math
from itertools import count, takewhile
from typing import Annotated, Literal

from pydantic import Field, model_validator

from app.schemas.run_request import Count, Request
from engine.errors import InputError, Problem

CHECKS = 10
"""At how many epochs the median rule checks a run where nothing is said."""
FACTOR, RUNGS = 3, 3
"""Of successive halving, where nothing is said: one run in so many goes on, so many times."""
STARTUP = 5
RULES = {"median": "the median rule", "halving": "successive halving"}


class Pruning(Request):
    """How runs are ended that do worse than others were at the same epoch, by their objective.

    The median rule ends what is worse than the median of the runs that were trained to their ends. Successive halving
    ends all but the best of those that have come as far; it is asynchronous (ASHA) and waits for no run.
    """

    kind: Literal["median", "halving"]
    warmup: Count | None = None
    """The epoch of the first decision; `every` of the median rule where it is left out, and of successive halving about
    a 27th of all epochs."""
    every: Count | None = None
    """Of the median rule: how many epochs lie between two decisions; a tenth of all where it is left out."""
    startup: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None
    """Of the median rule: how many runs are trained to their ends before any is pruned; 5 where it is left out."""
    factor: Annotated[int, Field(strict=True, ge=2, le=100)] | None = None
    """Of successive halving: one run in so many goes on to so many times the epochs; 3 where it is left out."""

    @model_validator(mode="after")
    def _fits(self) -> Pruning:
        if self.kind == "median" and self.factor is not None:
            raise ValueError("no factor for the median rule, which is of successive halving")
        if self.kind == "halving" and (self.every is not None or self.startup is not None):
            raise ValueError("neither every nor startup for successive halving, which are of the median rule")
        return self

    def checked_epochs(self, epochs: int, recorded: int) -> list[int]:
        """The epochs before the last at which it is decided whether a run goes on. InputError where they are not
        among those whose losses are recorded, which are every so many, or where there is none."""
        for name, value in (("warmup", self.warmup), ("every", self.every)):
            if value and value % recorded:
                raise InputError(
                    Problem(f"prune.{name}", f"a multiple of {recorded}, which losses are recorded at", f"{value:,}")
                )
        every = self.every or _multiple(epochs / CHECKS, recorded)
        if self.kind == "median":
            found = list(range(self.warmup or every, epochs, every))
        else:
            factor = self.factor or FACTOR
            first = self.warmup or _multiple(epochs / factor**RUNGS, recorded)
            found = list(takewhile(lambda epoch: epoch < epochs, (first * factor**rung for rung in count())))
        if not found:
            raise InputError(Problem("prune", "a decision before the last epoch", f"{epochs:,} epochs in all"))
        return found


def _multiple(number: float, unit: int) -> int:
    """The least multiple of a unit, from the unit on, that is no smaller than a number."""
    return unit * max(1, math.ceil(number / unit))

"""Extends an existing sweep by more runs."""

from __future__ import annotations

import json
from collections import Counter
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from app.schemas.run_request import Request, not_too_many
from app.schemas.search_space import MAX_KEYS, Seeds, Values
from app.schemas.sweep_request import SweepRequest
from engine.errors import InputError, Problem

Members = list[tuple[dict[str, Any], dict[str, Any]]]
"""Each run's spec and place."""


class Extension(Request):
    """What to add to a sweep: samples of a search, values of a grid, or seeds."""

    samples: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None
    """How many more samples to draw: the same as a larger search would have drawn from the start."""
    grid: Annotated[dict[str, Values], BeforeValidator(not_too_many)] = Field({}, max_length=MAX_KEYS)
    """Further values of keys of its grid."""
    seeds: Seeds | None = None
    """How many more seeds, or which ones."""

    @model_validator(mode="after")
    def _something(self) -> Extension:
        if not (self.samples or self.grid or self.seeds):
            raise ValueError("samples, values of a grid, or seeds")
        return self

    def extended(self, request: SweepRequest) -> SweepRequest:
        """The sweep as if it had been asked for so from the start; InputError where it cannot have more of this."""
        changes: dict[str, Any] = {}
        if self.samples:
            changes |= self._drawn(request)
        if self.grid:
            changes["grid"] = self._values(request)
        if self.seeds:
            changes["seeds"] = self._seeds(request)
        return request.model_copy(update=changes)

    def _drawn(self, request: SweepRequest) -> dict[str, Any]:
        if request.drawn is None or not self.samples:
            raise InputError(Problem("samples", "a sweep whose places are drawn", "a grid"))
        more = request.drawn.model_copy(update={"samples": request.drawn.samples + self.samples})
        return {"search" if request.search else "random": more}

    def _values(self, request: SweepRequest) -> dict[str, list[Any]]:
        for key in self.grid:
            if key not in request.grid:
                keys = ", ".join(request.grid) or "none, because its places are drawn"
                raise InputError(Problem(f"grid.{key}", f"a key of the sweep's grid ({keys})", "another"))
        return {
            key: [*old, *(new for new in self.grid.get(key, []) if new not in old)] for key, old in request.grid.items()
        }

    def _seeds(self, request: SweepRequest) -> int | list[str]:
        if request.search:
            raise InputError(Problem("seeds", "a sweep whose places are no search that learns", "one"))
        if isinstance(self.seeds, int) and isinstance(request.seeds, int):
            return request.seeds + self.seeds
        if isinstance(self.seeds, int):
            raise InputError(Problem("seeds", "a list of seeds, as the sweep was given one", f"{self.seeds}"))
        return [*request.seeds_of(request.opened[0].seed), *(self.seeds or [])]


def further(request: SweepRequest, extended: SweepRequest, most: int) -> Members:
    """The runs that an extended sweep has beyond those that it had, so many in all at most; InputError where there
    are none or too many."""
    had = Counter(json.dumps(place) for _, place in request.members(most)[0])
    found = []
    for spec, place in extended.members(most)[0]:
        name = json.dumps(place)
        if had[name]:
            had[name] -= 1
        else:
            found.append((spec, place))
    if not found:
        raise InputError(Problem("grid", "values that the sweep does not have yet", "none"))
    return found

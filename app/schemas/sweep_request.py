"""Request bodies for sweeps: a grid, or a search."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice, product
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from app.explain.notes import notes_on
from app.schemas.pruning import Pruning
from app.schemas.run_request import Plan, not_too_many
from app.schemas.search_space import MAX_KEYS, RandomSearch, Range, Seeds, TpeSearch, Values
from engine import Config
from engine.errors import InputError, Problem, problems, with_suggestion

MAX_NOTES = 5
"""How many notes about a sweep's configurations are kept."""
DIFFERENT_LOSSES = "Different losses cannot be compared by their values: compare the runs by their scores."


class SweepRequest(Plan):
    """One run for each place of a grid or of a random search, repeated over some seeds.

    The base is either a config or a link; null is as good as left out."""

    grid: Annotated[dict[str, Values], BeforeValidator(not_too_many)] = Field({}, max_length=MAX_KEYS)
    """For each key of a configuration the values to try, in all combinations."""
    random: RandomSearch | None = None
    """Instead of a grid."""
    search: TpeSearch | None = None
    """Instead of either: samples that are chosen one after the other, by the results so far."""
    prune: Pruning | None = None
    """Whether and how runs are ended early that do worse than others."""
    seeds: Seeds = 1
    """How many seeds to repeat each combination with, the configuration's own first; or the seeds themselves."""

    @model_validator(mode="after")
    def _one_search(self) -> SweepRequest:
        if sum(map(bool, (self.grid, self.random, self.search))) > 1:
            raise ValueError("either grid, random or search")
        return self

    @property
    def drawn(self) -> RandomSearch | None:
        """What is drawn, where it is no grid."""
        return self.search or self.random

    @property
    def learns(self) -> bool:
        """Whether what its runs come to decides how it goes on."""
        return bool(self.search or self.prune)

    @property
    def keys(self) -> list[str]:
        """The keys that differ, without the seed."""
        return list(self.drawn.keys if self.drawn else self.grid)

    @property
    def checked_epochs(self) -> list[int]:
        """The epochs at which it is decided whether a run goes on; InputError where there can be none."""
        return self.prune.checked_epochs(self.epochs, self._every) if self.prune else []

    def tried(self, key: str) -> list[Any]:
        """The values of a key that runs may have: those of the search, of a range its ends, else the base's own."""
        found = (self.drawn.keys if self.drawn else self.grid).get(key)
        if isinstance(found, Range):
            return [found.low, found.high]
        return list(found) if found else [getattr(self.opened[0], key)]

    def members(self, most: int) -> tuple[list[tuple[dict[str, Any], dict[str, Any]]], list[str]]:
        """Each run's spec and place, and notes about the link and about what may surprise; InputError where a place
        is no configuration or there are too many. Where a search learns, a run has no place until its turn comes."""
        base, state, notes = self.opened
        if state:
            raise InputError(Problem("link", "no trained state for a sweep", "one"))
        _ = self.checked_epochs  # refuses what cannot be
        tried = [_at(base, place) for place in self.search.ends()] if self.search else []
        made = [(_at(base, place), place) for place in islice(self._places(base), most + 1)]
        if len(made) > most:
            raise InputError(Problem("sweep", f"at most {most:,} runs", "more"))
        tried += [config for config, _ in made]
        surprises = [DIFFERENT_LOSSES] if len({config.loss_name for config in tried}) > 1 else []
        surprises += dict.fromkeys(note for config in tried for note in notes_on(config))
        return [(self.spec(config), place) for config, place in made], [*notes, *surprises[:MAX_NOTES]]

    def repeated(self, place: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """The spec and place of the run with each seed at a place that was chosen; InputError where it is no
        configuration."""
        base, _, _ = self.opened
        places = [{**place, "seed": place.get("seed", seed)} for seed in self.seeds_of(base.seed)]
        return [(self.spec(_at(base, place)), place) for place in places]

    def _places(self, base: Config) -> Iterator[dict[str, Any]]:
        seeds = self.seeds_of(base.seed)
        if self.search:
            yield from ({} for _ in range(self.search.samples * len(seeds)))
            return
        if self.random:
            found: Iterator[dict[str, Any]] = self.random.places()
        else:
            found = (dict(zip(self.grid, values, strict=True)) for values in product(*self.grid.values()))
        yield from ({**place, "seed": place.get("seed", seed)} for place in found for seed in seeds)

    def seeds_of(self, own: str) -> list[str]:
        """The seeds that each place is repeated with; `own` is the configuration's."""
        if isinstance(self.seeds, list):
            return self.seeds
        return [own, *(f"{own}-{number}" for number in range(2, self.seeds + 1))]


def _at(base: Config, place: dict[str, Any]) -> Config:
    """The base with a place's values; InputError names the key and the value that cannot be."""
    unknown = [key for key in place if key not in Config.model_fields]
    if unknown:
        got = with_suggestion(unknown[0], Config.model_fields)
        raise InputError(Problem(unknown[0], "the name of a key of a configuration", got))
    try:
        # By way of JSON, which is where the values come from: a list there is a tuple here.
        return Config.model_validate_json(json.dumps({**base.model_dump(mode="json"), **place}))
    except ValidationError as error:
        raise InputError(*problems(error)) from None

"""What may be asked of the HTTP API for a sweep: a grid, or places at random."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice, product
from random import Random
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, ValidationError, model_validator

from app.remarks import remarks
from app.requests import Plan, Request, RequestError, not_too_many
from engine import Config
from engine.problems import Problem, problems, shown

MAX_VALUES, MAX_KEYS, MAX_SEEDS = 100, 6, 100
MAX_NOTES = 5
"""What is told of a sweep's configurations, which may surprise in as many ways as there are of them."""
DIFFERENT_LOSSES = "Different losses cannot be compared by their values: compare the runs by their scores."

Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]


class Range(Request):
    """Numbers between two ends."""

    low: Finite
    high: Finite
    log: Flag = False
    """Whether to draw evenly in the logarithm, as learning rates want it."""
    whole: Flag = False
    """Whether only whole numbers."""

    @model_validator(mode="after")
    def _ends(self) -> Range:
        if self.low > self.high or (self.log and self.low <= 0):
            raise ValueError("low at most high, and above 0 where log is true")
        return self

    def draw(self, random: Random) -> float:
        """A number from it."""
        part = random.random()
        # Weighed so, because the difference of the ends may be beyond all numbers.
        low, high = self.low, self.high
        value = low ** (1 - part) * high**part if self.log else low * (1 - part) + high * part
        value = min(max(value, self.low), self.high)
        return round(value) if self.whole else float(f"{value:.6g}")


def _one_or_list(value: object) -> str:
    """Which of two kinds a value is meant to be, so that errors are about that one alone."""
    return "list" if isinstance(value, list) else "one"


Values = Annotated[list[Any], Field(min_length=1, max_length=MAX_VALUES)]
RangeOrValues = Annotated[Annotated[Range, Tag("one")] | Annotated[Values, Tag("list")], Discriminator(_one_or_list)]
Seed = Annotated[str, Field(max_length=60)]
Seeds = Annotated[
    Annotated[int, Field(strict=True, ge=1, le=MAX_SEEDS), Tag("one")]
    | Annotated[list[Seed], Field(min_length=1, max_length=MAX_SEEDS, fail_fast=True), Tag("list")],
    Discriminator(_one_or_list),
]


class RandomSearch(Request):
    """Places drawn at random instead of all of a grid."""

    samples: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    """How many places."""
    keys: Annotated[dict[str, RangeOrValues], Field(min_length=1, max_length=MAX_KEYS), BeforeValidator(not_too_many)]
    """For each key a range or a list of values to draw from."""
    seed: Seed = "0"
    """The text that keys the draw: the same one draws the same places."""

    def places(self) -> Iterator[dict[str, Any]]:
        """The places."""
        random = Random(self.seed)
        for _ in range(self.samples):
            yield {
                key: values.draw(random) if isinstance(values, Range) else random.choice(values)
                for key, values in self.keys.items()
            }


class SweepRequest(Plan):
    """One run for each place of a grid or of a random search, repeated over some seeds.

    The base is either a config or a link; null is as good as left out."""

    grid: Annotated[dict[str, Values], BeforeValidator(not_too_many)] = Field({}, max_length=MAX_KEYS)
    """For each key of a configuration the values to try; all combinations are."""
    random: RandomSearch | None = None
    """Instead of a grid."""
    seeds: Seeds = 1
    """How many seeds to repeat each place with, or the seeds. The first of so many is the configuration's own."""

    @model_validator(mode="after")
    def _one_search(self) -> SweepRequest:
        if self.random and self.grid:
            raise ValueError("either grid or random")
        return self

    @property
    def keys(self) -> list[str]:
        """The keys that differ, without the seed."""
        return list(self.random.keys if self.random else self.grid)

    def tried(self, key: str) -> list[Any]:
        """The values of a key that runs may have: those of the search, of a range its ends, else the base's own."""
        found = (self.random.keys if self.random else self.grid).get(key)
        if isinstance(found, Range):
            return [found.low, found.high]
        return list(found) if found else [getattr(self.opened[0], key)]

    def members(self, most: int) -> tuple[list[tuple[dict[str, Any], dict[str, Any]]], list[str]]:
        """Each run's spec and place, and what about them may surprise; RequestError where a place is no configuration
        or there are too many."""
        base, state, _ = self.opened
        if state:
            raise RequestError(Problem("link", "no trained state for a sweep", "one"))
        made = [(_at(base, place), place) for place in islice(self._places(base), most + 1)]
        if len(made) > most:
            raise RequestError(Problem("sweep", f"at most {most:,} runs", "more"))
        notes = [DIFFERENT_LOSSES] if len({config.loss_name for config, _ in made}) > 1 else []
        notes += dict.fromkeys(note for config, _ in made for note in remarks(config))
        return [(self.spec(config), place) for config, place in made], notes[:MAX_NOTES]

    def _places(self, base: Config) -> Iterator[dict[str, Any]]:
        seeds = self._seeds(base.seed)
        if self.random:
            found: Iterator[dict[str, Any]] = self.random.places()
        else:
            found = (dict(zip(self.grid, values, strict=True)) for values in product(*self.grid.values()))
        return ({**place, "seed": place.get("seed", seed)} for place in found for seed in seeds)

    def _seeds(self, own: str) -> list[str]:
        if isinstance(self.seeds, list):
            return self.seeds
        return [own, *(f"{own}-{number}" for number in range(2, self.seeds + 1))]


def _at(base: Config, place: dict[str, Any]) -> Config:
    """The base with a place's values; RequestError names the key and the value that cannot be."""
    unknown = [key for key in place if key not in Config.model_fields]
    if unknown:
        raise RequestError(Problem("keys", "keys of a configuration", shown(unknown[0])))
    try:
        # By way of JSON, which is where the values come from: a list there is a tuple here.
        return Config.model_validate_json(json.dumps({**base.model_dump(mode="json"), **place}))
    except ValidationError as error:
        raise RequestError(*problems(error)) from None

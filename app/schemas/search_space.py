"""The search space of a sweep: ranges, and samples drawn at random or by TPE."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from app.schemas.run_request import Request, not_too_many

MAX_VALUES, MAX_KEYS, MAX_SEEDS = 100, 6, 100

Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]


class Range(Request):
    """Numbers between two ends."""

    low: Finite
    high: Finite
    log: Flag = False
    """Whether to draw evenly in the logarithm, which suits learning rates."""
    whole: Flag = False
    """Whether only whole numbers."""

    @model_validator(mode="after")
    def _ends(self) -> Range:
        if self.low > self.high or (self.log and self.low <= 0):
            raise ValueError("low at most high, and above 0 where log is true")
        if self.whole and not (self.low.is_integer() and self.high.is_integer()):
            raise ValueError("whole numbers as low and high where whole is true")
        return self

    def draw(self, random: Random) -> float:
        """A number from it."""
        part = random.random()
        # Weighed so, because the difference of the ends may be beyond all numbers.
        low, high = self.low, self.high
        value = low ** (1 - part) * high**part if self.log else low * (1 - part) + high * part
        value = min(max(value, self.low), self.high)
        return round(value) if self.whole else float(f"{value:.6g}")

    def end(self, value: float) -> float:
        """An end as a value that may be drawn."""
        return int(value) if self.whole else value


def _one_or_list(value: object) -> str:
    """Which of two kinds a value is meant to be, so that errors are about that one alone; brackets keep
    the kind out of their fields."""
    return "[list]" if isinstance(value, list) else "[one]"


Values = Annotated[list[Any], Field(min_length=1, max_length=MAX_VALUES)]
RangeOrValues = Annotated[
    Annotated[Range, Tag("[one]")] | Annotated[Values, Tag("[list]")], Discriminator(_one_or_list)
]
Seed = Annotated[str, Field(max_length=60)]
Seeds = Annotated[
    Annotated[int, Field(strict=True, ge=1, le=MAX_SEEDS), Tag("[one]")]
    | Annotated[list[Seed], Field(min_length=1, max_length=MAX_SEEDS, fail_fast=True), Tag("[list]")],
    Discriminator(_one_or_list),
]


class RandomSearch(Request):
    """Random samples instead of a grid."""

    samples: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    """How many samples."""
    keys: Annotated[dict[str, RangeOrValues], Field(min_length=1, max_length=MAX_KEYS), BeforeValidator(not_too_many)]
    """For each key a range or a list of values to draw from."""
    seed: Seed = "0"
    """The seed of the draw: any text."""

    def places(self) -> Iterator[dict[str, Any]]:
        """The places."""
        random = Random(self.seed)
        for _ in range(self.samples):
            yield {
                key: values.draw(random) if isinstance(values, Range) else random.choice(values)
                for key, values in self.keys.items()
            }


class TpeSearch(RandomSearch):
    """Places by the tree-structured Parzen estimator (TPE) of Optuna: each is drawn where the runs before it did
    well. The same seed draws the same places as long as the runs end in the same order, as they do in one process."""

    kind: Literal["tpe"]
    startup: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 10
    """How many samples are drawn at random first."""

    def ends(self) -> Iterator[dict[str, Any]]:
        """Each value of each key alone, of a range its ends."""
        for key, values in self.keys.items():
            found = [values.end(values.low), values.end(values.high)] if isinstance(values, Range) else values
            yield from ({key: value} for value in found)

"""What may be asked of the HTTP API for scripted runs: a run, a sweep."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import islice, product
from random import Random
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)
from pydantic.config import JsonDict

from app.messages import MAX_LINK
from app.remarks import count, remarks
from app.task import describe
from engine import Config, parse_link, trainer_at
from engine.problems import Problem, problems, shown

MAX_EPOCHS = 10_000_000
MAX_ROWS, MAX_SNAPSHOTS = 10_000, 100
ROWS = 1_000
"""How many losses are recorded at most where nothing is said."""
MAX_VALUES, MAX_KEYS, MAX_SEEDS = 100, 6, 100
MAX_FIELDS = 100
"""More are refused as a whole, because naming each would take long."""
MAX_NOTES = 5
"""What is told of a sweep's configurations, which may surprise in as many ways as there are of them."""
DIFFERENT_LOSSES = "Different losses cannot be compared by their values: compare the runs by their scores."

Count = Annotated[int, Field(strict=True, ge=1, le=MAX_EPOCHS)]
Above = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]
ONE_SOURCE: JsonDict = {"oneOf": [{"required": ["config"]}, {"required": ["link"]}]}


class RequestError(ValueError):
    """A request that cannot be met, for these reasons."""

    def __init__(self, *found: Problem) -> None:
        super().__init__(" ".join(map(str, found)))
        self.problems = found


def _not_too_many(value: object) -> object:
    if isinstance(value, dict) and len(value) > MAX_FIELDS:
        raise ValueError(f"at most {MAX_FIELDS} fields")
    return value


class Request(BaseModel):
    """Anything that may be asked."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _has_few_fields(cls, value: object) -> object:
        return _not_too_many(value)


class StopRule(Request):
    """When to end before the last epoch: as soon as one of these is met."""

    train_loss: Above | None = None
    """End after an epoch whose training loss is under this."""
    test_loss: Above | None = None
    """End after an epoch whose test loss is under this."""
    validation_loss: Above | None = None
    """End after an epoch whose validation loss is under this; early stopping is the configuration's `patience`."""
    seconds: Above | None = None
    """End when the training has taken about so many seconds."""

    def check(self, config: Config) -> None:
        """RequestError where it asks for something that a run of this configuration does not have."""
        if self.validation_loss and not count(config, config.percValidationData):
            expected = "a configuration with points that validate (percValidationData)"
            raise RequestError(Problem("stop.validation_loss", expected, "none of them"))


class Recording(Request):
    """What to keep on the way."""

    losses: Count | None = None
    """Keep losses and scores at epoch 0 and every so many epochs; where it is left out, every 1, 2, 5, 10, ... epochs,
    as makes at most 1,000 rows. At most 10,000 rows are kept."""
    snapshots: Count | None = None
    """Keep the trained state at epoch 0 and every so many epochs, at most 100 times; none where it is left out."""


class Plan(Request):
    """What a run and each run of a sweep are told."""

    model_config = ConfigDict(json_schema_extra=ONE_SOURCE)

    config: Annotated[Config, BeforeValidator(_not_too_many)] | None = None
    """A configuration; what is left out is at its default."""
    link: Annotated[str, Field(max_length=MAX_LINK)] | None = None
    """A playground link instead, whole or what follows its #. Trained weights in it are gone on with."""
    epochs: Count = 100
    """The last epoch to train to."""
    stop: StopRule = StopRule()
    record: Recording = Recording()

    @model_validator(mode="after")
    def _one_source(self) -> Plan:
        if (self.config is None) == (self.link is None):
            raise ValueError("either config or link")
        return self

    @property
    def opened(self) -> tuple[Config, str, list[str]]:
        """The configuration, the trained state that it begins at, or nothing, and notes about the link."""
        if self.config:
            return self.config, "", []
        config, notes, state = parse_link(self.link or "")
        return config, state, notes

    def spec(self, config: Config) -> dict[str, Any]:
        """What the store keeps of a run with this configuration; RequestError where too much is to be recorded, or it
        is to stop by something that it does not have."""
        self.stop.check(config)
        record: dict[str, int | None] = {"losses": self._every, "snapshots": self.record.snapshots}
        for name, most in (("losses", MAX_ROWS), ("snapshots", MAX_SNAPSHOTS)):
            every = record[name]
            if every and self.epochs / every > most:
                least = math.ceil(self.epochs / most)
                raise RequestError(
                    Problem(f"record.{name}", f"at least {least} for {self.epochs:,} epochs", str(every))
                )
        return {
            "config": config.model_dump(mode="json"),
            "epochs": self.epochs,
            "stop": self.stop.model_dump(exclude_none=True),
            "record": record,
        }

    @property
    def _every(self) -> int:
        if self.record.losses:
            return self.record.losses
        steps = [digit * int(10**power) for power in range(8) for digit in (1, 2, 5)]
        return next(step for step in steps if self.epochs <= step * ROWS)


class RunRequest(Plan):
    """A run to be trained."""

    def begin(self) -> tuple[str, dict[str, Any] | None]:
        """The state to begin at and where that is; RequestError where it is none of the configuration's."""
        config, state, _ = self.opened
        if not state:
            return "", None
        try:
            trainer = trainer_at(config, state)
        except ValueError as error:
            raise RequestError(Problem.of(error)) from None
        if trainer.epoch >= self.epochs:
            raise RequestError(Problem("epochs", f"more than the {trainer.epoch} of the state", str(self.epochs)))
        return state, describe(trainer)


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
    keys: Annotated[dict[str, RangeOrValues], Field(min_length=1, max_length=MAX_KEYS), BeforeValidator(_not_too_many)]
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
    """One run for each place of a grid or of a random search, repeated over some seeds."""

    model_config = ConfigDict(json_schema_extra=ONE_SOURCE)

    grid: Annotated[dict[str, Values], Field(max_length=MAX_KEYS), BeforeValidator(_not_too_many)] = {}
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

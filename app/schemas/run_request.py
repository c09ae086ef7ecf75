"""Request bodies for scripted runs; `sweep_request.py` has those for sweeps."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from app.explain.notes import points_in
from app.store.step import describe
from app.wire.limits import MAX_LINK
from engine import Config, LinkError, parse_link, trainer_at
from engine.errors import InputError, Problem

MAX_EPOCHS = 10_000_000
MAX_ROWS, MAX_SNAPSHOTS = 10_000, 100
ROWS = 1_000
"""How many losses are recorded at most where nothing is said."""
MAX_FIELDS = 100
"""More are refused as a whole, because naming each would take long."""

Count = Annotated[int, Field(strict=True, ge=1, le=MAX_EPOCHS)]
Flag = Annotated[bool, Field(strict=True)]
Above = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]


MAX_NAME, MAX_TAG, MAX_TAGS, MAX_NOTE = 100, 40, 20, 2_000
TAG = f"^[^\\s,]{{1,{MAX_TAG}}}$"

Name = Annotated[str, Field(max_length=MAX_NAME)]
Tag = Annotated[str, Field(pattern=TAG, description=f"A word of at most {MAX_TAG} characters, without commas.")]
Tags = Annotated[list[Tag], Field(max_length=MAX_TAGS)]
Note = Annotated[str, Field(max_length=MAX_NOTE)]


def check_link(link: str | None, *, strict: bool) -> None:
    """InputError where a link that is to be taken strictly does not mean what it says."""
    try:
        parse_link(link or "", strict=strict and link is not None)
    except LinkError as error:
        named = (one if one.field == "link" else one._replace(field=f"link.{one.field}") for one in error.problems)
        raise InputError(*named) from None


def not_too_many(value: object) -> object:
    """The value; ValueError where it is an object of more fields than may be."""
    if isinstance(value, dict) and len(value) > MAX_FIELDS:
        raise ValueError(f"at most {MAX_FIELDS} fields")
    return value


class Request(BaseModel):
    """Anything that may be asked."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, json_schema_serialization_defaults_required=True
    )

    @model_validator(mode="before")
    @classmethod
    def _has_few_fields(cls, value: object) -> object:
        return not_too_many(value)


class StopRule(Request):
    """When to end before the last epoch: as soon as one of these conditions is met."""

    train_loss: Above | None = None
    """End after an epoch whose training loss is under this."""
    test_loss: Above | None = None
    """End after an epoch whose test loss is under this."""
    validation_loss: Above | None = None
    """End after an epoch whose validation loss is under this; early stopping is the configuration's `patience`."""
    seconds: Above | None = None
    """End when the training has taken about so many seconds."""

    def check(self, config: Config) -> None:
        """InputError where it asks for something that a run of this configuration does not have."""
        if self.validation_loss and not points_in(config, config.percValidationData):
            expected = "a configuration with points that validate (percValidationData)"
            raise InputError(Problem("stop.validation_loss", expected, "none of them"))


class Recording(Request):
    """What to record during the run."""

    losses: Count | None = None
    """Keep losses and scores at epoch 0 and every so many epochs; where it is left out, every 1, 2, 5, 10, ... epochs,
    as makes at most 1,000 rows. At most 10,000 rows are kept."""
    snapshots: Count | None = None
    """Keep the trained state at epoch 0 and every so many epochs, at most 100 times; none where it is left out."""


class Plan(Request):
    """What a run, and each run of a sweep, is made from. Either config or link is required; null means left out."""

    config: Annotated[Config, BeforeValidator(not_too_many)] | None = None
    """A configuration; what is left out is at its default."""
    link: Annotated[str, Field(max_length=MAX_LINK)] | None = None
    """A playground link instead, whole or what follows its #. Training continues from trained weights in it."""
    strict: Flag = True
    """Whether a link is refused if it does not keep its meaning. Where not, it is taken as far as it can be, and
    the notes say what was left out or moved."""
    epochs: Count = 100
    """The last epoch to train to."""
    stop: StopRule = StopRule()
    record: Recording = Recording()
    name: Name = ""
    tags: Tags = []
    note: Note = ""
    """Its name; name, tags and note may be changed later."""
    notes: Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(max_length=50)] = []
    """Sentences that are stored with it beside those about the link, such as notes about a file."""

    @model_validator(mode="after")
    def _one_source(self) -> Plan:
        if (self.config is None) == (self.link is None):
            raise ValueError("either config or link")
        return self

    def check_link(self) -> None:
        """InputError where it is strict and its link does not mean what it says."""
        check_link(self.link, strict=self.strict)

    @property
    def opened(self) -> tuple[Config, str, list[str]]:
        """The configuration, the trained state that it begins at, or nothing, and notes about both. It is not
        strict, because a request that was accepted once is read again."""
        if self.config:
            return self.config, "", self.notes
        config, notes, state = parse_link(self.link or "")
        return config, state, [*notes, *self.notes]

    def spec(self, config: Config) -> dict[str, Any]:
        """What the store keeps of a run with this configuration; InputError where too much is to be recorded, or it
        is to stop by something that it does not have."""
        self.stop.check(config)
        record: dict[str, int | None] = {"losses": self._every, "snapshots": self.record.snapshots}
        for name, most in (("losses", MAX_ROWS), ("snapshots", MAX_SNAPSHOTS)):
            every = record[name]
            if every and self.epochs / every > most:
                least = math.ceil(self.epochs / most)
                raise InputError(Problem(f"record.{name}", f"at least {least} for {self.epochs:,} epochs", str(every)))
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
    """A run to be trained, from either a config or a link; null means left out."""

    def begin(self) -> tuple[str, dict[str, Any] | None]:
        """The state to begin at and its epoch; InputError if it does not fit the configuration."""
        config, state, _ = self.opened
        if not state:
            return "", None
        trainer = trainer_at(config, state)
        if trainer.epoch >= self.epochs:
            raise InputError(Problem("epochs", f"more than the {trainer.epoch} of the state", str(self.epochs)))
        return state, describe(trainer)

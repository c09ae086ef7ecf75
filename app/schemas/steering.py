"""Request bodies of scripts that steer a page's run."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from app.schemas.run_request import Request
from app.wire.limits import MAX_STEPS, SPEEDS
from app.wire.messages import Configure, Control, Link, Pause, Play, Reset, Speed, Step
from app.wire.saved_run import Fields
from engine.tables import OneOf


class Steering(Request):
    """What a script changes in a run; applied in this order."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"config": {"learningRate": 0.1}, "playing": True}]},
    )

    config: Fields | None = None
    """Some fields of the configuration."""
    link: Link | None = None
    """Another configuration, whole, as a link; its trained weights too."""
    strict: Annotated[bool, Field(strict=True)] = True
    """Whether a link that does not mean what it says is refused, instead of being taken as far as it can be."""
    reset: Annotated[bool, Field(strict=True)] = False
    """Back to the first weights."""
    speed: Annotated[str, OneOf(SPEEDS)] | None = None
    """Epochs per frame."""
    step: Annotated[int, Field(strict=True, ge=1, le=MAX_STEPS)] | None = None
    """Train so many epochs and stop."""
    playing: Annotated[bool, Field(strict=True)] | None = None
    """Whether to train until paused."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Steering:
        if (self.config is not None and self.link is not None) or (self.step and self.playing is not None):
            raise ValueError("either config or link, and either step or playing")
        return self

    def controls(self) -> list[Control]:
        """The controls that a page would send for it."""
        configures = self.config is not None or self.link is not None
        controls = (
            Configure(type="configure", set=self.config, link=self.link) if configures else None,
            Reset(type="reset") if self.reset else None,
            Speed(type="speed", speed=self.speed) if self.speed else None,
            Step(type="step", count=self.step) if self.step else None,
            None if self.playing is None else Play(type="play") if self.playing else Pause(type="pause"),
        )
        return [control for control in controls if control]

"""Messages from a page over the websocket: one model for each `type`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from app.wire.carried_run import CarriedRun
from app.wire.limits import MAX_COMPARED_VALUES, MAX_EPOCHS_IN_GALLERY, MAX_LINK, MAX_RUNS_IN_GALLERY, MAX_STEPS, SPEEDS
from app.wire.saved_run import Fields, SavedRun
from engine.config.field_types import MAX_LAYERS, MAX_UNITS
from engine.data.points import MAX_POINTS
from engine.images.image_sets import MAX_IMAGE_CLASSES, MAX_PIXELS
from engine.tables import OneOf

Layer = Annotated[int, Field(strict=True, ge=0, le=MAX_LAYERS)]
Unit = Annotated[int, Field(strict=True, ge=0, lt=MAX_UNITS)]
Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Pixel = Annotated[float, Field(strict=True, ge=0, le=1)]
Link = Annotated[str, Field(strict=True, max_length=MAX_LINK)]
GalleryEpochs = Annotated[int, Field(strict=True, ge=1, le=MAX_EPOCHS_IN_GALLERY)]


Gesture = Annotated[int, Field(strict=True, ge=0, le=2**53)] | None
"""The number of the gesture, such as a drag, that makes this change and others: one undo takes them all back."""


class Message(BaseModel):
    """Any message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str


class Control(Message):
    """A message that is applied in order and answered with `applied` or `error`, which repeat its number."""

    seq: Annotated[int, Field(strict=True, ge=0, le=2**53)] = 0


class Hello(Message):
    """The first message: start a session from a link."""

    type: Literal["hello"]
    protocol: Annotated[int, Field(strict=True)]
    link: Link = ""


class Resume(Message):
    """The first message after a lost connection: resume a session, or start one from a link if it is gone."""

    type: Literal["resume"]
    protocol: Annotated[int, Field(strict=True)]
    session: Annotated[str, Field(max_length=64)]
    link: Link = ""
    after: Finite = -1
    """The last epoch whose losses the page has; it is sent those that follow."""
    carried: CarriedRun | None = None
    """The run as the page was handed it last, for a server that does not know the session."""


class Configure(Control):
    """Change some fields of the configuration, or all of it by a link."""

    type: Literal["configure"]
    set: Fields | None = None
    link: Link | None = None
    gesture: Gesture = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Configure:
        if (self.set is None) == (self.link is None):
            raise ValueError("either set or link")
        return self


class Play(Control):
    """Train until paused."""

    type: Literal["play"]


class Pause(Control):
    """Stop training, and show where."""

    type: Literal["pause"]


class Step(Control):
    """Train some epochs, or make some updates, and stop."""

    type: Literal["step"]
    unit: Literal["epoch", "update"] = "epoch"
    count: Annotated[int, Field(strict=True, ge=1, le=MAX_STEPS)] = 1


class Reset(Control):
    """Back to the first weights, and stop."""

    type: Literal["reset"]


class Regenerate(Control):
    """Draw a new seed, and with it new data and first weights."""

    type: Literal["regenerate"]


class SetWeight(Control):
    """Set the weight from unit `source` of the layer before to `unit` of `layer`; the first hidden layer is 0."""

    type: Literal["weight"]
    layer: Layer
    unit: Unit
    source: Unit
    value: Finite
    gesture: Gesture = None


class SetBias(Control):
    """Set a bias."""

    type: Literal["bias"]
    layer: Layer
    unit: Unit
    value: Finite
    gesture: Gesture = None


class MovePoint(Control):
    """Move a point of the data, counted from 0 in its part; the network stays as it is and goes on from there."""

    type: Literal["point"]
    part: Literal["train", "validation", "test"]
    point: Annotated[int, Field(strict=True, ge=0, lt=MAX_POINTS)]
    x: Finite
    y: Finite
    gesture: Gesture = None


class Select(Control):
    """Ask for a hidden unit's map at full size with every frame; without layer and unit, for none."""

    type: Literal["select"]
    layer: Layer | None = None
    unit: Unit | None = None


class ProbePlace(Control):
    """Follow a place of the plane through the network with every frame; without x and y, none."""

    type: Literal["probe"]
    x: Finite | None = None
    y: Finite | None = None
    label: Finite | None = None


class ShowImage(Control):
    """Show an image, whose way through the network every frame then tells; without pixels, none."""

    type: Literal["image"]
    pixels: Annotated[list[Pixel], Field(max_length=MAX_PIXELS, fail_fast=True)] | None = None
    chosen: Annotated[int, Field(strict=True, ge=0, lt=MAX_IMAGE_CLASSES)] | None = None
    """The class whose evidence is asked for; left out, the one that it is taken for."""


class Undo(Control):
    """Take the last change back, and bring back the network that it put an end to."""

    type: Literal["undo"]


class Redo(Control):
    """Make the change again that was taken back last."""

    type: Literal["redo"]


class Save(Control):
    """Ask for the run as a link and as a file."""

    type: Literal["save"]


class Open(Control):
    """Go on with a run that was saved as a file."""

    type: Literal["open"]
    file: SavedRun


class Speed(Control):
    """Epochs per frame, by name."""

    type: Literal["speed"]
    speed: Annotated[str, OneOf(SPEEDS)]


class Visibility(Control):
    """Whether the page can be seen: a hidden one is sent no frames."""

    type: Literal["visibility"]
    visible: Annotated[bool, Field(strict=True)]


class StartRestarts(Control):
    """Open a gallery of the same run from different first weights."""

    type: Literal["restarts"]
    count: Annotated[int, Field(strict=True, ge=2, le=MAX_RUNS_IN_GALLERY)] = 16
    epochs: GalleryEpochs = 200


class Compare(Control):
    """Open a gallery of the same run with different values of a knob."""

    type: Literal["compare"]
    knob: Annotated[str, Field(strict=True, max_length=64)]
    values: Annotated[
        list[bool | int | float | str], Field(min_length=2, max_length=MAX_COMPARED_VALUES, fail_fast=True)
    ]
    epochs: GalleryEpochs = 200


class PlayGallery(Control):
    """Let the open gallery train, or rest."""

    type: Literal["gallery"]
    playing: Annotated[bool, Field(strict=True)]


class Adopt(Control):
    """Go on with a run of the open gallery, and close that."""

    type: Literal["adopt"]
    member: Annotated[int, Field(strict=True, ge=0, lt=MAX_RUNS_IN_GALLERY)]


class Leave(Control):
    """Close the gallery; the run is as it was."""

    type: Literal["leave"]


class Ack(Message):
    """A frame was drawn, so another may be sent."""

    type: Literal["ack"]
    frame: Annotated[int, Field(strict=True, ge=0)]


class Ping(Message):
    """Is anybody there? Answered with `pong` by the server itself, whatever its workers do."""

    type: Literal["ping"]


Greeting = Annotated[Hello | Resume, Field(discriminator="type")]
AnyControl = (
    Configure | Play | Pause | Step | Reset | Regenerate | SetWeight | SetBias | MovePoint | Select | ProbePlace
    | ShowImage | Undo | Redo | Save | Open | Speed | Visibility | StartRestarts | Compare | PlayGallery | Adopt | Leave
)  # fmt: skip
Incoming = Annotated[AnyControl | Ack | Ping, Field(discriminator="type")]

GREETINGS: TypeAdapter[Hello | Resume] = TypeAdapter(Greeting)
INCOMING: TypeAdapter[Control | Ack | Ping] = TypeAdapter(Incoming)
CONTROLS: TypeAdapter[Sequence[Control]] = TypeAdapter(Sequence[Annotated[AnyControl, Field(discriminator="type")]])
"""What a script asks of a page's run, one after the other."""

"""The state of a page's run, and what the page may do to it. It knows no time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from app.explain.plateau import PlateauWatch
from app.live.gallery import RunGallery
from app.live.images.image_view import ImageView, Shown
from app.live.losses import LossRecorder
from app.live.pace import Pace
from app.live.stop_target import Counter, StopTarget
from app.live.undo import UndoPoint, UndoStack
from app.live.window import Window
from app.wire.history import LossHistory
from engine import Config, Grid, Trainer
from engine.errors import InputError, Problem
from engine.tables import Array

GRACE_SECONDS = 0.1
"""A pause lets an epoch end that would take no longer than this, so that losses are those of whole epochs."""


class Probe(NamedTuple):
    """A point of the plane whose activations are shown; a data point has a label."""

    x: float
    y: float
    label: float | None = None


class RecordedUpdate(NamedTuple):
    """An update, for the page to explain."""

    change: Array
    """(2, P): its gradient, and what it added to theta."""
    points: Array
    """(n,): its batch, by the places of the points among those that train."""
    number: int
    of: int
    """Which batch of the epoch it was, counted from 1, and how many there are."""


class ControlledRun:
    """One page's run, as it is between two turns."""

    def __init__(self, trainer: Trainer) -> None:
        self.version = 0  # of the configuration
        self.number = 0  # of the network: a new one begins a new run
        self.taken = 0  # the last control that was applied, as its page counts them
        self.speed = "1"
        self.playing = False
        self.selected: tuple[int, int] | None = None
        self.probe: Probe | None = None
        self.shown: Shown | None = None  # the image on show
        self.undo_stack = UndoStack()
        self.gallery: RunGallery | None = None  # runs side by side; while there are any this one rests
        self._galleries = 0
        self.attached, self.visible = False, True
        self.pace = Pace()
        self._sampled = 0.0  # when the last one was
        self._recorded = 0.0  # when the last one between two epochs was, whose losses are a row of the history
        self._losses_sent_at = 0.0  # when a page that is hidden was sent the losses last
        self._was_paused = True  # whether no time has passed for it since it last stood still
        self.window = Window()
        self.stop_target: StopTarget | None = None
        self.update: RecordedUpdate | None = None  # the last one, where that was a person's
        self._fresh = True  # whether something has changed since the last frame
        self.begin(trainer)

    def begin(self, trainer: Trainer, history: LossHistory | None = None) -> None:
        """Go on with another network, and its losses so far; the pace stays."""
        self.trainer = trainer
        self.images = ImageView(trainer.config.image_set) if trainer.config.image_set else None
        self._grid: Grid | None = None
        if self.shown and len(self.shown.pixels) != trainer.config.inputs:
            self.shown = None
        self.losses = LossRecorder(self.window, history)
        self.number += 1
        if self.stop_target:
            self.stop()
        self._sampled_epoch = trainer.epoch  # the epoch of the last sample
        self._cost = 50e-6  # seconds that an update takes, as measured
        self.window.begin()
        self.plateau = PlateauWatch(trainer.epoch)
        self.update = None
        if self.selected and not self._exists(*self.selected):
            self.selected = None
        self.measure()

    @property
    def grid(self) -> Grid:
        """The pictures of a run with points."""
        if self._grid is None:
            self._grid = Grid(self.config, scaling=self.trainer.scaling)
        return self._grid

    @property
    def config(self) -> Config:
        """The configuration in force."""
        return self.trainer.config

    def _exists(self, layer: int, unit: int) -> bool:
        hidden = self.config.networkShape
        return layer < len(hidden) and unit < hidden[layer]

    def attach(self, after: float, visible: bool = True) -> None:
        """A page has connected, which has the losses up to the epoch `after`; -1 where it has none."""
        self.attached, self.visible, self._fresh = True, visible, True
        self.window.attach(after)
        self.plateau.forget()
        if self.gallery:
            self.gallery.attach()

    def detach(self) -> None:
        """The page has disconnected: the run rests until one connects again."""
        self.attached = False

    # --- controls -------------------------------------------------------------------------------------------------

    @property
    def plays_on(self) -> bool:
        """Whether it trains without an end in sight."""
        return self.playing and self.stop_target is None

    def _may_send(self) -> bool:
        return self.visible and self.window.is_open

    @property
    def sends_frames(self) -> bool:
        """Whether it trains, and its page takes pictures."""
        return self.playing and self.attached and self._may_send()

    def play(self) -> None:
        """Train until paused."""
        self._was_paused = not self.playing
        self.trainer.resume()
        self.playing, self.stop_target, self.update = True, None, None

    def stop_at(self, counter: Counter, value: int) -> None:
        """Train as fast as possible until a counter of the trainer reaches a value."""
        self.play()
        self.stop_target = StopTarget(counter, value)

    def stop(self) -> None:
        """Stop where the run is."""
        self.playing, self.stop_target = False, None

    def pause(self) -> None:
        """Stop at the end of the epoch, or at once where that would take long."""
        trainer = self.trainer
        if self.playing and not trainer.at_epoch_start and trainer.updates_to_epoch_end * self._cost < GRACE_SECONDS:
            self.stop_target = StopTarget("epoch", trainer.epoch + 1)
        else:
            self.stop()
            self.measure()

    def select(self, layer: int, unit: int) -> None:
        """Send a hidden unit's map at full size with every frame."""
        if not self._exists(layer, unit):
            hidden = self.config.networkShape
            raise InputError(Problem("unit", f"a hidden unit of {hidden}", f"unit {unit} of layer {layer}"))
        self.selected = (layer, unit)

    def show_image(self, pixels: list[float] | None, chosen: int | None) -> None:
        """Tell with every frame what the network makes of an image; or of none."""
        inputs, classes = self.config.inputs, self.config.class_count
        if not self.images:
            raise InputError(Problem("image", "a network that takes images", "one that takes points"))
        if pixels is not None and len(pixels) != inputs:
            raise InputError(Problem("pixels", f"{inputs} pixels", str(len(pixels))))
        if chosen is not None and chosen >= classes:
            raise InputError(Problem("chosen", f"a class from 0 to {classes - 1}", str(chosen)))
        self.shown = None if pixels is None else Shown(np.array(pixels), chosen)

    def show_gallery(self, gallery: RunGallery | None) -> None:
        """Rest, and train the runs of a gallery instead; or be back without one."""
        self.stop()
        self.gallery = gallery
        if gallery:
            self._galleries += 1
            gallery.number = self._galleries

    def changed(self) -> None:
        """The page has to see a frame of the present state at once, even if the run stands still."""
        self._fresh = True
        self.pace.make_urgent()

    def edited(self) -> None:
        """A parameter was set by hand."""
        self.update = None
        self.measure()

    @contextmanager
    def undoable(self, what: str, gesture: int | None) -> Iterator[None]:
        """Keep the state before a change of `what`, or of a gesture the one before its first, unless that fails."""
        before = None if self.undo_stack.holds(gesture) else self.undo_point(what)
        yield
        if before:
            self.undo_stack.push(before, gesture)

    def replace_points(self, config: Config) -> None:
        """Go on with the same network on other points, of which there are as many in each part."""
        trainer = Trainer(config)
        trainer.restore(self.trainer.snapshot())
        trainer.resume()
        self.trainer = trainer
        self._grid = None
        self.version += 1
        self.edited()

    def undo_point(self, what: str) -> UndoPoint:
        """The present state, before a change of `what` puts an end to it."""
        return UndoPoint(self.config, what, None, self.trainer.snapshot(), self.losses.history.to_bytes())

    def ack(self, number: int) -> None:
        """The page has drawn a frame."""
        self.window.ack(number)
        if self.gallery:
            self.gallery.ack(number)

    def measure(self) -> None:
        """Take the losses of the network as it is now."""
        self.losses.measure(self.trainer)

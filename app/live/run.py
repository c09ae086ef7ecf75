"""A live run: a Trainer at a pace, and what the page may do to it.

No sockets, no processes and no clock of its own: the time comes in as an argument, in seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from app.live import answers
from app.live.gallery import RunGallery
from app.live.losses import LossRecorder
from app.live.pace import Pace
from app.live.stop_target import Counter, StopTarget
from app.live.undo import UndoPoint, UndoStack
from app.live.view import frame_of
from app.live.window import Window
from app.wire.frames import pack
from app.wire.history import LossHistory
from app.wire.limits import SPEEDS
from app.wire.refusal import Answer
from engine import Config, Grid, Trainer
from engine.problems import InputError, Problem
from engine.tables import Array

GRACE_SECONDS = 0.1
"""A pause lets an epoch end that would take no longer than this, so that losses are those of whole epochs."""
STALE_SECONDS = 0.25
"""Longer than this nothing goes unseen: neither the middle of a long epoch nor the losses between two short ones."""
TOLD_SECONDS = 2.0
"""Between two tellings of the losses to a page that is hidden: a title is read, not watched."""

Clock = Callable[[], float]


class Probe(NamedTuple):
    """A place of the plane whose way through the network is followed; a data point has a label."""

    x: float
    y: float
    label: float | None = None


class LiveRun:
    """One page's run."""

    def __init__(self, trainer: Trainer) -> None:
        self.version = 0  # of the configuration
        self.number = 0  # of the network: a new one begins a new run
        self.speed = "1"
        self.playing = False
        self.selected: tuple[int, int] | None = None
        self.probe: Probe | None = None
        self.undo_stack = UndoStack()
        self.gallery: RunGallery | None = None  # runs side by side; while there are any this one rests
        self._galleries = 0
        self.attached, self.visible = False, True
        self.pace = Pace()
        self._sampled = 0.0  # when the last one was
        self._recorded = 0.0  # when the last one between two epochs was, whose losses are a row of the history
        self._told_at = 0.0  # when a page that is hidden was told the losses last
        self._rested = True  # whether no time has passed for it since it last stood still
        self.window = Window()
        self.stop_target: StopTarget | None = None
        self.change: Array | None = None  # (2, P): gradient and step of the last update, where that was a person's
        self._fresh = True  # whether something has changed since the last frame
        self.begin(trainer)

    def begin(self, trainer: Trainer, history: LossHistory | None = None) -> None:
        """Go on with another network, and its losses so far; the pace stays."""
        self.trainer = trainer
        self.grid = Grid(trainer.config, scaling=trainer.scaling)
        self.losses = LossRecorder(self.window, history)
        self.number += 1
        if self.stop_target:
            self.stop()
        self._segment = trainer.epoch  # the epoch of the last sample
        self._cost = 50e-6  # seconds that an update takes, as measured
        self.window.begin()
        self.change = None
        if self.selected and not self._exists(*self.selected):
            self.selected = None
        self.measure()

    @property
    def config(self) -> Config:
        """The configuration in force."""
        return self.trainer.config

    def _exists(self, layer: int, unit: int) -> bool:
        hidden = self.config.networkShape
        return layer < len(hidden) and unit < hidden[layer]

    def attach(self, after: float, visible: bool = True) -> None:
        """A page is there, which has the losses up to the epoch `after`; -1 where it has none."""
        self.attached, self.visible, self._fresh = True, visible, True
        self.window.attach(after)
        if self.gallery:
            self.gallery.attach()

    def detach(self) -> None:
        """The page is gone: nothing moves until one is there again."""
        self.attached = False

    # --- what the page may do -------------------------------------------------------------------------------------

    @property
    def plays_on(self) -> bool:
        """Whether it trains without an end in sight."""
        return self.playing and self.stop_target is None

    @property
    def plays_in_sight(self) -> bool:
        """Whether it trains, and its page takes pictures."""
        return self.playing and self.attached and self._may_send()

    def play(self) -> None:
        """Train until paused."""
        self._rested = not self.playing
        self.trainer.resume()
        self.playing, self.stop_target, self.change = True, None, None

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

    def exhibit(self, gallery: RunGallery | None) -> None:
        """Rest, and train the runs of a gallery instead; or be back without one."""
        self.stop()
        self.gallery = gallery
        if gallery:
            self._galleries += 1
            gallery.number = self._galleries

    def changed(self) -> None:
        """The page has to see a frame of the present state at once, even if the run stands still."""
        self._fresh = True
        self.pace.hurry()

    def edited(self) -> None:
        """A parameter was set by hand."""
        self.change = None
        self.measure()

    def undo_point(self, what: str) -> UndoPoint:
        """The present state, before a change of `what` puts an end to it."""
        return UndoPoint(self.config, what, None, self.trainer.snapshot(), self.losses.history.to_bytes())

    def ack(self, number: int) -> None:
        """The page has drawn a frame."""
        self.window.ack(number)
        if self.gallery:
            self.gallery.ack(number)

    # --- when -----------------------------------------------------------------------------------------------------

    def ready(self, now: float) -> bool:
        """Whether a turn now would do something."""
        if not self.attached:
            return False
        if self.gallery:
            return self.gallery.ready(self._may_send())
        if not self.playing:
            return self._fresh and self._may_send()
        return self._stride is None or (now >= self.pace.look_due and self._may_sample(now))

    def urgent(self, now: float) -> bool:
        """Whether the page waits to see what a control did, and a turn now would bring that nearer."""
        return self.pace.hurried and self.ready(now)

    def wakes_at(self) -> float | None:
        """When `ready` turns true by itself; None where only a message can do that."""
        due = self.pace.look_due
        waits = self.attached and self.playing and not self.gallery
        return due if waits and self._may_sample(due) else None

    @property
    def _stride(self) -> int | None:
        """Epochs per sample; None where the machine sets the pace."""
        return None if self.stop_target else SPEEDS[self.speed]

    def _may_send(self) -> bool:
        return self.visible and self.window.is_open

    def _may_sample(self, now: float) -> bool:
        """Whether nobody waits for a picture: a page sets the pace by drawing them, where it is not the machine."""
        return not self.visible or self.window.is_open or now < self.pace.frame_due

    def _frame_due(self, now: float) -> bool:
        return self._may_send() and now >= self.pace.frame_due

    @property
    def _at_stop_target(self) -> bool:
        return self.stop_target is not None and self.stop_target.reached(self.trainer)

    def _sample_due(self, now: float) -> bool:
        if self.trainer.ended or self._at_stop_target:
            return True
        if not self.trainer.at_epoch_start:
            return now >= self._sampled + STALE_SECONDS
        if now >= self._recorded + STALE_SECONDS:
            return True
        if self._stride is not None:
            return self.trainer.epoch >= self._segment + self._stride
        return now >= self.pace.look_due and (self._frame_due(now) or not self.visible)

    # --- training -------------------------------------------------------------------------------------------------

    def turn(self, clock: Clock, budget: float) -> tuple[bytes | None, list[Answer]]:
        """Train for about `budget` seconds or until a sample is due; gives a frame where one may be sent."""
        if self.gallery:
            numbering = partial(self.window.send, None) if self._may_send() else None
            return self.gallery.turn(clock, budget, numbering), []
        if not self.playing:
            return self._frame_now(clock, clock()), []
        now = clock()
        if self._rested:
            self._sampled = self._recorded = now
            self._rested = False
        end = now + budget
        while True:
            updates = self._train(end - now)
            before, now = now, clock()
            self._cost += 0.2 * ((now - before) / max(1, updates) - self._cost)
            if self._sample_due(now):
                return self._sample(clock, now)
            if now >= end:
                return None, []

    def _train(self, seconds: float) -> int:
        """Train within one epoch for about so long; gives the number of updates."""
        trainer, before = self.trainer, self.trainer.updates
        left = self.stop_target.updates_before(trainer) if self.stop_target else trainer.updates_to_epoch_end
        if self.stop_target and left == 0:
            self._watch_update()
        else:
            trainer.step(max(1, min(left, int(seconds / self._cost))))
        return trainer.updates - before

    def _watch_update(self) -> None:
        """Make one update and keep its gradient and step, for the page to explain."""
        trainer = self.trainer
        before, updates = trainer.network.theta.copy(), trainer.updates  # (P,)
        trainer.step(1)
        if trainer.updates > updates:
            self.change = np.stack([trainer.gradient(), trainer.network.theta - before])  # (2, P)

    def _sample(self, clock: Clock, now: float) -> tuple[bytes | None, list[Answer]]:
        """Measure the losses, stop where there is a reason to, and make a frame where one may be sent."""
        self.measure()
        self._segment, self._sampled, self._fresh = self.trainer.epoch, now, True
        if self.trainer.at_epoch_start:
            self._recorded = now
        self.pace.looked(now)
        if self._at_stop_target or self.trainer.ended:
            self.stop()
            self.pace.hurry()
        said = [*self._tell_unseen(now), *answers.farewell(self.trainer)]
        return (self._frame_now(clock, now) if self._frame_due(now) else None), said

    def _tell_unseen(self, now: float) -> list[Answer]:
        """The losses for the title of a page that is hidden, and so sees no frames: now and then, and at the end."""
        if self.visible or not self.attached or (self.playing and now < self._told_at + TOLD_SECONDS):
            return []
        self._told_at = now
        return [answers.losses(self)]

    def measure(self) -> None:
        """Take the losses of the network as it is now."""
        self.losses.take(self.trainer)

    def _frame_now(self, clock: Clock, now: float) -> bytes:
        began, history = clock(), self.losses.history.since(self.window.seen)
        self._fresh = False
        frame = pack(frame_of(self, self.window.send(float(history[-1, 0]) if len(history) else None), history))
        self.pace.framed(now, clock() - began)
        return frame

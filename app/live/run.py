"""A live run: when it needs a turn, and what it does in one.

No sockets, no processes and no clock of its own: the time comes in as an argument, in seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from app.live import answers
from app.live.controlled_run import ControlledRun, RecordedUpdate
from app.live.frame import packed
from app.wire.limits import SPEEDS
from app.wire.refusal import Answer

STALE_SECONDS = 0.25
"""Longer than this nothing goes unseen: neither the middle of a long epoch nor the losses between two short ones."""
HIDDEN_LOSSES_SECONDS = 2.0
"""Between two tellings of the losses to a page that is hidden: a title is read, not watched."""

Clock = Callable[[], float]


class LiveRun(ControlledRun):
    """A page's run that trains in turns."""

    # --- scheduling -----------------------------------------------------------------------------------------------

    def ready(self, now: float) -> bool:
        """Whether a turn now would do something."""
        if not self.attached:
            return False
        if self.gallery:
            return self.gallery.ready(self._may_send())
        if not self.playing:
            return self._fresh and self._may_send()
        return self._stride is None or (now >= self.pace.sample_due and self._may_sample(now))

    def urgent(self, now: float) -> bool:
        """Whether the page waits to see what a control did, and a turn now would bring that nearer."""
        return self.pace.urgent and self.ready(now)

    def wakes_at(self) -> float | None:
        """When `ready` turns true by itself; None where only a message can do that."""
        due = self.pace.sample_due
        waits = self.attached and self.playing and not self.gallery
        return due if waits and self._may_sample(due) else None

    @property
    def _stride(self) -> int | None:
        """Epochs per sample; None where the machine sets the pace."""
        return None if self.stop_target else SPEEDS[self.speed]

    def _may_sample(self, now: float) -> bool:
        """Whether no picture is pending: a page that draws slowly slows the run down."""
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
            return self.trainer.epoch >= self._sampled_epoch + self._stride
        return now >= self.pace.sample_due and (self._frame_due(now) or not self.visible)

    # --- training -------------------------------------------------------------------------------------------------

    def turn(self, clock: Clock, budget: float) -> tuple[bytes | None, list[Answer]]:
        """Train for about `budget` seconds or until a sample is due; gives a frame where one may be sent."""
        if self.gallery:
            numbering = partial(self.window.send, None) if self._may_send() else None
            return self.gallery.turn(clock, budget, numbering), []
        if not self.playing:
            return self._frame_now(clock, clock()), []
        now = clock()
        if self._was_paused:
            self._sampled = self._recorded = now
            self._was_paused = False
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
            self._record_update()
        else:
            trainer.step(max(1, min(left, int(seconds / self._cost))))
        return trainer.updates - before

    def _record_update(self) -> None:
        """Make one update and keep it, for the page to explain."""
        trainer = self.trainer
        before, updates = trainer.network.theta.copy(), trainer.updates  # (P,)
        points, batches = trainer.next_batch(), trainer.train_size // trainer.batch
        number = batches - trainer.updates_to_epoch_end + 1
        trainer.step(1)
        if trainer.updates > updates:
            change = np.stack([trainer.gradient(), trainer.network.theta - before])  # (2, P)
            self.update = RecordedUpdate(change, points.astype(np.uint32), number, batches)

    def _sample(self, clock: Clock, now: float) -> tuple[bytes | None, list[Answer]]:
        """Measure the losses, stop where there is a reason to, and make a frame where one may be sent."""
        self.measure()
        self._sampled_epoch, self._sampled, self._fresh = self.trainer.epoch, now, True
        if self.trainer.at_epoch_start:
            self._recorded = now
        self.pace.sampled(now)
        if self._at_stop_target or self.trainer.ended:
            self.stop()
            self.pace.make_urgent()
        messages = [*self._losses_for_hidden_page(now), *self._plateau_news(now), *answers.end_of_run(self.trainer)]
        return (self._frame_now(clock, now) if self._frame_due(now) else None), messages

    def _plateau_news(self, now: float) -> list[Answer]:
        """That the run is stuck, or is so no more."""
        if not self.plays_on or not self.plateau.due(self.trainer.epoch):
            return []
        rows = self.losses.history.since(-1.0)
        news, since = self.plateau.look(rows[:, 0], rows[:, 1], self.losses.now.train_score, now)
        return [answers.stuck(self.trainer, since)] if news else []

    def _losses_for_hidden_page(self, now: float) -> list[Answer]:
        """The losses for the title of a page that is hidden, and so sees no frames: now and then, and at the end."""
        if self.visible or not self.attached or (self.playing and now < self._losses_sent_at + HIDDEN_LOSSES_SECONDS):
            return []
        self._losses_sent_at = now
        return [answers.losses(self)]

    def _frame_now(self, clock: Clock, now: float) -> bytes:
        began, history = clock(), self.losses.history.since(self.window.seen)
        self._fresh = False
        frame = packed(self, self.window.send(float(history[-1, 0]) if len(history) else None), history)
        self.pace.frame_made(now, clock() - began)
        return frame

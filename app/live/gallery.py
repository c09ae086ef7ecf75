"""A gallery: runs side by side, trained in the turns of one session and shown as small maps.

Either restarts of one configuration, or several values of one knob. No clock of its own: the time comes in as an
argument, in seconds.

Shapes: M members, K outputs, s pixels a side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from app.live.knobs import compared, knobs, value_label
from app.wire.gallery_frames import DIVERGED, NUMBERS, STOPPED, GalleryFrame, pack
from app.wire.history import HistoryRow, LossHistory
from app.wire.limits import MAX_RUNS_IN_GALLERY
from engine import Config, Grid, Trainer
from engine.errors import InputError, Problem
from engine.restarts.members import Members
from engine.restarts.restarts import Restarts, restarted
from engine.tables import Array

ROWS = 200
"""How many times the losses of a gallery are taken, evenly over its epochs."""
SIDES = {18: 60, MAX_RUNS_IN_GALLERY: 30}
"""Pixels a side of a map, where there are so many members at most: few are shown larger."""
FRAME_SECONDS = 1 / 15
BYTES_A_SECOND = 1_500_000
MAX_BUFFER_BYTES = 500_000_000
"""Bytes that the buffers of all members may take."""
LARGEST = np.finfo(float).max

Clock = Callable[[], float]
Numbering = Callable[[], int]


class RunGallery:
    """Some runs from their first weights to a last epoch."""

    def __init__(
        self, kind: str, trainers: Iterator[Trainer], configs: Sequence[Config], labels: Sequence[str], epochs: int
    ) -> None:
        self.kind, self.labels, self.epochs = kind, list(labels), epochs
        self.knob, self.title = "", "Run"
        self.number = 0
        self.playing, self.done = True, False
        self._trainers_left, self._made = trainers, list[Trainer]()
        self._members: Members | None = None
        self._grids: list[Grid] = []
        self._every = math.ceil(epochs / ROWS)
        self._rows: list[tuple[int, Array]] = []  # epochs, and the losses of all members then, (M, 3)
        self._seen = 0  # rows that the page surely has
        self._in_flight: dict[int, int] = {}  # frames, with the rows that the page then has
        self._measuring: Iterator[None] | None = None  # taking a row
        self._rendering: Iterator[None] | None = None  # making a frame
        count, outputs = len(configs), configs[0].shape[-1]
        self._numbers = np.full((count, NUMBERS), np.nan)  # (M, 7)
        self._flags = np.zeros(count, np.uint8)  # (M,)
        self._ranges = np.ones((count, outputs), np.float32)  # (M, K)
        self._side = next(side for most, side in SIDES.items() if count <= most)
        self._maps = np.full((count, outputs, self._side, self._side), 128, np.uint8)  # (M, K, s, s)
        self._final: set[int] = set()  # members that have ended and were painted since
        self._fresh = True  # whether something has changed since the last frame
        self._due = 0.0  # when the next frame may be made
        self._cost = 50e-6  # seconds that an update takes, as measured

    @classmethod
    def of_restarts(cls, config: Config, count: int, epochs: int) -> RunGallery:
        """The same run from so many first weights; ValueError where that is too much."""
        _check(config, count)
        return cls("restarts", restarted(config, count), [config] * count, [str(i + 1) for i in range(count)], epochs)

    @classmethod
    def of_values(cls, config: Config, knob: str, values: Sequence[Any], epochs: int) -> RunGallery:
        """The same run with some values of a knob; ValueError where one of them is none, or all are too much."""
        configs = list(compared(config, knob, values))
        for one in configs:
            _check(one, len(configs))
        labels = [value_label(knob, value) for value in values]
        gallery = cls("compare", map(Trainer, configs), configs, labels, epochs)
        gallery.knob, gallery.title = knob, knobs()[knob].label
        return gallery

    def summary(self) -> dict[str, Any]:
        """What a page has to know of it beside its frames."""
        names = ("kind", "knob", "title", "labels", "epochs", "number", "playing", "done")
        return {name: getattr(self, name) for name in names}

    # --- controls -----------------------------------------------------------------------------------------------

    def play(self, playing: bool) -> None:
        """Go on, or rest."""
        self.playing, self._fresh = playing, True

    def attach(self) -> None:
        """Another connection, whose page has nothing of it."""
        self._seen, self._fresh = 0, True
        self._in_flight.clear()

    def ack(self, number: int) -> None:
        """The page has drawn a frame, and with it all that came before."""
        for frame in [frame for frame in self._in_flight if frame <= number]:
            self._seen = max(self._seen, self._in_flight.pop(frame))

    def adopted(self, member: int) -> tuple[Trainer, LossHistory]:
        """A member as it is now, with its losses so far; ValueError where there is none."""
        if not 0 <= member < len(self.labels):
            raise InputError(Problem("member", f"0 to {len(self.labels) - 1}", str(member)))
        if self._members is None:
            raise InputError(Problem("member", "one that has begun to train", "one that has not"))
        trainer = self._members.trainer(member)
        rows = ((epoch, *losses[member].tolist()) for epoch, losses in self._rows)
        return trainer, LossHistory.of(_row(trainer.config, *row) for row in rows if np.isfinite(row[:3]).all())

    # --- scheduling ---------------------------------------------------------------------------------------------

    @property
    def _trains(self) -> bool:
        return self.playing and not self.done

    def ready(self, may_send: bool) -> bool:
        """Whether a turn now would do something."""
        return self._trains or self._rendering is not None or (self._fresh and may_send)

    # --- turns --------------------------------------------------------------------------------------------------

    def turn(self, clock: Clock, budget: float, numbering: Numbering | None) -> bytes | None:
        """Train and render for about `budget` seconds; gives a frame once it is rendered and one may
        be sent: then it gets its number."""
        now = clock()
        end = now + budget
        while True:
            if self._rendering is None and self._fresh and numbering and (now >= self._due or not self._trains):
                self._rendering = self._render()
            if self._rendering is not None:
                if next(self._rendering, self) is self:
                    self._rendering = None
                    return self._frame(now, numbering)
            elif self._trains:
                self._work(clock, now, end)
            else:
                return None
            now = clock()
            if now >= end:
                return None

    def _work(self, clock: Clock, now: float, end: float) -> None:
        """The next piece of work: a member, a look at the losses, or some updates."""
        self._fresh = True
        if self._members is None:
            self._make()
        elif self._measuring is not None:
            if next(self._measuring, self) is self:
                self._measuring = None
                self.done = self._members.ended or self._members.epoch >= self.epochs
        else:
            updates = self._members.step(max(1, int((end - now) / self._cost)))
            self._cost += 0.2 * ((clock() - now) / max(1, updates) - self._cost)
            self._measure_if_due(self._members)

    def _make(self) -> None:
        """One member more; the first weights of large networks take long to draw."""
        trainer = next(self._trainers_left, None)
        if trainer is not None:
            self._made.append(trainer)
            return
        same = self.kind == "restarts"
        self._members = Restarts(self._made) if same else Members(self._made)
        grids = [self._grid(made) for made in (self._made[:1] if same else self._made)]
        self._grids = grids * len(self._made) if same else grids
        self._measuring = self._measure(self._members)

    def _grid(self, trainer: Trainer) -> Grid:
        return Grid(trainer.config, self._side, unit_side=1, scaling=trainer.scaling)

    def _measure_if_due(self, members: Members) -> None:
        epoch = members.epoch
        due = epoch % self._every == 0 or epoch >= self.epochs
        if members.ended or (members.at_epoch_start and due and epoch > self._rows[-1][0]):
            self._measuring = self._measure(members)

    def _measure(self, members: Members) -> Iterator[None]:
        """Take the losses of all members as they are now, piece by piece."""
        losses = np.full((len(members), 3), np.nan)  # (M, 3)
        for group in members.groups:
            going = [member for member in group if members.epoch_of(member) == members.epoch]
            if going:
                losses[going] = members.losses(going)
            yield
        self._rows.append((members.epoch, losses))

    # --- frames -------------------------------------------------------------------------------------------------

    def _render(self) -> Iterator[None]:
        """Take the numbers and maps of all members as they are now, piece by piece."""
        members = self._members
        for member in range(len(members) if members else 0):
            assert members
            if member not in self._final:
                self._render_member(members, member)
                yield

    def _render_member(self, members: Members, member: int) -> None:
        measured = members.measure(member)
        losses = measured.train_loss, measured.test_loss, measured.validation_loss
        scores = measured.train_score, measured.test_score, measured.validation_score
        self._numbers[member] = [members.epoch_of(member), *losses, *scores]
        diverged, stopped = members.has_diverged(member), members.has_stopped(member)
        self._flags[member] = DIVERGED * diverged | STOPPED * stopped
        maps = self._grids[member].maps(members.network(member))
        self._maps[member], self._ranges[member] = maps.outputs, maps.ranges[-len(maps.outputs) :]
        if diverged or stopped:
            self._final.add(member)

    def _frame(self, now: float, numbering: Numbering | None) -> bytes | None:
        if numbering is None:
            return None  # the page has gone since this was begun
        number, members = numbering(), len(self.labels)
        self._in_flight[number] = len(self._rows)
        rows = [[epoch, *losses.T.ravel()] for epoch, losses in self._rows[self._seen :]]
        frame = GalleryFrame(
            number=number,
            gallery=self.number,
            epoch=self._members.epoch if self._members else 0,
            members=self._numbers,
            rows=np.array(rows, float).reshape(-1, 1 + 3 * members),
            flags=self._flags,
            ranges=self._ranges,
            maps=self._maps,
            playing=self._trains,
            done=self.done,
        )
        packed = pack(frame)
        self._fresh = False
        self._due = now + max(FRAME_SECONDS, len(packed) / BYTES_A_SECOND)
        return packed


def _row(config: Config, epoch: int, train: float, test: float, validation: float) -> HistoryRow:
    """A row of a history of which nothing is known of single batches."""
    return HistoryRow(epoch, train, test, train, train, validation, min(config.rate_at(epoch), LARGEST))


def _check(config: Config, count: int) -> None:
    """Refuse what would take more memory than there may be: two buffers for all points, five for those of a batch."""
    units, points = sum(config.shape[1:]), 2 * config.samples + 5 * min(config.batchSize, config.samples)
    most = MAX_BUFFER_BYTES // (8 * max(1, units * points))
    if count > most:
        at_most = f"at most {most}" if most > 1 else "fewer units, points or a smaller batch"
        raise InputError(Problem("count", f"{at_most} runs of a network and data of this size", str(count)))

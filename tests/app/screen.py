"""A page that looks at a run, under a clock that only training and waiting move on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.live.run import LiveRun
from app.wire.frames import Frame, unpack
from app.wire.refusal import Answer
from engine import Config, Trainer

CONFIG = Config(networkShape=(3, 2), percValidationData=20)  # 25 updates an epoch
BUDGET = 0.002
QUICK = 50e-6  # seconds of an update
READING = 1e-7  # seconds between two looks at the clock, without which a loop that waits for it would never end


class Screen:
    """A page that looks at a run for as long as it is told, giving it each turn that it is ready for."""

    def __init__(self, run: LiveRun, update_seconds: float = QUICK, *, acks: bool = True) -> None:
        self.run, self.update_seconds, self.acks = run, update_seconds, acks
        self.frames: list[Frame] = []
        self.times: list[float] = []
        self.said: list[Answer] = []
        self._waited, self._worked, self._last = 1e5, 0.0, run.trainer.updates  # clocks have run for long

    def clock(self) -> float:
        """The time: what was waited, and what the updates cost."""
        done, self._last = self.run.trainer.updates - self._last, self.run.trainer.updates
        self._worked += max(0, done) * self.update_seconds
        self._waited += READING
        return self._waited + self._worked

    def turn(self, budget: float = BUDGET) -> None:
        """Give the run one turn."""
        frame, said = self.run.turn(self.clock, budget)
        self.said += said
        if frame is not None:
            self.frames.append(unpack(frame))
            self.times.append(self.clock())
            if self.acks:
                self.run.ack(self.frames[-1].number)

    def watch(self, seconds: float) -> list[Frame]:
        """Look on for some time; gives the frames of that time."""
        before, end = len(self.frames), self.clock() + seconds
        while (now := self.clock()) < end:
            if self.run.ready(now):
                self.turn()
            else:
                wakes = self.run.wakes_at()
                self._waited += max(0.0, min(end, end if wakes is None else wakes) - now)
        return self.frames[before:]

    def history(self) -> NDArray[np.float64]:
        """The losses of all frames so far."""
        return np.concatenate([frame.history for frame in self.frames])


def attached(config: Config = CONFIG) -> LiveRun:
    run = LiveRun(Trainer(config))
    run.attach(-1)
    return run


def playing(config: Config = CONFIG, speed: str = "1") -> LiveRun:
    run = attached(config)
    run.speed = speed
    run.play()
    return run


def trained(epochs: int, config: Config = CONFIG) -> Trainer:
    trainer = Trainer(config)
    trainer.train(epochs)
    return trainer


def row(trainer: Trainer) -> list[float]:
    """The row of the history that belongs to an epoch that has just ended."""
    measures, batches = trainer.measure(), trainer.batch_losses()
    low, high = (batches.min(), batches.max()) if len(batches) else (measures.train_loss, measures.train_loss)
    losses = measures.train_loss, measures.test_loss
    return [trainer.epoch, *losses, float(low), float(high), measures.validation_loss, trainer.rate]


def bits(run: LiveRun | Trainer) -> bytes:
    trainer = run.trainer if isinstance(run, LiveRun) else run
    return trainer.network.theta.tobytes()


def epochs(frames: list[Frame]) -> list[int]:
    return [frame.epoch for frame in frames]

"""A page that means no harm and trains while others do theirs."""

from __future__ import annotations

from app.wire.frames import Frame
from engine import Trainer, parse_link
from tests.app.pages import Page
from tests.faults.witness import LINK, TROUBLE


class Bystander:
    """A page that plays all the time, beside a trainer of the same run that nobody else can reach."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.greet(LINK)
        page.ask("play")
        self._trainer = Trainer(parse_link(LINK).config)

    def notices_nothing(self) -> None:
        """See that it is answered, that all its frames are as the trainer has them, and that it heard of no trouble."""
        now = self.page.ask("speed", speed="1")
        assert self.page.frame(lambda frame: frame.updates >= now["updates"]).playing
        for frame in self.page.frames:
            self._check(frame)
        assert not TROUBLE & {answer["type"] for answer in self.page.answers}
        self.page.frames.clear()
        self.page.answers.clear()

    def _check(self, frame: Frame) -> None:
        trainer = self._trainer
        while trainer.updates < frame.updates:
            trainer.step(1)
        assert (trainer.updates, trainer.epoch) == (frame.updates, frame.epoch)
        assert trainer.network.theta.tobytes() == frame.theta.tobytes()

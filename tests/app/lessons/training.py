"""Training what the lessons set up, and what their claims are measured by."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import count, pairwise
from typing import Any

import numpy as np

from engine import Measures, Trainer
from engine.link.link import parse_link
from engine.tables import Array
from tests.app.lessons.lessons import OURS


def link_of(name: str, words: str = "") -> str:
    """A lesson's link, or that of one of its tries by some of its words."""
    if not words:
        return OURS[name].link
    (link,) = (one.link for one in OURS[name].tries if words in one.text and one.link)
    return link


def begun(link: str, epochs: int = 0, **changed: Any) -> Trainer:
    """A run of a link with other values, after some epochs."""
    trainer = Trainer(parse_link(link).config.replace(**changed))
    if epochs:
        trainer.train(epochs)
    return trainer


@cache
def measured(link: str, *epochs: int, **changed: Any) -> tuple[Measures, ...]:
    """What is measured after some numbers of epochs, ascending."""
    trainer, found = begun(link, **changed), []
    for epoch in epochs:
        if epoch:
            trainer.train(epoch - trainer.epoch)
        found.append(trainer.measure())
    return tuple(found)


def at(link: str, epoch: int, **changed: Any) -> Measures:
    """What is measured after so many epochs."""
    return measured(link, epoch, **changed)[0]


def losses_of(link: str, *epochs: int, **changed: Any) -> list[float]:
    """The test losses after some numbers of epochs."""
    return [one.test_loss for one in measured(link, *epochs, **changed)]


def first_epoch(link: str, reached: Callable[[Measures], bool], **changed: Any) -> int:
    """The first epoch of at most 1,000 at which something is reached; 1,000 where it never is."""
    trainer = begun(link, **changed)
    for epoch in count(1):
        trainer.train()
        if epoch == 1000 or reached(trainer.measure()):
            return epoch
    raise AssertionError


def moved_by_updates(trainer: Trainer, updates: int) -> Array:
    """How the parameters change at each of some updates, (updates, P)."""
    places = [trainer.network.theta.copy()]
    for _ in range(updates):
        trainer.step()
        places.append(trainer.network.theta.copy())
    return np.array([after - before for before, after in pairwise(places)])


def batch_spread(trainer: Trainer) -> float:
    """From the lowest to the highest loss of a batch of the last epoch, over the training loss."""
    return float(np.ptp(trainer.batch_losses()) / trainer.losses().train)

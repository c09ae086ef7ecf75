"""What would help a run that is stuck: at most three changes of its configuration, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from app.explain.reasons import LARGE, USUAL_RATE, largest_input
from engine import Trainer
from engine.tables.features import FEATURES

MOST = 3
SLOW, FAST = USUAL_RATE / 3, 10 * USUAL_RATE
"""A lower learning rate is worth raising, a higher one worth lowering."""
WEAK = frozenset({"linear", "sigmoid"})
"""Activations that do not bend, or pass on small gradients."""
UNITS = 8
"""As many in a layer draw borders that bend often."""
WORTH = 0.1
"""How much more of the labels' variance features explain that are offered before the sines."""


class Move(NamedTuple):
    """A change that would help."""

    label: str
    """What it does, in two or three words."""
    why: str
    """The reason, as a part of a sentence."""
    set: dict[str, Any]
    """The fields of the configuration, and their values."""


NORMALIZE = Move("Normalize inputs", "large inputs leave the activations no slope", {"normalize": True})
SINES = Move("Add sines", "sines bend the border more often", {"sinX": True, "sinY": True})
FEATURE_MOVES = (
    Move("Add squares", "squares see the distance from the middle", {"xSquared": True, "ySquared": True}),
    Move("Add the product", "the product of x1 and x2 tells the quadrants apart", {"xTimesY": True}),
)


def moves(trainer: Trainer) -> list[Move]:
    """The changes that would help most, the best first. Where inputs are large nothing helps but to normalize them."""
    if largest_input(trainer.config) >= LARGE:
        return [NORMALIZE]
    return [move for find in MOVES for move in find(trainer)][:MOST]


def _bend(trainer: Trainer) -> Iterator[Move]:
    if not WEAK.isdisjoint(trainer.config.hidden_activations):
        fields = {"activation": "tanh", "activations": []}
        yield Move("Use Tanh", "Tanh bends the border and keeps gradients strong", fields)


def _relax(trainer: Trainer) -> Iterator[Move]:
    config = trainer.config
    if config.regularization != "none" and config.regularizationRate >= 0.01:
        yield Move("No regularization", "regularization keeps the weights small", {"regularization": "none"})


def _rate(trainer: Trainer) -> Iterator[Move]:
    config = trainer.config
    if config.optimizer == "sgd" and not SLOW < config.learningRate < FAST:
        steps = "larger steps get further" if config.learningRate <= SLOW else "smaller steps settle"
        yield Move(f"Learning rate {USUAL_RATE:g}", steps, {"learningRate": USUAL_RATE})


def _features(trainer: Trainer) -> Iterator[Move]:
    config = trainer.config
    if not config.networkShape or config.image_set:
        return  # pixels are no features, and a few sums of squares diverge where hidden units learn
    before = _explained(trainer, config.features)
    for move in (*FEATURE_MOVES, SINES):
        new = [name for name in move.set if not getattr(config, name)]
        if new and (move is SINES or _explained(trainer, (*config.features, *new)) > before + WORTH):
            yield move
            return


def _units(trainer: Trainer) -> Iterator[Move]:
    config = trainer.config
    hidden = tuple(max(UNITS, size) for size in config.networkShape) or (UNITS,)
    if hidden != config.networkShape and WEAK.isdisjoint(config.hidden_activations):
        yield Move(f"{UNITS} units a layer", "more units draw finer borders", {"networkShape": list(hidden)})


def _explained(trainer: Trainer, features: tuple[str, ...]) -> float:
    """The share of the labels' variance that a sum of these features explains."""
    x, y, labels = np.array(trainer.train_data.points).T
    columns = np.stack([np.ones_like(x), *(FEATURES[name].f(x, y, np) for name in features)], axis=1)  # (N, 1 + D)
    target = (labels[:, None] == np.unique(labels)).astype(float) if trainer.config.problem == "multiclass" else labels
    weights = np.linalg.lstsq(columns, target, rcond=None)[0]
    return float(1 - np.var(target - columns @ weights) / max(np.var(target), 1e-12))


MOVES: tuple[Callable[[Trainer], Iterator[Move]], ...] = (_bend, _relax, _rate, _features, _units)
"""What finds each, the most thorough first."""

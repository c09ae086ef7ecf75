"""What is offered to a run that is stuck truly helps it."""

from __future__ import annotations

from typing import Any

import pytest

from app.explain.moves import MOST, moves
from engine import Config, Trainer

EPOCHS = 1500
STUCK: dict[str, tuple[dict[str, Any], list[str]]] = {
    "spiral": ({"dataset": "spiral"}, ["Add sines", "8 units a layer"]),
    "ring": ({"dataset": "ring"}, ["Add squares", "8 units a layer"]),
    "scales": ({"dataset": "scales"}, ["Normalize inputs"]),
    "linear": ({"dataset": "circle", "activation": "linear"}, ["Use Tanh", "Add squares"]),
    "no hidden layer": ({"dataset": "circle", "networkShape": ()}, ["8 units a layer"]),
    "slow": ({"dataset": "spiral", "learningRate": 0.003}, ["Learning rate 0.03", "Add sines", "8 units a layer"]),
    "fast": ({"dataset": "spiral", "learningRate": 0.3}, ["Learning rate 0.03", "Add sines", "8 units a layer"]),
    "sigmoid": ({"dataset": "spiral", "activation": "sigmoid"}, ["Use Tanh", "Add sines"]),
    "held down": (
        {"dataset": "circle", "regularization": "L2", "regularizationRate": 0.1},
        ["No regularization", "Add squares", "8 units a layer"],
    ),
    "arms": ({"problem": "multiclass", "classDataset": "arms"}, ["Add sines", "8 units a layer"]),
}


def trained(fields: dict[str, Any]) -> Trainer:
    trainer = Trainer(Config.model_validate({"seed": "0.1", **fields}))
    trainer.train(EPOCHS)
    return trainer


@pytest.mark.parametrize(("fields", "labels"), STUCK.values(), ids=STUCK)
def test_every_move_that_is_offered_lowers_the_loss(fields: dict[str, Any], labels: list[str]) -> None:
    stuck = trained(fields)
    loss, offered = stuck.measure().train_loss, moves(stuck)
    assert [move.label for move in offered] == labels
    for move in offered:
        assert trained({**fields, **move.set}).measure().train_loss < 0.97 * loss, move


def test_what_has_everything_already_is_offered_nothing() -> None:
    everything = dict.fromkeys(("xSquared", "ySquared", "xTimesY", "sinX", "sinY"), True)
    assert moves(Trainer(Config.model_validate({**everything, "networkShape": (8, 8)}))) == []
    assert all(len(moves(trained(fields))) <= MOST for fields, _ in [STUCK["slow"]])

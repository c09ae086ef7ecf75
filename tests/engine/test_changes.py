"""Changes to a run while it trains: knobs, weights, biases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.trainer import Trainer
from tests.engine.runs import PointByPoint, small, state, theta


@pytest.mark.parametrize(
    "change",
    [
        {"learningRate": 0.5},
        {"regularization": "L1", "regularizationRate": 0.3},
        {"regularization": "L2", "regularizationRate": 0.3},
        {"batchSize": 3},
        {"activation": "relu"},
        {"activation": "sine", "batchSize": 25, "learningRate": 0.1},
        {"discretize": True, "hide": ("noise",)},
        {"activations": ("relu", "sine")},
        {"loss": "hinge", "outputActivation": "linear"},
        {"outputActivation": "step", "loss": "perceptron"},
        {"optimizer": "adam", "momentum": 0.5, "schedule": "step", "decayEpochs": 2, "clipNorm": 0.1},
        {"reshuffle": True},
        {"dropout": 0.5},
    ],
    ids=str,
)
def test_a_change_keeps_the_parameters_and_from_the_start_makes_the_run_that_it_describes(
    change: dict[str, Any],
) -> None:
    changed, fresh = Trainer(small()), Trainer(small(**change))
    before = theta(changed)
    changed.reconfigure(small(**change))
    assert theta(changed) == before
    assert changed.config == fresh.config
    changed.train(5)
    fresh.train(5)
    assert state(changed) == state(fresh)
    assert changed.losses() == fresh.losses()


def test_a_change_amid_an_epoch_keeps_the_place() -> None:
    trainer = Trainer(small(batchSize=5))
    trainer.train(2)
    trainer.step(2)
    before = trainer.snapshot()
    trainer.reconfigure(small(batchSize=5, activation="relu", learningRate=0.5, regularization="L2"))
    assert trainer.snapshot() == before


@pytest.mark.parametrize(
    ("batch", "steps", "other", "batches"),
    [
        # 20 of 25 points are used in batches of 5 when the size becomes ...
        pytest.param(5, 4, 7, [7] * 5, id="the next multiple of 7 is 21, and 4 points are left over"),
        pytest.param(5, 4, 3, [3] * 5, id="updates after 21 and 24"),
        pytest.param(5, 4, 25, [25] * 5, id="an update after 25"),
        pytest.param(5, 4, 15, [15] * 5, id="no multiple of 15 is left, so that 5 points wait"),
        pytest.param(5, 4, 10, [10] * 5, id="no multiple of 10 is left either"),
        pytest.param(5, 1, 8, [8] * 20, id="5 points are used, updates after 8, 16 and 24"),
        # Between two epochs, with 5 points waiting
        pytest.param(10, 2, 3, [10] * 5 + [3] * 25, id="points that wait join the first batch of 3"),
        pytest.param(10, 2, 25, [10] * 5 + [25] * 25, id="points that wait join the first batch of 25"),
    ],
)
def test_after_another_batch_size_updates_come_at_its_multiples_in_the_epoch(
    batch: int, steps: int, other: int, batches: list[int]
) -> None:
    trainer = Trainer(small(batchSize=batch))
    plain = PointByPoint(trainer)
    trainer.step(steps)
    plain.go([batch] * batch * steps)
    trainer.reconfigure(small(batchSize=other))
    while trainer.epoch * 25 < plain.passed + len(batches):
        trainer.train()
    np.testing.assert_allclose(trainer.network.theta, plain.go(batches), rtol=0, atol=1e-14)
    # and what is left over is waiting as it should
    trainer.train()
    np.testing.assert_allclose(trainer.network.theta, plain.go([other] * 25), rtol=0, atol=1e-14)


def test_an_epoch_without_a_multiple_of_the_new_batch_size_left_is_over_at_once() -> None:
    trainer = Trainer(small(batchSize=5))
    trainer.step(4)
    trainer.reconfigure(small(batchSize=10))
    assert (trainer.epoch, trainer.updates, trainer.at_epoch_start) == (1, 4, True)
    trainer.step()
    assert (trainer.epoch, trainer.updates) == (1, 5)


def test_another_activation_revives_no_weight() -> None:
    config = small(regularization="L1", regularizationRate=3)
    trainer = Trainer(config)
    trainer.train(3)
    dead = trainer.dead.copy()
    assert 0 < dead.sum() < len(dead)
    trainer.reconfigure(config.model_copy(update={"activation": "sigmoid"}))
    trainer.train(3)
    assert trainer.dead[dead].all()
    assert not trainer.network.theta[dead].any()


MANY = [
    {"learningRate": 0.5, "momentum": 0.5, "schedule": "cosine", "clipNorm": 1.0},
    {"regularization": "L2", "batchSize": 5, "reshuffle": True, "dropout": 0.2},
    {"activation": "relu", "activations": ("sine",), "loss": "hinge", "outputActivation": "step"},
]


@pytest.mark.parametrize("change", MANY, ids=str)
def test_a_change_of_anything_but_the_optimizer_keeps_what_that_remembers(change: dict[str, Any]) -> None:
    trainer = Trainer(small(optimizer="adam"))
    trainer.step(5)
    before = trainer.snapshot()
    assert np.frombuffer(before.memory).all()
    trainer.reconfigure(small(optimizer="adam", **change))
    assert trainer.snapshot() == before
    trainer.train(3)
    assert trainer.snapshot().steps == trainer.updates


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "rmsprop"])
def test_another_optimizer_remembers_nothing_yet(optimizer: str) -> None:
    trainer, fresh = Trainer(small(optimizer="adam")), Trainer(small(optimizer=optimizer))
    trainer.step(5)
    theta_before = theta(trainer)
    trainer.reconfigure(small(optimizer=optimizer))
    assert theta(trainer) == theta_before
    assert trainer.snapshot().steps == 0
    assert not np.frombuffer(trainer.snapshot().memory).any()
    fresh.restore(trainer.snapshot())
    for run in (trainer, fresh):
        run.train(3)
    assert state(trainer) == state(fresh)


@pytest.mark.parametrize("change", [{"learningRate": 0.5}, {"loss": "hinge"}, {"optimizer": "adam"}], ids=str)
def test_a_change_leaves_the_last_gradient_to_be_seen(change: dict[str, Any]) -> None:
    trainer = Trainer(small())
    trainer.step()
    before = trainer.gradient()
    assert before.any()
    trainer.reconfigure(small(**change))
    np.testing.assert_array_equal(trainer.gradient(), before)


def test_another_loss_is_what_is_told_from_then_on() -> None:
    trainer, other = Trainer(small()), Trainer(small(loss="crossEntropy"))
    trainer.reconfigure(small(loss="crossEntropy"))
    assert trainer.losses() == other.losses()


def test_a_batch_that_never_filled_waits_for_a_smaller_one() -> None:
    trainer = Trainer(small(batchSize=30))
    plain = PointByPoint(trainer)
    trainer.train()
    trainer.reconfigure(small(batchSize=10))
    trainer.train()
    assert (trainer.epoch, trainer.updates) == (2, 2)
    np.testing.assert_allclose(trainer.network.theta, plain.go([30] * 25 + [10] * 25), rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("change", "restart"),
    [
        ({"networkShape": (3, 3)}, "network"),
        ({"xSquared": True}, "network"),
        ({"initZero": True}, "network"),
        ({"weightSeed": "w"}, "network"),
        ({"normalize": True}, "network"),
        ({"percValidationData": 20}, "data"),
        ({"seed": "other"}, "data"),
        ({"noise": 5}, "data"),
        ({"problem": "regression"}, "data"),
        ({"numSamples": 101}, "data"),
    ],
    ids=str,
)
def test_a_change_that_needs_a_new_run_is_refused_and_changes_nothing(change: dict[str, Any], restart: str) -> None:
    trainer = Trainer(small())
    trainer.train()
    before = state(trainer)
    with pytest.raises(ValueError, match=f"config: expected the same {restart} as before, got a change"):
        trainer.reconfigure(small(**change))
    assert trainer.config == small()
    assert state(trainer) == before


def test_a_parameter_set_by_hand_is_the_one_that_was_named() -> None:
    trainer = Trainer(small())
    before = [layer.W.copy() for layer in trainer.network.layers]
    trainer.set_weight(1, 1, 2, 7.5)
    trainer.set_bias(0, 2, -3)
    trainer.set_bias(2, 0, 9)
    before[1][1, 2] = 7.5
    before[0][2, -1] = -3  # a unit's bias is its last parameter
    before[2][0, -1] = 9
    for layer, W in zip(trainer.network.layers, before, strict=True):
        np.testing.assert_array_equal(layer.W, W)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ((-1, 0, 0, 1), "layer: expected 0 to 2, got -1"),
        ((3, 0, 0, 1), "layer: expected 0 to 2, got 3"),
        ((1, 2, 0, 1), "unit: expected 0 to 1 in layer 1, got 2"),
        ((1, -1, 0, 1), "unit: expected 0 to 1 in layer 1, got -1"),
        ((0, 0, 2, 1), "source: expected 0 to 1, got 2"),  # the bias is no weight
        ((0, 0, -1, 1), "source: expected 0 to 1, got -1"),
        ((0, 0, 0, float("nan")), "value: expected a finite number, got nan"),
        ((0, 0, 0, float("-inf")), "value: expected a finite number, got -inf"),
    ],
)
def test_a_weight_that_is_not_there_or_no_number_is_refused(place: tuple[int, int, int, float], message: str) -> None:
    trainer = Trainer(small())
    before = state(trainer)
    with pytest.raises(ValueError, match=rf"^{message}\.$"):
        trainer.set_weight(*place)
    assert state(trainer) == before


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ((3, 0, 1), "layer: expected 0 to 2, got 3"),
        ((0, 3, 1), "unit: expected 0 to 2 in layer 0, got 3"),
        ((0, 0, float("inf")), "value: expected a finite number, got inf"),
    ],
)
def test_a_bias_that_is_not_there_or_no_number_is_refused(place: tuple[int, int, float], message: str) -> None:
    trainer = Trainer(small())
    before = state(trainer)
    with pytest.raises(ValueError, match=rf"^{message}\.$"):
        trainer.set_bias(*place)
    assert state(trainer) == before

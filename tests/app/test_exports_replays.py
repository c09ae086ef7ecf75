"""What a script can train anew is found out by training, and what it cannot is told with its reason."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from app.exports import Model, replays, trainer_from
from app.exports.layers import layers
from app.exports.replays import REASONS, Plan, plan
from app.exports.scripts import PLACES
from engine import Config, Trainer, parse_link
from tests.engine.runs import own, small

SPIRAL = parse_link(
    "dataset=spiral&networkShape=8,8,8&xSquared=true&ySquared=true&xTimesY=true&sinX=true&sinY=true"
).config
"""Its rounding errors grow between epochs 100 and 200."""


def planned(trainer: Trainer) -> Plan:
    return plan(trainer, 1e-9, PLACES)


def trained(config: Config, updates: int = 20) -> Trainer:
    trainer = Trainer(config)
    trainer.step(updates)
    return trainer


@pytest.mark.parametrize(
    "values", [{}, {"regularization": "L1", "regularizationRate": 3.0}, {"initZero": True, "activation": "sigmoid"}]
)
def test_a_run_that_was_left_alone_is_trained_whole(values: dict[str, Any]) -> None:
    trainer = trained(small(**values))
    found = planned(trainer)
    assert (found.aim, found.updates, found.reason, found.tolerance) == (trainer, 20, "", 1e-9)
    assert found.first.network.theta.tolist() == Trainer(trainer.config).network.theta.tolist()


def assert_present(found: Plan, trainer: Trainer, reason: str) -> None:
    assert (found.first, found.aim, found.updates, found.reason) == (trainer, trainer, 0, reason)
    assert reason in REASONS


def test_a_run_without_updates_has_nothing_to_train() -> None:
    trainer = Trainer(small())
    assert_present(planned(trainer), trainer, "untrained")
    trainer = trained(small(batchSize=100))
    assert trainer.epoch == 20
    assert_present(planned(trainer), trainer, "untrained")


def test_a_weight_set_by_hand_is_noticed() -> None:
    for updates in (0, 20):
        trainer = trained(small(), updates)
        trainer.set_bias(0, 1, 0.7)
        assert_present(planned(trainer), trainer, "changed")


def test_a_weight_set_by_very_little_is_not_taken_for_rounding() -> None:
    trainer = trained(small())
    trainer.set_bias(0, 1, float(trainer.network.layers[0].biases[1]) + 1e-7)
    assert_present(planned(trainer), trainer, "changed")


def test_a_setting_changed_on_the_way_is_noticed() -> None:
    trainer = trained(small())
    trainer.reconfigure(small(activation="relu"))
    assert_present(planned(trainer), trainer, "changed")


def test_a_batch_that_grew_beyond_the_points_is_noticed_even_where_nothing_moves() -> None:
    trainer = trained(small(learningRate=0))
    trainer.reconfigure(small(learningRate=0, batchSize=100))
    assert_present(planned(trainer), trainer, "changed")


def test_a_run_from_a_file_is_noticed() -> None:
    model = Model(None, None, [(part.weights, part.biases) for part in layers(trained(small()))])
    trainer = trainer_from(model, small())
    trainer.step(4)
    assert_present(planned(trainer), trainer, "changed")


def test_a_run_that_diverged_is_left_at_its_last_weights() -> None:
    trainer = trained(small(problem="regression", learningRate=50), 400)
    assert trainer.diverged
    found = planned(trainer)
    assert_present(found, trainer, "diverged")
    assert found.tolerance == math.inf


def test_a_long_run_is_not_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replays, "MAX_SECONDS", 0.0)
    trainer = trained(small())
    assert_present(planned(trainer), trainer, "long")


def test_a_run_that_grows_rounding_errors_is_followed_as_far_as_they_let() -> None:
    trainer = Trainer(SPIRAL)
    trainer.train(230)
    found = planned(trainer)
    assert found.reason == "followed"
    assert 50 < found.aim.epoch < 230
    assert found.updates == found.aim.updates == 25 * found.aim.epoch
    assert found.aim.at_epoch_start
    twin = Trainer(SPIRAL)
    assert found.first.network.theta.tolist() == twin.network.theta.tolist()
    twin.step(found.updates)
    assert found.aim.network.theta.tolist() == twin.network.theta.tolist()


def test_a_run_that_is_chaotic_from_the_beginning_is_not_followed() -> None:
    trainer = trained(small(batchSize=1, learningRate=3, activation="sine", networkShape=(8, 8)), 250)
    assert_present(planned(trainer), trainer, "sensitive")


def test_weights_that_hang_on_rounding_errors_are_not_compared() -> None:
    trainer = Trainer(small(activation="sine"))
    trainer.network.theta[:] *= 1e14
    assert planned(trainer).tolerance == math.inf


def test_a_run_that_is_a_little_sensitive_gets_a_wider_tolerance() -> None:
    trainer = trained(small(batchSize=1, learningRate=0.3, networkShape=(8, 8, 6)), 60)
    found = plan(trainer, 1e-16, PLACES)
    assert (found.reason, found.aim) == ("", trainer)
    assert 1e-14 < found.tolerance < 1e-6
    assert found.tolerance == pytest.approx(10 ** round(np.log10(found.tolerance)))


def test_own_points_without_any_are_no_trouble() -> None:
    trainer = trained(own([]))
    assert_present(planned(trainer), trainer, "untrained")

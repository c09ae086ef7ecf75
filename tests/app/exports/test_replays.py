"""What a script can train anew is found out by training, and what it cannot is told with its reason."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from app.exports import Model, trainer_from
from app.exports.files.layers import layers
from app.exports.scripts import replays
from app.exports.scripts.replays import REASONS, ReplayPlan, plan
from app.exports.scripts.script import CHECK_POINTS
from app.exports.scripts.stopping import stops_alike
from engine import Config, Trainer, parse_link
from tests.engine.runs import own, small

SPIRAL = parse_link(
    "dataset=spiral&networkShape=8,8,8&xSquared=true&ySquared=true&xTimesY=true&sinX=true&sinY=true"
).config
"""Its rounding errors grow between epochs 100 and 200."""


def planned(trainer: Trainer) -> ReplayPlan:
    return plan(trainer, 1e-9, CHECK_POINTS)


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


def assert_present(found: ReplayPlan, trainer: Trainer, reason: str) -> None:
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
    monkeypatch.setattr(replays, "MAX_SECONDS", 20 * 4e-5)
    assert planned(trained(small())).reason == ""
    trainer = trained(small(optimizer="adam", dropout=0.1))  # the same number of updates, which take longer
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
    found = plan(trainer, 1e-16, CHECK_POINTS)
    assert (found.reason, found.aim) == ("", trainer)
    assert 1e-14 < found.tolerance < 1e-6
    assert found.tolerance == pytest.approx(10 ** round(np.log10(found.tolerance)))


def stopping(**values: Any) -> Trainer:
    return trained(small(percValidationData=20, patience=4, noise=50, learningRate=0.3, **values), 300)


def test_a_run_that_is_stopped_early_is_trained_to_its_end() -> None:
    trainer = stopping()
    assert trainer.stopped
    found = planned(trainer)
    assert (found.aim, found.updates, found.reason, found.patient) == (trainer, trainer.updates, "", True)


def test_a_run_that_was_let_go_on_after_its_end_is_trained_without_early_stopping() -> None:
    trainer = stopping()
    stopped = trainer.updates
    trainer.resume()
    trainer.train(2)
    found = planned(trainer)
    assert (found.aim, found.reason, found.patient) == (trainer, "", False)
    assert found.updates == trainer.updates > stopped


def test_early_stopping_by_less_than_a_rounding_error_is_left_out() -> None:
    """Where steps are this small, the validation loss is lower or not by how its sum is rounded."""
    trainer = stopping()
    assert stops_alike(trainer, 1e-12)
    assert not stops_alike(trainer, 0.5)
    slow = trained(small(percValidationData=20, patience=3, learningRate=1e-17), 300)
    assert slow.stopped
    assert stops_alike(slow, 1e-12)  # no weight ever moves, so that the loss stays in every program
    creeping = trained(small(percValidationData=20, patience=3, learningRate=3e-15, seed="5"), 300)
    assert creeping.stopped
    assert not planned(creeping).patient
    assert planned(creeping).updates == creeping.updates


def test_a_run_whose_best_weights_were_restored_is_trained_to_its_end_and_back_to_them() -> None:
    trainer = stopping(restoreBest=True)
    found = planned(trainer)
    assert (found.aim, found.updates, found.reason, found.patient) == (trainer, trainer.updates, "", True)


def test_restored_weights_are_trained_without_early_stopping_where_rounding_decides_about_its_end() -> None:
    creeping = trained(
        small(percValidationData=20, patience=3, restoreBest=True, learningRate=3e-15, seed="5"), updates=300
    )
    assert creeping.stopped
    found = planned(creeping)
    assert (found.aim.epoch, found.reason, found.patient) == (creeping.stopped.best.epoch, "", False)
    assert found.updates == found.aim.updates < creeping.updates


def test_restored_weights_that_were_trained_on_are_no_replay_of_the_first_ones() -> None:
    trainer = stopping(restoreBest=True)
    trainer.resume()
    trainer.step(3)
    assert planned(trainer).reason == "changed"


def test_a_weight_set_by_hand_before_the_best_epoch_is_no_replay_either() -> None:
    trainer = Trainer(stopping(restoreBest=True).config)
    trainer.set_weight(0, 0, 0, 1.0)
    trainer.train(300)
    assert trainer.stopped
    assert planned(trainer).reason == "changed"


def test_a_run_without_validation_points_is_not_stopped() -> None:
    assert not planned(trained(small(patience=1))).patient


def test_a_run_that_its_library_cannot_train_is_left_as_it_is() -> None:
    trainer = trained(small(dropout=0.2))
    found = plan(trainer, 1e-9, CHECK_POINTS, "dropout")
    assert (found.first, found.aim, found.updates, found.reason) == (trainer, trainer, 0, "dropout")
    assert found.tolerance < 1
    assert plan(Trainer(small(dropout=0.2)), 1e-9, CHECK_POINTS, "dropout").reason == "untrained"


def test_more_noise_gets_a_wider_tolerance() -> None:
    trainer = trained(small(optimizer="adam"))
    assert plan(trainer, 1e-9, CHECK_POINTS).tolerance == 1e-9
    assert 1e-9 < plan(trainer, 1e-9, CHECK_POINTS, noise=1e-10).tolerance < 1e-4


def test_own_points_without_any_are_no_trouble() -> None:
    trainer = trained(own([]))
    assert_present(planned(trainer), trainer, "untrained")

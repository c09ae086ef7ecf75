"""Restarts: each member is to the bit the run that is trained alone, whatever becomes of the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.config import Config
from engine.config.field_types import MAX_TEXT
from engine.data.datasets import Point
from engine.link.link import format_link, parse_link
from engine.restarts.members import Members
from engine.restarts.restarts import Restarts, restarted, weight_seeds
from engine.restarts.stack import MAX_EVALUATED_SIZE, MAX_STACKED_SIZE
from engine.tables.optimizers import OPTIMIZERS
from engine.trainer import Trainer
from tests.engine.runs import own, small, state

COUNT = 4
SPARSE = {"regularization": "L1", "regularizationRate": 0.3}
L2_IN_LOSS = {"regularization": "L2", "regularizationRate": 0.1, "regularizationMode": "loss"}
SEVEN = {"xSquared": True, "ySquared": True, "xTimesY": True, "sinX": True, "sinY": True}
BURSTING = {"problem": "regression", "activation": "linear", "networkShape": (4,)}

RUNS: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "a first weight seed": {"weightSeed": "w", "percTrainData": 40},
    "seven features": {**SEVEN, "networkShape": (8, 8, 8), "numSamples": 200, "percTrainData": 50},
    "one hidden unit": {"networkShape": (1,)},
    "no hidden layer": {"networkShape": ()},
    "no features": {"x": False, "y": False},
    "wide": {"networkShape": (33, 17), "batchSize": 4},
    "points left over": {"batchSize": 7, "activation": "relu"},
    "batches of one": {"batchSize": 1},
    "a batch of all": {"batchSize": 25},
    "a batch that never fills": {"batchSize": 26},
    "many classes": {"problem": "multiclass", "classes": 4, "networkShape": (5,)},
    "squared loss of many classes": {"problem": "multiclass", "loss": "squared"},
    "cross-entropy": {"loss": "crossEntropy", "outputActivation": "linear"},
    "regression": {"problem": "regression", "loss": "huber", "activations": ("sine", "gelu")},
    "sparse": {**SPARSE, "learningRate": 0.1},
    "shrinking": {"regularization": "L2", "regularizationRate": 0.1, "initializer": "xavier"},
    "sparse in the loss": {**SPARSE, "regularizationMode": "loss"},
    "clipped": {"clipNorm": 0.01, "schedule": "exponential", "decayEpochs": 2},
    "reshuffled": {"reshuffle": True, "batchSize": 7},
    "dropout": {"dropout": 0.4, "reshuffle": True},
    "normalized": {"dataset": "scales", "normalize": True, "initializer": "he"},
    **{name: {"optimizer": name, "clipNorm": 0.5} for name in OPTIMIZERS},
    **{f"{name} with L2 in the loss": {"optimizer": name, **L2_IN_LOSS} for name in OPTIMIZERS},
}


def restarts(config: Config, count: int = COUNT) -> Restarts:
    return Restarts(list(restarted(config, count)))


def alone(members: Members, member: int, epochs: int) -> Trainer:
    """A member's own configuration, trained by itself."""
    trainer = Trainer(members.configs[member])
    trainer.train(epochs)
    return trainer


# --- to the bit -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RUNS)
def test_every_member_is_the_run_that_is_trained_alone(name: str) -> None:
    members = restarts(small(**RUNS[name]))
    assert members.stacked
    for epochs in (1, 7):
        members.train(epochs)
    for member in range(COUNT):
        single = alone(members, member, 8)
        assert members.measure(member)[:4] == single.measure()[:4]
        assert members.losses([member])[0, :2].tolist() == list(single.losses())
        assert state(members.trainer(member)) == state(single)
    assert members.losses(range(COUNT))[:, :2].tolist() == [list(members.measure(i)[:2]) for i in range(COUNT)]


def _losses(trainer: Trainer) -> list[float]:
    measured = trainer.measure()
    return [measured.train_loss, measured.test_loss, measured.validation_loss]


def test_where_a_stack_does_not_pay_members_train_in_turns_to_the_same_bits() -> None:
    members = restarts(small(networkShape=(64, 64), batchSize=MAX_STACKED_SIZE // 129 + 1))
    assert not members.stacked
    members.train(2)
    assert [state(members.trainer(i)) for i in range(COUNT)] == [state(alone(members, i, 2)) for i in range(COUNT)]


def test_where_the_products_of_a_stack_add_otherwise_members_train_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.training.network.stacked", lambda A, B, out: np.copyto(out, (A @ B) * (1 + 1e-15)))
    members = restarts(small())
    assert not members.stacked
    members.train(2)
    assert [state(members.trainer(i)) for i in range(COUNT)] == [state(alone(members, i, 2)) for i in range(COUNT)]


def test_in_the_middle_of_an_epoch_too_a_member_is_where_it_would_be_alone() -> None:
    members = restarts(small(reshuffle=True, optimizer="adam"))
    members.train(2)
    assert members.step(1) == 1  # of each
    assert not members.at_epoch_start
    single = alone(members, 2, 2)
    single.step(1)
    assert state(members.trainer(2)) == state(single)


def test_a_member_that_is_taken_out_goes_on_to_the_same_bits() -> None:
    members = restarts(small(dropout=0.3, optimizer="momentum", batchSize=7))
    members.train(3)
    taken = members.trainer(1)
    members.train(2)
    taken.restore(members.snapshot(1))
    taken.train(2)
    assert state(taken) == state(alone(members, 1, 7))


# --- members that end -------------------------------------------------------------------------------------------------


def diverging() -> Config:
    """Some of its restarts leave the finite numbers, each at an epoch of its own, and some do not."""
    return small(**BURSTING, learningRate=0.3, seed="4")


def test_a_member_that_diverges_stays_where_it_is_and_no_other_feels_it() -> None:
    members = restarts(diverging(), 8)
    members.train(30)
    singles = [alone(members, i, 30) for i in range(8)]
    ended = {single.diverged for single in singles}
    assert len(ended) > 2
    assert None in ended
    assert [state(members.trainer(i)) for i in range(8)] == [state(single) for single in singles]
    assert [members.has_diverged(i) for i in range(8)] == [single.diverged is not None for single in singles]
    assert [members.epoch_of(i) for i in range(8)] == [single.epoch for single in singles]
    assert members.epoch == 30
    assert not members.ended


def test_where_all_have_diverged_nothing_moves_any_more() -> None:
    members = restarts(small(**BURSTING, learningRate=10))
    members.train(50)
    assert members.ended
    assert members.step(5) == 0
    assert members.epoch == max(members.epoch_of(i) for i in range(COUNT)) < 50


@pytest.mark.parametrize(
    "values",
    [{}, {"minDelta": 0.01}, {"restoreBest": True, "regularization": "L1", "regularizationRate": 0.1}],
    ids=str,
)
@pytest.mark.parametrize("limit", [MAX_EVALUATED_SIZE, 0])
def test_early_stopping_ends_each_member_by_itself(
    limit: int, values: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "engine.restarts.stack.MAX_EVALUATED_SIZE", limit
    )  # whether its losses are taken together or one by one
    members = restarts(small(percValidationData=30, patience=2, learningRate=0.1, noise=80, **values), 6)
    members.train(40)
    singles = [alone(members, i, 40) for i in range(6)]
    ends = {single.stopped.epoch for single in singles if single.stopped}
    assert len(ends) > 1
    assert [state(members.trainer(i)) for i in range(6)] == [state(single) for single in singles]
    assert [members.has_stopped(i) for i in range(6)] == [single.stopped is not None for single in singles]
    assert sorted(i for group in members.groups for i in group) == list(range(6))
    for group in members.groups:
        assert members.losses(group).tolist() == [_losses(singles[i]) for i in group]


# --- what the members are ---------------------------------------------------------------------------------------------


def test_the_first_member_is_the_configuration_itself_and_the_others_differ_by_the_seed_of_the_weights_alone() -> None:
    config = small()
    members = restarts(config)
    assert members.configs[0] == config
    assert [other.weightSeed for other in members.configs] == ["", "0.5-2", "0.5-3", "0.5-4"]
    assert all(other.model_copy(update={"weightSeed": ""}) == config for other in members.configs)
    thetas = [members.network(member).theta.tobytes() for member in range(COUNT)]
    assert len(set(thetas)) == COUNT


def test_an_adopted_member_has_an_ordinary_link_and_its_own_restarts_are_others() -> None:
    other = restarts(small()).configs[2]
    assert parse_link(format_link(other)).config == other
    assert weight_seeds(other, 3) == ["0.5-3", "0.5-3-2", "0.5-3-3"]


def test_a_seed_of_the_greatest_length_leaves_seeds_that_a_link_can_hold() -> None:
    config = small(seed="s" * MAX_TEXT)
    seeds = weight_seeds(config, 64)
    assert len(set(seeds)) == 64
    assert {len(seed) for seed in seeds[9:]} == {MAX_TEXT}


def test_two_points_of_ones_own_are_trained_to_the_same_bits_too() -> None:
    members = restarts(own([Point(1, 2, 1), Point(-3, 0.5, -1)]))
    members.train(2)
    assert [state(members.trainer(i)) for i in range(COUNT)] == [state(alone(members, i, 2)) for i in range(COUNT)]


# --- runs of any kind side by side ------------------------------------------------------------------------------------


def test_members_of_other_configurations_train_in_turns_to_their_own_bits() -> None:
    configs = [small(learningRate=0.03), small(batchSize=25), small(**BURSTING, learningRate=10)]
    members = Members([Trainer(config) for config in configs])
    while members.epoch < 5:
        members.step(3)
        epochs = [members.epoch_of(member) for member in (0, 1)]
        assert max(epochs) - min(epochs) <= 1  # none gets far ahead
    assert members.at_epoch_start
    assert members.has_diverged(2)
    for member, config in enumerate(configs):
        single = Trainer(config)
        single.train(5)
        assert state(members.trainer(member)) == state(single)

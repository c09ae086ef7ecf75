"""Runs recorded from the original playground, gone through again from their links."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.link.link import parse_link
from engine.trainer import Trainer

Replay = dict[str, Any]


def trainer(replay: Replay) -> Trainer:
    return Trainer(parse_link(replay["link"]).config)


def assert_losses(replay: Replay, epochs: list[int], tolerance: float) -> None:
    recorded = {moment["epoch"]: (moment["train_loss"], moment["test_loss"]) for moment in replay["trace"]}
    run = trainer(replay)
    for epoch in epochs:
        run.train(epoch - run.epoch)
        assert run.epoch == epoch
        assert run.losses() == pytest.approx(recorded[epoch], rel=0, abs=tolerance)


def test_the_link_gives_the_features_and_the_shape(replay: Replay) -> None:
    run = trainer(replay)
    assert list(run.config.features) == replay["features"]
    assert list(run.network.shape) == replay["shape"]


def test_the_points_are_the_same_in_the_same_order(replay: Replay) -> None:
    run = trainer(replay)
    for part, points in ((run.train_data, replay["train"]), (run.test_data, replay["test"])):
        np.testing.assert_allclose(part.points, points, rtol=0, atol=1e-12)


def test_the_first_weights_and_biases_are_exactly_the_same(replay: Replay) -> None:
    for layer, recorded in zip(trainer(replay).network.layers, replay["initial"], strict=True):
        assert layer.weights.tolist() == recorded["weights"]
        assert layer.biases.tolist() == recorded["biases"]


def test_the_losses_agree_closely_through_epoch_10(replay: Replay) -> None:
    assert_losses(replay, [0, 1, 2, 5, 10], 1e-9)


def test_the_losses_still_agree_at_epochs_20_and_50(steady_replay: Replay) -> None:
    assert_losses(steady_replay, [20, 50], 1e-6)


def test_the_last_weights_and_biases_agree(steady_replay: Replay) -> None:
    run = trainer(steady_replay)
    run.train(50)
    for layer, recorded in zip(run.network.layers, steady_replay["final"], strict=True):
        np.testing.assert_allclose(layer.weights, recorded["weights"], rtol=0, atol=1e-6)
        np.testing.assert_allclose(layer.biases, recorded["biases"], rtol=0, atol=1e-6)

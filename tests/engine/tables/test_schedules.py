"""Every schedule against PyTorch's, and that a run keeps to it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch.optim.lr_scheduler import (
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LRScheduler,
    StepLR,
)

from engine.tables.schedules import SCHEDULES, learning_rate
from engine.trainer import Trainer
from tests.engine.runs import small

RATE, FACTOR, PERIOD = 0.3, 0.4, 7
PYTORCH: dict[str, Callable[[torch.optim.Optimizer], LRScheduler]] = {
    "constant": lambda optimizer: ConstantLR(optimizer, factor=1.0),
    "step": lambda optimizer: StepLR(optimizer, PERIOD, FACTOR),
    "exponential": lambda optimizer: ExponentialLR(optimizer, FACTOR ** (1 / PERIOD)),
    "inverse": lambda optimizer: LambdaLR(optimizer, lambda epoch: 1 / (1 + FACTOR * epoch / PERIOD)),
    "cosine": lambda optimizer: CosineAnnealingLR(optimizer, PERIOD),
}


def rates(name: str, epochs: int) -> list[float]:
    return [learning_rate(name, RATE, epoch, FACTOR, PERIOD) for epoch in range(epochs)]


def test_every_schedule_has_one_to_be_compared_with() -> None:
    assert set(PYTORCH) == set(SCHEDULES)


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_rate_falls_as_pytorch_has_it(name: str) -> None:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))], lr=RATE)
    schedule = PYTORCH[name](optimizer)
    expected = []
    for _ in range(PERIOD + 1 if name == "cosine" else 3 * PERIOD):  # PyTorch's cosine rises again after the period
        expected.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    assert rates(name, len(expected)) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_rates_worked_out_by_hand() -> None:
    assert rates("constant", 3) == [0.3] * 3
    assert rates("step", 22)[6::7] == pytest.approx([0.3, 0.12, 0.048])
    assert rates("exponential", 15)[::7] == pytest.approx([0.3, 0.12, 0.048])
    assert rates("inverse", 15)[::7] == pytest.approx([0.3, 0.3 / 1.4, 0.3 / 1.8])
    assert learning_rate("cosine", RATE, 5, FACTOR, 10) == pytest.approx(0.15)


def test_after_its_period_the_cosine_stays_at_zero() -> None:
    assert rates("cosine", 30)[PERIOD:] == [0] * (30 - PERIOD)


def test_no_factor_and_no_epoch_is_too_large() -> None:
    for name in SCHEDULES:
        for factor in (0.0, 1.0, 10.0):
            rate = learning_rate(name, RATE, 10**9, factor, 1)
            assert rate >= 0
            assert not math.isnan(rate)
    assert learning_rate("step", 0.3, 10**9, 10.0, 1) == math.inf
    assert learning_rate("step", 0.0, 10**9, 10.0, 1) == 0


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_run_has_its_rate_in_every_epoch_and_steps_by_it(name: str) -> None:
    trainer = Trainer(small(schedule=name, learningRate=RATE, decayRate=FACTOR, decayEpochs=PERIOD))
    for rate in rates(name, 10):
        assert trainer.rate == rate
        for _ in range(2):  # updates of an epoch
            before = trainer.network.theta.copy()
            trainer.step()
            np.testing.assert_allclose(trainer.network.theta - before, -rate * trainer.gradient(), rtol=0, atol=1e-15)


def test_the_penalty_pulls_by_the_rate_of_the_epoch_too() -> None:
    trainer = Trainer(
        small(schedule="step", learningRate=0.1, decayEpochs=1, regularization="L2", regularizationRate=0.2)
    )
    trainer.train(3)
    before = trainer.network.theta.copy()
    trainer.step()
    pull = 0.2 * before * trainer.network.weight_mask()
    expected = before - 0.1 * 0.5**3 * (trainer.gradient() + pull)
    np.testing.assert_allclose(trainer.network.theta, expected, rtol=0, atol=1e-15)


def test_the_rate_of_a_run_is_by_its_present_epoch_however_it_came_there() -> None:
    config = small(schedule="exponential", decayEpochs=3)
    trainer, restored = Trainer(config), Trainer(config)
    trainer.train(5)
    restored.restore(trainer.snapshot())
    assert restored.rate == trainer.rate < Trainer(config).rate
    restored.reconfigure(small(schedule="exponential", decayEpochs=5))
    assert restored.rate == learning_rate("exponential", 0.03, 5, 0.5, 5)
    restored.reconfigure(small())
    assert restored.rate == 0.03

"""What a run says of its settings."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from app.live import answers
from app.live.run import LiveRun
from engine import Config, Trainer
from engine.names import ScheduleName
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.schedules import SCHEDULES


def rates(config: Config) -> tuple[float, list[float]]:
    told = answers.state(LiveRun(Trainer(config)))["rates"]
    return told["until"], told["rates"]


@pytest.mark.parametrize("schedule", [name for name, one in SCHEDULES.items() if one.uses_period])
def test_the_rates_that_are_told_are_those_of_the_trainer(schedule: ScheduleName) -> None:
    config = Config(schedule=schedule, decayEpochs=3, learningRate=0.1)
    until, told = rates(config)
    assert until == 12
    trainer = Trainer(config)
    for epoch in range(12):
        assert told[epoch * (len(told) - 1) // 12] == trainer.rate
        trainer.train(1)


def test_a_rate_that_stays_the_same_is_not_told() -> None:
    assert answers.state(LiveRun(Trainer(Config())))["rates"] is None


def test_rates_beyond_all_numbers_are_still_json() -> None:
    _, told = rates(Config(schedule="exponential", decayRate=10, decayEpochs=1_000_000, learningRate=1e308))
    assert all(map(math.isfinite, told))
    json.dumps(told, allow_nan=False)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_uses_momentum_where_its_direction_depends_on_it(name: str) -> None:
    optimizer = OPTIMIZERS[name]
    slow, fast = (
        optimizer.f(np.arange(3.0), np.ones((optimizer.memory, 3)), np.ones((optimizer.memory, 1)), momentum)
        for momentum in (0.1, 0.9)
    )
    assert optimizer.uses_momentum == (not np.allclose(slow, fast))


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_uses_factor_and_period_where_its_share_depends_on_them(name: str) -> None:
    schedule, times = SCHEDULES[name], (0.5, 1.5, 2.5)
    shares = [[schedule.f(t, k) for t in times] for k in (0.2, 0.7)]
    assert schedule.uses_factor == (shares[0] != shares[1])
    assert schedule.uses_period == (len(set(shares[0])) > 1)

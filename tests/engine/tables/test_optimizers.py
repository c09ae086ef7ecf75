"""Every optimizer against PyTorch's of that name, on the gradients of a real run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from engine.tables import Array
from engine.tables.optimizers import OPTIMIZERS
from engine.trainer import Trainer
from tests.engine.runs import small

Make = Callable[[torch.nn.Parameter, float, float], torch.optim.Optimizer]
PYTORCH: dict[str, Make] = {
    "sgd": lambda theta, rate, momentum: torch.optim.SGD([theta], lr=rate),
    "momentum": lambda theta, rate, momentum: torch.optim.SGD([theta], lr=rate, momentum=momentum),
    "nesterov": lambda theta, rate, momentum: torch.optim.SGD([theta], lr=rate, momentum=momentum, nesterov=True),
    "adagrad": lambda theta, rate, momentum: torch.optim.Adagrad([theta], lr=rate),
    "rmsprop": lambda theta, rate, momentum: torch.optim.RMSprop([theta], lr=rate),
    "adam": lambda theta, rate, momentum: torch.optim.Adam([theta], lr=rate, betas=(momentum, 0.999)),
    "adamw": lambda theta, rate, momentum: torch.optim.AdamW([theta], lr=rate, betas=(momentum, 0.999), weight_decay=0),
}
every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)


def test_every_optimizer_has_one_to_be_compared_with() -> None:
    assert set(PYTORCH) == set(OPTIMIZERS)


@every_optimizer
@pytest.mark.parametrize("momentum", [0.5, 0.9])
def test_fifty_updates_go_where_those_of_pytorch_go(name: str, momentum: float) -> None:
    trainer = Trainer(small(optimizer=name, momentum=momentum, learningRate=0.05))
    first = trainer.network.theta.copy()
    theta = torch.nn.Parameter(torch.tensor(first))
    reference = PYTORCH[name](theta, 0.05, momentum)
    for _ in range(50):
        trainer.step()
        theta.grad = torch.tensor(trainer.gradient())
        reference.step()
        np.testing.assert_allclose(trainer.network.theta, theta.detach().numpy(), rtol=0, atol=1e-6)
    assert np.abs(trainer.network.theta - first).max() > 0.01


def unbias(name: str, t: int) -> Array:
    """By what an optimizer's memories are divided at an update, (S, 1)."""
    optimizer = OPTIMIZERS[name]
    return np.array(optimizer.unbias(t, 0.9) if optimizer.unbias else [1.0] * optimizer.memory)[:, np.newaxis]


@every_optimizer
def test_a_gradient_of_zero_and_one_of_any_size_give_a_finite_direction(name: str) -> None:
    optimizer = OPTIMIZERS[name]
    for size in (0.0, 1e-150, 1e150):
        memory = np.zeros((optimizer.memory, 3))  # (S, P)
        for t in range(1, 4):
            direction = optimizer.f(np.full(3, size), memory, unbias(name, t), 0.9)
            assert np.isfinite(direction).all()
            assert (direction == 0).all() or size > 0


def directions(name: str, gradients: Array) -> Array:
    """What an optimizer makes of gradients one after another, each (..., P)."""
    optimizer = OPTIMIZERS[name]
    memory = np.zeros((optimizer.memory, *gradients[0].shape))
    return np.array([optimizer.f(g.copy(), memory, unbias(name, t), 0.9).copy() for t, g in enumerate(gradients, 1)])


@every_optimizer
def test_networks_side_by_side_have_each_a_memory_of_their_own(name: str) -> None:
    gradients = np.random.default_rng(1).normal(size=(6, 3, 4))  # updates, R, P
    together = directions(name, gradients)
    for copy in range(3):
        np.testing.assert_array_equal(together[:, copy], directions(name, gradients[:, copy]))


@every_optimizer
def test_the_gradient_is_left_as_it_is(name: str) -> None:
    gradient = np.array([1.0, -2.0])
    OPTIMIZERS[name].f(gradient, np.zeros((OPTIMIZERS[name].memory, 2)), unbias(name, 1), 0.9)
    assert gradient.tolist() == [1, -2]


def test_what_is_remembered_is_as_much_as_each_needs() -> None:
    assert {name: optimizer.memory for name, optimizer in OPTIMIZERS.items()} == {
        "sgd": 0,
        "momentum": 1,
        "nesterov": 1,
        "adagrad": 1,
        "rmsprop": 1,
        "adam": 2,
        "adamw": 2,
    }

"""The penalty as weight decay and in the loss, against PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from engine.config import Config
from engine.tables import Array
from engine.tables.optimizers import OPTIMIZERS
from engine.trainer import Trainer
from engine.training.descent import is_in_loss
from tests.engine.runs import small

RATE, DECAY = 0.05, 0.1
Make = Callable[..., torch.optim.Optimizer]
PYTORCH: dict[str, tuple[Make, dict[str, Any]]] = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "adam": (torch.optim.Adam, {"betas": (0.9, 0.999)}),
    "adamw": (torch.optim.AdamW, {"betas": (0.9, 0.999)}),
}


def run(regularization: str = "L2", mode: str = "loss", **values: Any) -> Trainer:
    penalty = {"regularization": regularization, "regularizationRate": DECAY, "regularizationMode": mode}
    return Trainer(small(learningRate=RATE, **penalty, **values))


def is_weight(trainer: Trainer) -> Array:
    """Which parameters, (P,), are weights."""
    return trainer.network.weight_mask().astype(bool)


class Pytorch:
    """The same parameters in PyTorch, the weights with a decay of their own; biases have none."""

    def __init__(self, trainer: Trainer, make: Make, **options: Any) -> None:
        self._mask = is_weight(trainer)
        theta = trainer.network.theta
        self.parts = [torch.nn.Parameter(torch.tensor(theta[each])) for each in (self._mask, ~self._mask)]
        groups = [
            {"params": [part], "weight_decay": decay} for part, decay in zip(self.parts, (DECAY, 0.0), strict=True)
        ]
        self._optimizer = make(groups, lr=RATE, **options)

    def step(self, gradient: Array) -> Array:
        """theta after an update with a gradient, (P,)."""
        for part, mask in zip(self.parts, (self._mask, ~self._mask), strict=True):
            part.grad = torch.tensor(gradient[mask])
        self._optimizer.step()
        theta = np.empty(len(self._mask))
        theta[self._mask], theta[~self._mask] = (part.detach().numpy() for part in self.parts)
        return theta


@pytest.mark.parametrize("updates", [1, 100])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_l2_in_the_loss_is_the_weight_decay_of_pytorchs_optimizers_and_of_adamw_its_own(
    optimizer: str, updates: int
) -> None:
    trainer = run(optimizer=optimizer)
    first = trainer.network.theta.copy()
    make, options = PYTORCH[optimizer]
    reference = Pytorch(trainer, make, **options)
    for _ in range(updates):
        trainer.step()
        theta = reference.step(trainer.gradient())
        np.testing.assert_allclose(trainer.network.theta, theta, rtol=0, atol=1e-12)
    assert np.abs(trainer.network.theta - first).max() > 1e-4


@pytest.mark.parametrize("updates", [1, 100])
@pytest.mark.parametrize("optimizer", ["adam", "adamw"])
def test_adam_with_weight_decay_is_pytorchs_adamw(optimizer: str, updates: int) -> None:
    trainer = run(optimizer=optimizer, mode="decoupled")
    reference = Pytorch(trainer, torch.optim.AdamW, betas=(0.9, 0.999))
    for _ in range(updates):
        trainer.step()
        np.testing.assert_allclose(trainer.network.theta, reference.step(trainer.gradient()), rtol=0, atol=1e-12)


def test_adamw_is_adam_that_heeds_no_other_mode() -> None:
    runs = [run(optimizer="adam", mode="decoupled"), run(optimizer="adamw", mode="decoupled"), run(optimizer="adamw")]
    for trainer in runs:
        trainer.train(20)
    assert len({trainer.network.theta.tobytes() for trainer in runs}) == 1
    in_loss = run(optimizer="adam")
    in_loss.train(20)
    assert np.abs(in_loss.network.theta - runs[0].network.theta).max() > 0.01


def autograd(trainer: Trainer, cost: Callable[[torch.Tensor], torch.Tensor]) -> Array:
    """The next theta of gradient descent on loss and penalty, clipped, as PyTorch's differentiation has it."""
    mask = torch.tensor(is_weight(trainer))
    theta = torch.tensor(trainer.network.theta, requires_grad=True)
    twin = Trainer(trainer.config)
    twin.restore(trainer.snapshot())
    twin.step()
    loss = torch.tensor(twin.gradient()) @ theta  # linear in theta, with the gradient of the real one
    (gradient,) = torch.autograd.grad(loss + DECAY * cost(theta[mask]), theta)
    if trainer.config.clipNorm:
        gradient = gradient * min(1.0, trainer.config.clipNorm / float(gradient.norm()))
    return np.asarray((theta - RATE * gradient).detach())


COSTS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "L1": lambda w: w.abs().sum(),
    "L2": lambda w: 0.5 * (w * w).sum(),
}


@pytest.mark.parametrize("norm", [0.0, 0.05])
@pytest.mark.parametrize("regularization", COSTS)
def test_a_penalty_in_the_loss_is_differentiated_and_clipped_with_it(regularization: str, norm: float) -> None:
    trainer = run(regularization, clipNorm=norm)
    for _ in range(30):
        expected = autograd(trainer, COSTS[regularization])
        trainer.step()
        np.testing.assert_allclose(trainer.network.theta, expected, rtol=0, atol=1e-14)


def test_plain_gradient_descent_makes_the_same_step_of_l2_either_way_to_the_bit() -> None:
    runs = [run(mode=mode) for mode in ("decoupled", "loss")]
    for trainer in runs:
        trainer.train(20)
    assert runs[0].network.theta.tobytes() == runs[1].network.theta.tobytes()


def test_l1_in_the_loss_lets_no_weight_die_and_takes_weights_across_zero() -> None:
    decoupled, in_loss = run("L1", "decoupled"), run("L1")
    signs = set()
    for _ in range(60):
        for trainer in (decoupled, in_loss):
            trainer.train()
        signs.add(tuple(np.sign(in_loss.network.theta[is_weight(in_loss)])))
    assert decoupled.dead.any()
    assert not in_loss.dead.any()
    assert len(signs) > 2
    assert in_loss.network.theta.all()


def test_dead_weights_live_again_once_the_penalty_is_in_the_loss_or_the_state_is_taken_there() -> None:
    trainer = run("L1", "decoupled")
    trainer.train(60)
    snapshot = trainer.snapshot()
    trainer.reconfigure(trainer.config.model_copy(update={"regularizationMode": "loss"}))
    assert not trainer.dead.any()
    other = run("L1")
    other.restore(snapshot)
    assert not other.dead.any()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"regularization": "none", "optimizer": "adam"}, False),
        ({"regularization": "L2", "optimizer": "sgd"}, False),
        ({"regularization": "L2", "optimizer": "sgd", "clipNorm": 1}, True),
        ({"regularization": "L1", "optimizer": "sgd"}, True),
        ({"regularization": "L2", "optimizer": "momentum"}, True),
        ({"regularization": "L2", "optimizer": "adamw"}, False),
    ],
)
def test_the_mode_counts_where_it_makes_another_step(values: dict[str, Any], expected: bool) -> None:
    assert is_in_loss(Config(regularizationMode="loss", **values)) is expected
    assert not is_in_loss(Config(**values))

"""What the tests of networks share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.config import Config
from engine.tables import Array
from engine.tables.activations import ACTIVATIONS, Activation
from engine.tables.losses import LOSSES
from engine.tables.outputs import OUTPUTS
from engine.trainer import Trainer
from engine.training.network import Network

RATE = 0.05  # of regularization


def with_noise(size: int, seed: int = 7) -> Array:
    """Parameters of either sign, none within 0.1 of zero, where L1 has its kink."""
    random = np.random.default_rng(seed)
    return np.asarray(random.uniform(0.1, 0.6, size) * random.choice([-1, 1], size))


def full_batch_trainer(**values: Any) -> Trainer:
    """A run whose every update goes over all its 20 training points, at with_noise parameters.

    A kink lies in the way of a central difference only if a sum is within some 1e-5 of it; here none is.
    """
    config = {
        "regularizationRate": RATE,
        "networkShape": (3, 2),
        "numSamples": 100,
        "percTrainData": 20,
        "batchSize": 20,
        "learningRate": 1e-3,
    }
    trainer = Trainer(Config.model_validate(config | values))
    trainer.network.theta[:] = with_noise(len(trainer.network.theta))
    return trainer


SIDE_BY_SIDE = (3,)  # R, networks side by side


def several(
    output: Activation, hidden: tuple[str, str] = ("tanh", "softplus"), copies: tuple[int, ...] = ()
) -> Network:
    """A network of two inputs and three outputs, at with_noise parameters."""
    network = Network((2, 3, 4, 3), [*(ACTIVATIONS[name] for name in hidden), output], copies=copies)
    network.theta[:] = with_noise(network.theta.size, seed=8).reshape(network.theta.shape)
    return network


def inputs(count: int = 5) -> tuple[Array, Array]:
    """Places (D + 1, N) and for each the class, one of three (K, N)."""
    random = np.random.default_rng(9)
    X = np.vstack([random.uniform(-2, 2, (2, count)), np.ones(count)])
    return X, np.eye(3)[:, random.integers(0, 3, count)]


MANY = [name for name in LOSSES if "multiclass" in LOSSES[name].problems]
every_output = pytest.mark.parametrize("output", OUTPUTS)
every_loss_of_many = pytest.mark.parametrize("loss", MANY)


def masks(count: int = 5) -> list[Array]:
    """Masks for the hidden layers of `several`, (H, N), with 0 for a third of the units and 1.5 for the others."""
    random = np.random.default_rng(10)
    return [1.5 * (random.random((units, count)) > 1 / 3) for units in (3, 4)]

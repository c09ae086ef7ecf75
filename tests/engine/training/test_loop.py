"""Updates of the training loop, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.config import Config
from engine.data.datasets import DATASETS, Point
from engine.tables.activations import ACTIVATIONS
from engine.tables.losses import LOSSES
from engine.trainer import Trainer
from engine.training.network import Network, Pass
from tests.engine.training.networks import full_batch_trainer


def test_no_gradient_comes_through_a_step_so_that_only_what_lies_behind_it_learns() -> None:
    trainer = full_batch_trainer(activation="step")
    before = [layer.W.copy() for layer in trainer.network.layers]
    trainer.step()
    first, second, output = [(layer.W != W).any() for layer, W in zip(trainer.network.layers, before, strict=True)]
    assert (first, second, output) == (False, False, True)


def test_one_training_step_agrees_with_the_one_worked_out_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    # A data set of one point, so that a run has a known batch: x1 = 1, x2 = 2, label 0.5.
    single = replace(DATASETS["reg-plane"], make=lambda n, noise, stream, classes: [Point(1, 2, 0.5)] * n)
    monkeypatch.setitem(DATASETS, "reg-plane", single)
    config = Config(
        problem="regression",  # a linear output
        activation="tanh",
        networkShape=(2,),
        learningRate=0.1,
        regularization="L2",
        regularizationRate=0.01,
        batchSize=2,  # the same point twice: its mean is the point
    )
    trainer = Trainer(config)
    # Each unit's two weights, then its bias.
    trainer.network.theta[:] = [0.1, 0.2, 0.3, -0.4, 0.3, 0.1, 0.5, -0.6, 0.2]

    # Forward
    # z1 = 0.1 * 1 + 0.2 * 2 + 0.3 = 0.8         a1 = tanh 0.8 = 0.664036770268
    # z2 = -0.4 * 1 + 0.3 * 2 + 0.1 = 0.3        a2 = tanh 0.3 = 0.291312612452
    # output = 0.5 a1 - 0.6 a2 + 0.2 = 0.357230817663
    # loss = 1/2 (output - 0.5)^2 = 0.010191519713
    assert trainer.losses().train == pytest.approx(0.010191519713, rel=0, abs=1e-12)

    # Backward
    # d output = output - 0.5 = -0.142769182337
    # d z1 = 0.5 d output (1 - a1^2) = -0.071384591169 * 0.559055167732 = -0.039907924589
    # d z2 = -0.6 d output (1 - a2^2) = 0.085661509402 * 0.915136961827 = 0.078392013460
    #
    # Step: w - 0.1 (dw + 0.01 w), and b - 0.1 db, because biases are free
    expected = [
        0.103890792459,  # 0.1 - 0.1 (d z1 * 1 + 0.001)
        0.207781584918,  # 0.2 - 0.1 (d z1 * 2 + 0.002)
        0.303990792459,  # 0.3 - 0.1 d z1
        -0.407439201346,  # -0.4 - 0.1 (d z2 * 1 - 0.004)
        0.284021597308,  # 0.3 - 0.1 (d z2 * 2 + 0.003)
        0.092160798654,  # 0.1 - 0.1 d z2
        0.508980398673,  # 0.5 - 0.1 (d output * a1 + 0.005)
        -0.595240953652,  # -0.6 - 0.1 (d output * a2 - 0.006)
        0.214276918234,  # 0.2 - 0.1 d output
    ]
    trainer.step()
    np.testing.assert_allclose(trainer.network.theta, expected, rtol=0, atol=1e-12)


def test_theta_holds_the_layers_one_by_one_each_unit_with_its_weights_and_then_its_bias() -> None:
    network = Network((2, 2, 1), [ACTIVATIONS["tanh"]] * 2)
    network.theta[:] = range(9)
    first, output = network.layers
    assert first.weights.tolist() == [[0, 1], [3, 4]]
    assert first.biases.tolist() == [2, 5]
    assert output.weights.tolist() == [[6, 7]]
    assert output.biases.tolist() == [8]
    assert [layer.start for layer in network.layers] == [0, 6]
    assert network.weight_mask().tolist() == [1, 1, 0, 1, 1, 0, 1, 1, 0]


def test_a_pass_gives_the_activations_of_every_layer() -> None:
    network = Network((1, 2, 1), [ACTIVATIONS["relu"], ACTIVATIONS["linear"]])
    network.theta[:] = [1, 0, -1, 0, 1, -1, 0.5]  # max(0, x) - max(0, -x) + 0.5 = x + 0.5
    buffers = Pass(network, 3)
    assert buffers.forward(np.array([[-2.0, 0.0, 3.0], [1, 1, 1]])).tolist() == [[-1.5, 0.5, 3.5]]
    assert buffers.outputs[0].tolist() == [[0, 0, 3], [2, 0, 0]]


def test_a_network_without_inputs_has_its_biases_only() -> None:
    network = Network((0, 2, 1), [ACTIVATIONS["linear"]] * 2)
    network.theta[:] = [1, 2, 3, 4, 5]
    X, buffers = np.ones((1, 1)), Pass(network, 1)
    assert buffers.forward(X).item() == 3 * 1 + 4 * 2 + 5
    gradient = buffers.backward(X, np.zeros((1, 1)), LOSSES["squared"])
    assert gradient.tolist() == [16 * 3, 16 * 4, 16 * 1, 16 * 2, 16]


def test_a_network_alike_has_parameters_of_its_own_at_the_precision_asked_for() -> None:
    network = Network((2, 3, 1), [ACTIVATIONS["relu"], ACTIVATIONS["tanh"]])
    twin = network.like(np.float32)
    twin.theta.fill(1)
    assert twin.shape == network.shape
    assert [layer.activation for layer in twin.layers] == [layer.activation for layer in network.layers]
    assert twin.theta.dtype == np.float32
    assert network.theta.dtype == np.float64
    assert not network.theta.any()


def test_a_network_with_too_few_or_too_many_activations_is_refused() -> None:
    for count in (1, 3):
        with pytest.raises(ValueError, match=rf"activations: expected 2 for the shape \[2, 3, 1\], got {count}"):
            Network((2, 3, 1), [ACTIVATIONS["tanh"]] * count)

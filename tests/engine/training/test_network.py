"""The network's passes: gradients against central differences, and one training step by hand.

Shapes: N points, K outputs, P parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.config import Config
from engine.data.datasets import DATASETS, Point
from engine.tables import Array
from engine.tables.activations import ACTIVATIONS, Activation
from engine.tables.losses import LOSSES
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import PENALTIES
from engine.tables.tasks import TASKS
from engine.trainer import Trainer
from engine.training.network import Network, Pass

H = 1e-6  # the half width of a central difference
RATE = 0.05  # of regularization


def with_noise(size: int, seed: int = 7) -> Array:
    """Parameters of either sign, none within 0.1 of zero, where L1 has its kink."""
    random = np.random.default_rng(seed)
    return np.asarray(random.uniform(0.1, 0.6, size) * random.choice([-1, 1], size))


def differences(theta: Array, objective: Callable[[], float]) -> Array:
    """The objective's central difference by each parameter, (P,)."""
    gradient = np.empty_like(theta)
    for i, value in enumerate(theta.tolist()):
        theta[i] = value + H
        above = objective()
        theta[i] = value - H
        gradient[i] = (above - objective()) / (2 * H)
        theta[i] = value
    return gradient


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


def objective(trainer: Trainer) -> float:
    """The mean loss and what the weights cost; the biases are free."""
    penalty = PENALTIES[trainer.config.regularization]
    cost = sum(float(penalty.f(layer.weights).sum()) for layer in trainer.network.layers) if penalty else 0.0
    return trainer.losses().train + RATE * cost


def assert_goes_downhill(trainer: Trainer) -> None:
    theta = trainer.network.theta
    expected = differences(theta, lambda: objective(trainer))
    before = theta.copy()
    trainer.step()
    assert trainer.updates == 1
    np.testing.assert_allclose((before - theta) / trainer.config.learningRate, expected, atol=1e-8)


@pytest.mark.parametrize("regularization", PENALTIES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_update_goes_against_the_gradient_of_the_objective(activation: str, regularization: str) -> None:
    assert_goes_downhill(full_batch_trainer(activation=activation, regularization=regularization))


KINDS = [
    (problem, loss, output)
    for problem in TASKS
    for loss in LOSSES
    for output in OUTPUTS
    if problem in LOSSES[loss].problems and problem in OUTPUTS[output].problems
]


@pytest.mark.parametrize(("problem", "loss", "output"), KINDS)
def test_an_update_does_so_for_every_loss_and_output_of_every_problem(problem: str, loss: str, output: str) -> None:
    trainer = full_batch_trainer(problem=problem, loss=loss, outputActivation=output, regularization="L2")
    assert_goes_downhill(trainer)


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


NAMES = [*ACTIVATIONS]
PAIRS = list(zip(NAMES, NAMES[3:] + NAMES[:3], strict=True))  # each activation once in either hidden layer
every_pair = pytest.mark.parametrize("hidden", PAIRS, ids="-".join)


def assert_backward(network: Network, loss: str, forward: Callable[[Pass, Array], Array]) -> None:
    """Whether the gradient after a way forward is that by differences."""
    (X, Y), judge = inputs(), LOSSES[loss]
    passed = Pass(network, 5)

    def total() -> float:
        forward(passed, X)
        return float(judge.f(passed.loss_input(judge), Y).sum())

    expected = differences(network.theta, total)
    forward(passed, X)
    np.testing.assert_allclose(passed.backward(X, Y, judge), expected, atol=1e-8)


@every_pair
def test_the_gradient_is_right_for_an_activation_per_layer(hidden: tuple[str, str]) -> None:
    assert_backward(several(ACTIVATIONS["linear"], hidden), "squared", Pass.forward)


MANY = [name for name in LOSSES if "multiclass" in LOSSES[name].problems]
every_output = pytest.mark.parametrize("output", OUTPUTS)
every_loss_of_many = pytest.mark.parametrize("loss", MANY)


@every_output
@every_loss_of_many
def test_the_gradient_is_right_for_several_outputs(loss: str, output: str) -> None:
    assert_backward(several(OUTPUTS[output]), loss, Pass.forward)


# --- dropout ------------------------------------------------------------------------------------------------------


def masks(count: int = 5) -> list[Array]:
    """Masks for the hidden layers of `several`, (H, N), with 0 for a third of the units and 1.5 for the others."""
    random = np.random.default_rng(10)
    return [1.5 * (random.random((units, count)) > 1 / 3) for units in (3, 4)]


@every_pair
def test_the_gradient_is_right_for_units_that_are_left_out(hidden: tuple[str, str]) -> None:
    assert_backward(
        several(OUTPUTS["softmax"], hidden), "squared", lambda passed, X: passed.forward_dropping(X, masks())
    )


def test_what_is_left_out_is_zero_and_all_else_is_larger() -> None:
    network, (X, _) = several(OUTPUTS["softmax"]), inputs()
    whole, dropped = Pass(network, 5), Pass(network, 5)
    whole.forward(X)
    dropped.forward_dropping(X, masks())
    np.testing.assert_array_equal(dropped.outputs[0], whole.outputs[0] * masks()[0])
    assert ((dropped.outputs[1] == 0) == (masks()[1] == 0)).all()
    assert (dropped.outputs[-1] != whole.outputs[-1]).any()
    assert dropped.outputs[-1].sum(axis=0) == pytest.approx(1)  # of the outputs none is left out


@every_output
def test_where_nothing_is_left_out_all_is_as_ever_to_the_bit(output: str) -> None:
    network, (X, Y) = several(OUTPUTS[output]), inputs()
    usual, passed = Pass(network, 5), Pass(network, 5)
    for _ in range(2):  # forward and backward may come in any order after one another
        np.testing.assert_array_equal(
            passed.forward_dropping(X, [np.ones((units, 5)) for units in (3, 4)]), usual.forward(X)
        )
        expected = usual.backward(X, Y, LOSSES["squared"]).copy()
        np.testing.assert_array_equal(passed.backward(X, Y, LOSSES["squared"]), expected)
        np.testing.assert_array_equal(passed.forward(X), usual.forward(X))
        np.testing.assert_array_equal(passed.backward(X, Y, LOSSES["squared"]), expected)


# --- many networks side by side -----------------------------------------------------------------------------------


def assert_alike(side_by_side: Network, loss: str, count: int = 5, drop: bool = False) -> None:
    """Whether each network passes points forward and back as it does by itself, to the bit."""
    X, Y = (
        np.hstack([array, array])[:, 1 : count + 1] for array in inputs(count)
    )  # parts of larger arrays, as in a run
    judge, together = LOSSES[loss], Pass(side_by_side, count)

    def way(passed: Pass) -> tuple[list[Array], Array, Array]:
        passed.forward_dropping(X, masks(count)) if drop else passed.forward(X)
        outputs, judged = [a.copy() for a in passed.outputs], passed.loss_input(judge).copy()
        return outputs, judged, passed.backward(X, Y, judge)

    outputs, judged, gradient = way(together)
    assert gradient.shape == (*side_by_side.copies, side_by_side.size)
    for copy in range(*side_by_side.copies):
        single = Network(side_by_side.shape, side_by_side.activations)
        single.theta[:] = side_by_side.theta[copy]
        own_outputs, own_judged, own_gradient = way(Pass(single, count))
        for many, one in zip(outputs, own_outputs, strict=True):
            np.testing.assert_array_equal(many[copy], one)
        np.testing.assert_array_equal(judged[copy], own_judged)
        np.testing.assert_array_equal(gradient[copy], own_gradient)


@every_output
@every_loss_of_many
def test_networks_side_by_side_go_the_ways_of_single_ones(loss: str, output: str) -> None:
    assert_alike(several(OUTPUTS[output], copies=SIDE_BY_SIDE), loss)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("drop", [False, True])
def test_networks_side_by_side_do_so_with_every_activation_and_with_dropout(activation: str, drop: bool) -> None:
    assert_alike(several(OUTPUTS["softmax"], (activation, activation), SIDE_BY_SIDE), "crossEntropy", drop=drop)


@pytest.mark.parametrize("count", [2, 10, 33, 250])
@pytest.mark.parametrize("hidden", [(), (1, 2), (4, 1), (8, 8), (16,), (64, 64)], ids=str)
def test_networks_side_by_side_do_so_for_any_number_of_units_and_points(hidden: tuple[int, ...], count: int) -> None:
    activations = [*[ACTIVATIONS["tanh"]] * len(hidden), OUTPUTS["softmax"]]
    network = Network((2, *hidden, 3), activations, copies=SIDE_BY_SIDE)
    network.theta[:] = with_noise(network.theta.size).reshape(network.theta.shape)
    assert_alike(network, "crossEntropy", count)


def test_networks_side_by_side_do_so_for_a_single_point_to_the_last_digits() -> None:
    network, (X, Y) = several(OUTPUTS["tanh"], copies=SIDE_BY_SIDE), inputs(1)
    together = Pass(network, 1)
    together.forward(X)
    gradient = together.backward(X, Y, LOSSES["squared"])
    for copy in range(*SIDE_BY_SIDE):
        single = Network(network.shape, network.activations)
        single.theta[:] = network.theta[copy]
        alone = Pass(single, 1)
        np.testing.assert_allclose(together.outputs[-1][copy], alone.forward(X), rtol=1e-14)
        np.testing.assert_allclose(gradient[copy], alone.backward(X, Y, LOSSES["squared"]), rtol=1e-12, atol=1e-15)


def test_a_network_like_several_is_several() -> None:
    network = several(OUTPUTS["softmax"], copies=SIDE_BY_SIDE)
    twin = network.like(np.float32)
    assert (twin.copies, twin.theta.shape, twin.size) == (SIDE_BY_SIDE, (3, network.size), network.size)
    assert twin.weight_mask().shape == (network.size,)


# --- one layer for all --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("copies", [(), SIDE_BY_SIDE])
@pytest.mark.parametrize("shape", [(2, 3), (2, 4, 3), (2, 5, 1, 4, 3)])
def test_layers_without_an_activation_are_together_one_layer(shape: tuple[int, ...], copies: tuple[int, ...]) -> None:
    network = Network(shape, [ACTIVATIONS["linear"]] * (len(shape) - 1), copies=copies)
    network.theta[:] = with_noise(network.theta.size).reshape(network.theta.shape)
    before, (X, _) = network.theta.copy(), inputs()
    whole = network.collapsed()
    assert whole.shape == (*copies, 3, 3)
    np.testing.assert_allclose(whole @ X, Pass(network, 5).forward(X), rtol=0, atol=1e-12)
    whole.fill(7)  # it is no view
    np.testing.assert_array_equal(network.theta, before)


def test_one_layer_worked_out_by_hand() -> None:
    network = Network((1, 2, 1), [ACTIVATIONS["linear"]] * 2)
    network.theta[:] = [1, 2, 3, 4, 5, 6, 7]  # 5 (x + 2) + 6 (3 x + 4) + 7 = 23 x + 41
    assert network.collapsed().tolist() == [[23, 41]]


# --- steps --------------------------------------------------------------------------------------------------------


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

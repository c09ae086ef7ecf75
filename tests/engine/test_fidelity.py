"""Where PyTorch and scikit-learn do it in another way: each line of the table in docs/fidelity.md, against them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import HuberRegressor
from sklearn.metrics import accuracy_score, r2_score
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler
from torch.nn import functional
from torch.utils.data import DataLoader

from engine.config import Config
from engine.random_draws import dropout_masks
from engine.random_stream import Stream
from engine.tables import Array
from engine.tables.activations import ACTIVATIONS
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.schedules import learning_rate
from engine.tables.scores import SCORES
from engine.trainer import Trainer
from engine.training.descent import clipped
from tests.engine.runs import small

SUMS = np.linspace(-4, 4, 33)[None]  # (1, N)
LABELS = np.where(np.arange(33) % 3, 1.0, -1.0)[None]  # (1, N)


def value_and_slope(name: str, judged: Array, labels: Array) -> tuple[Array, Array]:
    """A loss of each point, (N,), and its derivative, (K, N)."""
    slope = np.empty_like(judged)
    LOSSES[name].derivative(judged, labels, slope)
    return LOSSES[name].f(judged, labels), slope


# --- losses -----------------------------------------------------------------------------------------------------------


def test_the_cross_entropy_of_two_classes_is_the_binary_one_of_twice_the_sum_with_twice_the_gradient() -> None:
    value, slope = value_and_slope("crossEntropy", SUMS, LABELS)
    z, y = torch.tensor(SUMS, requires_grad=True), torch.tensor((LABELS + 1) / 2)
    theirs = functional.binary_cross_entropy_with_logits(2 * z, y, reduction="none")
    (gradient,) = torch.autograd.grad(theirs.sum(), z)
    np.testing.assert_allclose(value, theirs[0].detach(), rtol=0, atol=1e-14)
    np.testing.assert_allclose(slope, gradient, rtol=0, atol=1e-14)
    twice = 2 * (torch.sigmoid(2 * z) - y).detach()  # the usual gradient at 2z is sigmoid less label
    np.testing.assert_allclose(slope, twice, rtol=0, atol=1e-14)
    output = torch.tanh(z).detach()  # and the output is the difference of the two probabilities
    np.testing.assert_allclose(output, 2 * torch.sigmoid(2 * z).detach() - 1, rtol=0, atol=1e-14)


@pytest.mark.parametrize("outputs", [1, 3])
def test_the_squared_loss_is_half_of_mse_times_the_outputs(outputs: int) -> None:
    judged = np.random.default_rng(1).normal(size=(outputs, 20))
    labels = np.random.default_rng(2).normal(size=(outputs, 20))
    value, slope = value_and_slope("squared", judged, labels)
    answer = torch.tensor(judged, requires_grad=True)
    mse = functional.mse_loss(answer, torch.tensor(labels))
    (gradient,) = torch.autograd.grad(mse, answer)
    assert value.mean() == pytest.approx(mse.item() * outputs / 2, rel=1e-14)
    np.testing.assert_allclose(slope / 20, gradient * outputs / 2, rtol=0, atol=1e-14)


def test_the_huber_loss_has_pytorchs_delta_of_1_and_not_scikit_learns() -> None:
    value, _ = value_and_slope("huber", SUMS, LABELS)
    theirs = functional.huber_loss(torch.tensor(SUMS), torch.tensor(LABELS), reduction="none")
    np.testing.assert_allclose(value, theirs[0], rtol=0, atol=1e-14)
    assert HuberRegressor().epsilon == 1.35


def test_the_hinge_loss_of_many_classes_is_pytorchs_times_their_number() -> None:
    judged, classes = np.random.default_rng(1).normal(size=(3, 20)), np.arange(20) % 3
    value, _ = value_and_slope("hinge", judged, np.eye(3)[:, classes])
    theirs = functional.multi_margin_loss(torch.tensor(judged.T), torch.tensor(classes), reduction="none")
    np.testing.assert_allclose(value, 3 * theirs, rtol=1e-14)


def test_losses_that_are_told_are_without_the_penalty_which_scikit_learn_adds() -> None:
    X, y = np.array([[1.0], [2], [3], [4]]), np.array([1.0, 2, 3, 4])
    stands = {"solver": "sgd", "learning_rate_init": 1e-12, "max_iter": 1, "batch_size": 4, "random_state": 1}
    model = MLPRegressor(hidden_layer_sizes=(), alpha=10, **stands)
    with pytest.warns(ConvergenceWarning):
        model.fit(X, y)
    error = 0.5 * np.mean((model.predict(X) - y) ** 2)
    penalty = 10 / 2 * np.sum(model.coefs_[0] ** 2) / 4  # which is divided by the points of the batch
    assert model.loss_ == pytest.approx(error + penalty)
    config = small(regularization="L2", regularizationRate=10, learningRate=0)
    plain = small(learningRate=0)
    assert Trainer(config).losses() == Trainer(plain).losses()


# --- the gradient and its step ----------------------------------------------------------------------------------------


def test_clipping_is_to_the_norm_itself_of_which_pytorch_stays_a_little_short() -> None:
    gradient = np.array([3.0, 4.0])  # of norm 5
    parameter = torch.nn.Parameter(torch.zeros(2, dtype=torch.float64))
    parameter.grad = torch.tensor(gradient)
    torch.nn.utils.clip_grad_norm_([parameter], 2.0)
    assert np.linalg.norm(clipped(gradient, 2.0)) == pytest.approx(2.0, rel=1e-15)
    assert parameter.grad.norm().item() == pytest.approx(2.0 * 5 / (5 + 1e-6), rel=1e-14)


def test_the_rate_is_outside_of_the_momentum_as_in_pytorch() -> None:
    """In Keras it is inside, v := m v - rate g: the same steps only as long as the rate stays."""
    values = {"optimizer": "momentum", "schedule": "step", "decayEpochs": 1, "decayRate": 0.5, "learningRate": 0.1}
    trainer = Trainer(small(**values, batchSize=25))  # an update an epoch
    parameter = torch.nn.Parameter(torch.tensor(trainer.network.theta))
    optimizer = torch.optim.SGD([parameter], lr=0.1, momentum=0.9)
    falls = torch.optim.lr_scheduler.StepLR(optimizer, 1, 0.5)
    inside, speed = trainer.network.theta.copy(), np.zeros(trainer.network.size)
    for epoch in range(5):
        trainer.train()
        parameter.grad = torch.tensor(trainer.gradient())
        optimizer.step()
        falls.step()
        speed = 0.9 * speed - 0.1 * 0.5**epoch * trainer.gradient()
        inside += speed
    np.testing.assert_allclose(trainer.network.theta, parameter.detach(), rtol=0, atol=1e-14)
    assert np.abs(trainer.network.theta - inside).max() > 1e-3


EPSILONS = {
    "adagrad": (torch.optim.Adagrad, 1e-10),
    "rmsprop": (torch.optim.RMSprop, 1e-8),
    "adam": (torch.optim.Adam, 1e-8),
}


@pytest.mark.parametrize("name", EPSILONS)
def test_epsilon_is_pytorchs_and_stands_beside_the_root(name: str) -> None:
    make, epsilon = EPSILONS[name]
    trainer = Trainer(small(optimizer=name, initZero=True, activation="relu", learningRate=0.5))
    parameter = torch.nn.Parameter(torch.tensor(trainer.network.theta))
    optimizer = make([parameter], lr=0.5)
    assert optimizer.defaults["eps"] == epsilon
    for size in (1e-9, 1e-7):  # so small a gradient that epsilon counts, and in the root would be all
        gradient = np.full(trainer.network.size, size)
        parameter.grad = torch.tensor(gradient)
        optimizer.step()
        trainer.descent.next_step(trainer.config.momentum)
        trainer.descent.step(gradient, 1, 0.5, trainer.config)
        np.testing.assert_allclose(trainer.network.theta, parameter.detach(), rtol=1e-12)


def test_pytorchs_weight_decay_takes_biases_too_and_is_added_after_clipping() -> None:
    values = {"regularization": "L2", "regularizationRate": 0.5, "regularizationMode": "loss", "clipNorm": 0.1}
    trainer = Trainer(small(**values, learningRate=0.1))
    weights = trainer.network.weight_mask().astype(bool)
    first = trainer.network.theta.copy()
    trainer.step()
    parameter = torch.nn.Parameter(torch.tensor(first))
    parameter.grad = torch.tensor(trainer.gradient())
    torch.nn.utils.clip_grad_norm_([parameter], 0.1)
    torch.optim.SGD([parameter], lr=0.1, weight_decay=0.5).step()
    assert np.linalg.norm(trainer.network.theta - first) == pytest.approx(0.1 * 0.1)
    assert np.linalg.norm(parameter.detach().numpy() - first) > 0.1 * 0.1 * 2
    free = Trainer(small(**values | {"clipNorm": 0}, learningRate=0.1))
    free.step()
    np.testing.assert_allclose((free.network.theta - first)[~weights], -0.1 * free.gradient()[~weights], atol=1e-15)


# --- the data ---------------------------------------------------------------------------------------------------------


def test_sigma_is_the_samples_and_scikit_learns_that_of_all() -> None:
    trainer = Trainer(small(normalize=True))
    raw = Trainer(small()).train_data.X[:-1].T  # (N, D)
    theirs = StandardScaler().fit(raw)
    count = len(raw)
    np.testing.assert_allclose(trainer.scaling.mean, theirs.mean_, rtol=0, atol=1e-14)
    np.testing.assert_allclose(trainer.scaling.sigma, theirs.scale_ * np.sqrt(count / (count - 1)), rtol=1e-14)


def test_points_left_over_wait_where_a_data_loader_makes_a_smaller_batch_of_them() -> None:
    trainer = Trainer(small())  # 25 points, batches of 10
    sizes = []
    for _ in range(5):
        before = trainer._sampler.pending
        trainer.step()
        sizes.append(10 + before if trainer.updates % 2 else 10)
    assert sizes == [10, 10, 15, 10, 15]
    assert [len(batch) for batch in DataLoader(range(25), batch_size=10)] == [10, 10, 5]


def test_a_batch_larger_than_the_training_set_makes_no_update() -> None:
    trainer = Trainer(small(batchSize=26))
    trainer.train(3)
    assert (trainer.epoch, trainer.updates) == (3, 0)
    assert [len(batch) for batch in DataLoader(range(25), batch_size=26)] == [25]


# --- the network ------------------------------------------------------------------------------------------------------

INPUTS, UNITS = 30, 50
FILLS: dict[str, Any] = {
    "xavier": torch.nn.init.xavier_uniform_,
    "he": lambda weights: torch.nn.init.kaiming_normal_(weights, nonlinearity="relu"),
}


@pytest.mark.parametrize("name", FILLS)
def test_weights_are_drawn_as_widely_as_pytorch_does_it_with_the_usual_gain(name: str) -> None:
    stream = Stream("weights")
    ours = np.array([INITIALIZERS[name].f(stream, INPUTS, UNITS) for _ in range(INPUTS * UNITS)])
    torch.manual_seed(1)
    theirs = FILLS[name](torch.empty(UNITS, INPUTS)).numpy()
    assert ours.std() == pytest.approx(theirs.std(), rel=0.1)
    assert (INITIALIZERS[name].bias, INITIALIZERS["uniform"].bias) == (0, 0.1)
    torch.manual_seed(1)
    layer = torch.nn.Linear(INPUTS, UNITS)  # by itself evenly up to 1 / sqrt(inputs), biases too
    assert 0.95 < layer.weight.abs().max().item() * np.sqrt(INPUTS) <= 1
    assert layer.bias.abs().max().item() > 0.1 / np.sqrt(INPUTS)


def test_dropout_scales_what_it_keeps_as_pytorch_does() -> None:
    (mask,) = dropout_masks("seed", 0, 0.25, (50,), 40)
    theirs = functional.dropout(torch.ones(50, 40, dtype=torch.float64), 0.25)
    assert np.unique(mask).tolist() == pytest.approx(np.unique(theirs.numpy()).tolist())


def test_gelu_is_the_approximation_by_tanh_and_leaky_relu_leaks_a_tenth() -> None:
    """Pytorch's are by themselves the exact one, and one that leaks a hundredth."""
    z = torch.tensor(SUMS)
    tables = {"gelu": functional.gelu(z, approximate="tanh"), "leakyRelu": functional.leaky_relu(z, 0.1)}
    for name, theirs in tables.items():
        a = np.empty_like(SUMS)
        ACTIVATIONS[name].f(SUMS.copy(), a)
        np.testing.assert_allclose(a, theirs, rtol=0, atol=1e-14)
    off = (functional.gelu(z, approximate="tanh") - functional.gelu(z)).abs().max().item()
    assert 1e-4 < off < 1e-3
    assert torch.nn.LeakyReLU().negative_slope == 0.01


# --- the rate and the scores ------------------------------------------------------------------------------------------


def scheduled(make: Any, epochs: int) -> list[float]:
    """The rate of each epoch under one of PyTorch's schedules."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    falls, rates = make(optimizer), []
    for _ in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        falls.step()
    return rates


def test_schedules_are_pytorchs_but_for_the_cosine_which_stays_at_zero() -> None:
    schedulers = torch.optim.lr_scheduler
    theirs = {
        "step": scheduled(lambda optimizer: schedulers.StepLR(optimizer, 4, 0.7), 12),
        "exponential": scheduled(lambda optimizer: schedulers.ExponentialLR(optimizer, 0.7 ** (1 / 4)), 12),
        "cosine": scheduled(lambda optimizer: schedulers.CosineAnnealingLR(optimizer, 4), 12),
    }
    ours = {name: [learning_rate(name, 0.5, epoch, 0.7, 4) for epoch in range(12)] for name in theirs}
    for name in ("step", "exponential"):
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-12)
    np.testing.assert_allclose(ours["cosine"][:5], theirs["cosine"][:5], rtol=0, atol=1e-12)
    assert max(ours["cosine"][4:]) == pytest.approx(0, abs=1e-16)
    assert max(theirs["cosine"][5:]) == pytest.approx(0.5)


def test_scores_are_scikit_learns() -> None:
    random = np.random.default_rng(1)
    output, label = random.normal(size=(1, 30)), random.normal(size=(1, 30))
    assert SCORES["regression"].f(output, label) == pytest.approx(r2_score(label[0], output[0]))
    signs = np.sign(label)
    assert SCORES["classification"].f(output, signs) == accuracy_score(signs[0] > 0, output[0] >= 0)
    assert SCORES["classification"].f(np.zeros((1, 1)), np.ones((1, 1))) == 1  # an output of 0 is the class 1


def test_the_defaults_are_those_that_the_table_states() -> None:
    config = Config()
    assert (config.regularizationMode, config.minDelta, config.restoreBest) == ("decoupled", 0, False)

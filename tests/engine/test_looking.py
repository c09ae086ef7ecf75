"""What a run lets one see: losses and scores, a single point's way, the last update's gradient."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from engine.config import Config
from engine.tables import Array
from engine.tables.features import FEATURES
from engine.tables.losses import LOSSES
from engine.tables.scores import SCORES
from engine.trainer import Trainer
from engine.training.network import Pass
from tests.engine.runs import PLANE_TASKS, small, state

SHAPES: list[dict[str, Any]] = [
    {},
    {"networkShape": ()},
    {"x": False, "y": False},
    {"x": False, "y": False, "networkShape": ()},
    {"networkShape": (5, 4, 3), **dict.fromkeys(FEATURES, True)},
    {"problem": "regression", "activation": "softplus"},
    {"problem": "multiclass"},
    {"loss": "crossEntropy", "activations": ("relu", "sine"), "normalize": True},
]
shapes = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "-".join(shape)[:40] or "usual")


def trained(**values: Any) -> Trainer:
    trainer = Trainer(small(**values))
    trainer.train(3)
    return trainer


def outputs(trainer: Trainer, part: Any) -> Array:
    return Pass(trainer.network, len(part.points)).forward(part.X)


# --- losses and scores ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("split", [25, 50])  # parts of different size, and of the same
def test_every_point_has_a_loss_of_its_own(split: int) -> None:
    trainer = trained(percTrainData=split)
    for part, losses in zip((trainer.train_data, trainer.test_data), trainer.point_losses(), strict=True):
        expected = LOSSES["squared"].f(outputs(trainer, part), part.Y)
        np.testing.assert_array_equal(losses, expected)


@pytest.mark.parametrize("split", [25, 50])
@pytest.mark.parametrize("problem", PLANE_TASKS)
def test_a_measure_is_both_losses_and_both_scores(problem: str, split: int) -> None:
    trainer = trained(problem=problem, percTrainData=split)
    measures = trainer.measure()
    assert measures[:2] == trainer.losses()
    for part, score in ((trainer.train_data, measures.train_score), (trainer.test_data, measures.test_score)):
        answers, labels = outputs(trainer, part), part.Y
        share = {
            "classification": np.mean(np.sign(answers) == labels),
            "multiclass": np.mean(labels[answers.argmax(axis=0), range(labels.shape[1])]),
            "regression": 1 - np.mean((labels - answers) ** 2) / np.var(labels),
        }
        assert score == pytest.approx(share[problem], rel=1e-12)


def test_without_points_that_validate_nothing_is_said_of_them() -> None:
    assert all(map(math.isnan, trained().measure()[4:]))


@pytest.mark.parametrize("problem", PLANE_TASKS)
def test_points_that_validate_are_measured_like_the_others(problem: str) -> None:
    trainer = trained(problem=problem, percTrainData=40, percValidationData=30)
    part, loss = trainer.validation_data, LOSSES[trainer.config.loss_name]
    passed = Pass(trainer.network, len(part.points))
    answers = passed.forward(part.X)
    measures = trainer.measure()
    assert measures.validation_loss == pytest.approx(loss.f(passed.loss_input(loss), part.Y).mean(), rel=1e-12)
    assert measures.validation_score == SCORES[problem].f(answers, part.Y)
    assert len({measures.train_loss, measures.validation_loss, measures.test_loss}) == 3


@pytest.mark.parametrize("loss", ["crossEntropy", "hinge", "perceptron"])
def test_a_loss_of_sums_is_the_same_whatever_the_output_makes_of_them(loss: str) -> None:
    soft, hard = (Trainer(small(loss=loss, outputActivation=name)) for name in ("linear", "step"))
    assert soft.losses() == hard.losses()
    (*_, sums), lost = soft.probe(1.5, -2, -1)
    (*_, output), same = hard.probe(1.5, -2, -1)
    assert lost == same == LOSSES[loss].f(sums[:, None], np.array([[-1.0]])).item()
    assert output.tolist() == np.sign(sums).tolist()


def test_a_run_that_learns_gains_in_its_score() -> None:
    trainer = Trainer(Config(dataset="xor", xTimesY=True, learningRate=0.1))
    before = trainer.measure()
    trainer.train(50)
    after = trainer.measure()
    assert before.test_score < 0.9 < after.test_score <= 1


def test_losses_out_of_all_numbers_are_infinite_and_no_warning() -> None:
    trainer = Trainer(small(problem="regression", networkShape=()))
    trainer.network.theta.fill(1e160)
    assert trainer.measure()[:2] == (math.inf, math.inf)
    assert all(np.isinf(losses).any() for losses in trainer.point_losses())


# --- a single point's way ---------------------------------------------------------------------------------------------


@shapes
def test_a_probed_point_goes_the_way_that_it_goes_among_all(shape: dict[str, Any]) -> None:
    trainer = trained(**shape)
    losses = trainer.point_losses()[0]
    for place in (0, 7):
        point = trainer.train_data.points[place]
        (features, *layers), loss = trainer.probe(*point)
        whole = Pass(trainer.network, trainer.train_size)
        whole.forward(trainer.train_data.X)
        assert features.tolist() == trainer.train_data.X[:-1, place].tolist()
        assert [len(layer) for layer in layers] == list(trainer.config.shape[1:])
        for layer, outputs in zip(layers, whole.outputs, strict=True):
            np.testing.assert_allclose(layer, outputs[:, place], rtol=1e-12, atol=1e-15)
        assert loss == pytest.approx(losses[place], rel=1e-12)


def test_the_loss_of_a_probed_place_is_by_the_label_that_it_is_given() -> None:
    trainer = trained()
    (*_, output), loss = trainer.probe(1.5, -2, 0.25)
    assert loss == (output[0] - 0.25) ** 2 / 2
    (*_, without_label), none = trainer.probe(1.5, -2)
    assert without_label == output
    assert math.isnan(none)


def test_what_was_probed_stays_as_it_was_while_the_run_goes_on() -> None:
    trainer = trained(batchSize=1)
    layers, _ = trainer.probe(1, 1)
    kept = [layer.copy() for layer in layers]
    trainer.probe(-3, 2)
    trainer.train()
    for layer, before in zip(layers, kept, strict=True):
        np.testing.assert_array_equal(layer, before)


def test_a_probe_far_outside_all_numbers_is_no_warning() -> None:
    (features, *_), _ = trained(xSquared=True).probe(1e200, -1e200, 1)
    assert features.tolist() == [1e200, -1e200, math.inf]


def test_a_probe_of_many_classes_gives_their_probabilities_and_the_loss_of_one() -> None:
    trainer = trained(problem="multiclass", classes=4)
    (*_, outputs), loss = trainer.probe(1.5, -2, 2)
    assert outputs.shape == (4,)
    assert outputs.sum() == pytest.approx(1)
    assert loss == pytest.approx(-math.log(outputs[2]), rel=1e-12)


# --- one layer for all ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(), (4,), (5, 1, 3)])
@pytest.mark.parametrize(
    "kind", [{"problem": "regression"}, {"outputActivation": "linear"}], ids=["regression", "classes"]
)
def test_a_network_of_lines_alone_is_one_layer(kind: dict[str, Any], shape: tuple[int, ...]) -> None:
    trainer = trained(activation="linear", networkShape=shape, xSquared=True, learningRate=1e-3, **kind)
    whole = trainer.collapsed()
    assert whole is not None
    assert whole.shape == (1, 4)
    np.testing.assert_allclose(whole @ trainer.train_data.X, outputs(trainer, trainer.train_data), rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    "bent",
    [
        {"activation": "tanh"},
        {"activations": ("linear", "relu")},
    ],
    ids=str,
)
def test_a_network_with_any_bend_between_its_layers_is_not(bent: dict[str, Any]) -> None:
    assert Trainer(small(**{"activation": "linear"} | bent)).collapsed() is None


def test_what_the_output_makes_of_the_one_layer_is_left_to_it() -> None:
    trainer = trained(activation="linear", networkShape=(4, 3), learningRate=1e-3)
    whole = trainer.collapsed()
    assert whole is not None
    X = trainer.train_data.X
    np.testing.assert_allclose(np.tanh(whole @ X), outputs(trainer, trainer.train_data), rtol=0, atol=1e-12)


# --- the gradient -----------------------------------------------------------------------------------------------------


def differences(trainer: Trainer, batch: list[int]) -> Array:
    """The derivatives of the mean loss of some training points by central differences."""
    theta, h = trainer.network.theta, 1e-6
    slopes = np.empty_like(theta)
    for i, value in enumerate(theta.tolist()):
        ends = []
        for moved in (value + h, value - h):
            theta[i] = moved
            ends.append(trainer.point_losses()[0][batch].mean())
        theta[i] = value
        slopes[i] = (ends[0] - ends[1]) / (2 * h)
    return slopes


@shapes
@pytest.mark.parametrize("regularization", ["none", "L2"])
def test_the_gradient_is_that_of_the_mean_loss_of_the_last_batch(shape: dict[str, Any], regularization: str) -> None:
    config = small(regularization=regularization, regularizationRate=0.5, **shape)
    trainer = Trainer(config)
    # BatchLosses of 10 of 25 points: the third update has the five left over too.
    for batch in ([*range(10)], [*range(10, 20)], [*range(20, 25), *range(10)]):
        expected = differences(trainer, batch)
        trainer.step()
        np.testing.assert_allclose(trainer.gradient(), expected, rtol=0, atol=1e-8)


def test_a_step_against_the_gradient_is_what_an_update_makes() -> None:
    trainer = Trainer(small(learningRate=0.25))
    before = trainer.network.theta.copy()
    trainer.step()
    np.testing.assert_allclose(trainer.network.theta - before, -0.25 * trainer.gradient(), rtol=0, atol=1e-15)


def test_before_the_first_update_there_is_no_slope() -> None:
    trainer = Trainer(small())
    assert not trainer.gradient().any()


@pytest.mark.parametrize("batch", [1, 10, 25])
def test_looking_at_everything_changes_nothing(batch: int) -> None:
    config = small(batchSize=batch, problem="regression")
    blind, curious = Trainer(config), Trainer(config)
    for _ in range(30):
        blind.step()
        curious.measure()
        curious.probe(0.5, 0.5, 1)
        curious.step()
        kept = curious.gradient()
        curious.point_losses()
        curious.batch_losses()
        curious.probe(0.5, 0.5)
        np.testing.assert_array_equal(curious.gradient(), kept)
    assert state(blind) == state(curious)
    np.testing.assert_array_equal(blind.batch_losses(), curious.batch_losses())

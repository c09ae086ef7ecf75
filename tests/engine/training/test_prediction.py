"""What a run answers for any points, in the shapes that scikit-learn has, and how it shows itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss, r2_score

from engine import Config, Grid, Network, Trainer, boundary
from engine.restarts.members import Members
from engine.restarts.restarts import Restarts, restarted
from engine.training.prediction import CHUNK, PARTS
from tests.engine.runs import own, small

RUNS = {
    "two classes": small(noise=30, percValidationData=20),
    "normalized": small(dataset="scales", normalize=True, percValidationData=20),
    "many classes": small(problem="multiclass", classes=4, percValidationData=20),
    "regression": small(problem="regression", sinX=True, percValidationData=20),
}
every_run = pytest.mark.parametrize("config", RUNS.values(), ids=RUNS)
classes_only = pytest.mark.parametrize("config", [*RUNS.values()][:3], ids=[*RUNS][:3])


def trained(config: Config, epochs: int = 5) -> Trainer:
    trainer = Trainer(config)
    trainer.train(epochs)
    return trainer


def drawn(trainer: Trainer, part: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The points of a part as they are in the plane, (N, 2), and their labels, (N,)."""
    points = np.array(getattr(trainer.parts, part).points)
    return points[:, :2], points[:, 2]


@every_run
def test_a_prediction_is_the_label_that_the_network_gives_to_a_raw_point(config: Config) -> None:
    trainer = trained(config)
    X, y = drawn(trainer, "test")
    predicted = trainer.predict(X)
    assert predicted.shape == y.shape
    outputs = np.array([trainer.probe(*point)[0][-1] for point in X])  # (N, K)
    assert trainer.outputs(X) == pytest.approx(outputs.T, rel=1e-12)
    if config.problem == "regression":
        assert predicted.tolist() == trainer.outputs(X)[0].tolist()
    else:
        assert predicted.dtype.kind == "i"
        assert set(predicted) <= ({-1, 1} if config.problem == "classification" else {0, 1, 2, 3})


@every_run
@pytest.mark.parametrize("part", PARTS)
def test_a_score_is_that_of_the_part_and_of_scikit_learn(config: Config, part: Any) -> None:
    trainer = trained(config)
    X, y = drawn(trainer, part)
    score = trainer.score(part=part)
    assert score == getattr(trainer.measure(), f"{part}_score")
    metric = r2_score if config.problem == "regression" else accuracy_score
    assert score == pytest.approx(metric(y, trainer.predict(X)))
    assert trainer.score(X, y) == pytest.approx(score)
    assert trainer.score() == trainer.score(part="test")


@classes_only
def test_probabilities_are_those_of_each_class_and_agree_with_the_prediction(config: Config) -> None:
    trainer = trained(config)
    X, _ = drawn(trainer, "train")
    probabilities = trainer.predict_proba(X)
    labels = np.array([-1, 1] if config.problem == "classification" else [0, 1, 2, 3])
    assert probabilities.shape == (len(X), len(labels))
    assert probabilities.sum(axis=1) == pytest.approx(1.0)
    assert (labels[probabilities.argmax(axis=1)] == trainer.predict(X)).all()


@pytest.mark.parametrize("problem", ["classification", "multiclass"])
def test_the_cross_entropy_is_the_log_loss_of_the_probabilities(problem: str) -> None:
    trainer = trained(small(problem=problem, loss="crossEntropy"))
    X, y = drawn(trainer, "train")
    assert log_loss(y, trainer.predict_proba(X)) == pytest.approx(trainer.losses().train)


def test_points_come_as_lists_arrays_of_any_numbers_or_none_at_all() -> None:
    trainer = trained(small())
    expected = trainer.predict([(1.0, 2.0), (-3.0, 0.0)]).tolist()
    for kind in (np.int8, np.float32, object):
        assert trainer.predict(np.array([[1, 2], [-3, 0]], kind)).tolist() == expected
    empty: list[Any] = [[], np.empty((0, 2))]
    for nothing in empty:
        assert trainer.predict(nothing).shape == (0,)
        assert trainer.predict_proba(nothing).shape == (0, 2)
        assert np.isnan(trainer.score(nothing, []))


def test_very_many_points_are_passed_in_parts_that_do_not_show() -> None:
    trainer = trained(small(problem="multiclass"))
    X = np.random.default_rng(1).uniform(-6, 6, (2 * CHUNK + 7, 2))
    assert trainer.outputs(X)[:, ::999] == pytest.approx(trainer.outputs(X[::999]), rel=1e-12)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([1, 2], r"X: expected points as rows of x and y, \(N, 2\), got numbers of the shape \(2,\)"),
        ([[1, 2, 3]], r"got numbers of the shape \(1, 3\)"),
        ([["a", "b"]], r"got \[\['a', 'b'\]\]"),
        ([[1, 2], [3]], r"got \[\[1, 2\], \[3\]\]"),
        ([[1, np.nan]], "X: expected finite numbers, got nan"),
        ([[-np.inf, 1]], "X: expected finite numbers, got -inf"),
    ],
)
def test_what_are_no_points_is_refused(X: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Trainer(small()).predict(X)


def test_a_class_without_a_number_to_go_by_is_refused_and_a_value_is_none() -> None:
    far: Sequence[tuple[float, float]] = [(0, 0), (1e200, 0)]
    for method in (Trainer.predict, Trainer.predict_proba):
        with pytest.raises(ValueError, match=r"^X: expected points .* in row 1\.$"):
            method(
                Trainer(
                    small(
                        xSquared=True, sinX=True, ySquared=True, xTimesY=True, problem="multiclass", activation="relu"
                    )
                ),
                far,
            )
    assert not np.isfinite(Trainer(small(xSquared=True, problem="regression", activation="relu")).predict(far)[1])


@pytest.mark.parametrize(
    ("config", "y", "message"),
    [
        (small(), [0, 1], r"y: expected labels of \[-1, 1\], got 0"),
        (small(problem="multiclass"), [0, 3], r"y: expected labels of \[0, 1, 2\], got 3"),
        (
            small(problem="regression"),
            [0.5],
            r"y: expected a label for each of 2 points, got numbers of the shape \(1,\)",
        ),
        (small(), ["cat", "dog"], r"y: expected a label for each point, \(N,\), got \['cat', 'dog'\]"),
        (small(), None, "score: expected both X and y, or neither, got no y"),
    ],
)
def test_labels_that_are_none_are_refused(config: Config, y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Trainer(config).score([(0, 0), (1, 1)], y)


def test_a_part_that_is_none_and_a_probability_where_there_is_none_are_refused() -> None:
    trainer: Any = Trainer(small())
    with pytest.raises(ValueError, match="part: expected 'train', 'validation' or 'test', got 'tset'"):
        trainer.score(part="tset")
    for config, got in (
        (small(problem="regression"), "'linear' of a regression"),
        (small(outputActivation="step"), "'step' of a classification"),
    ):
        with pytest.raises(ValueError, match=f"outputActivation: expected .*, got {got}"):
            Trainer(config).predict_proba([(0, 0)])


def test_numbers_of_numpy_are_taken_wherever_a_run_takes_numbers() -> None:
    ours, theirs = Trainer(small()), Trainer(small())
    ours.step(3)
    theirs.step(np.int64(3))
    ours.train(2)
    theirs.train(np.int16(2))
    assert ours.record(3, 2).tobytes() == theirs.record(np.int64(3), np.uint8(2)).tobytes()
    assert (boundary(ours, 20) == boundary(theirs, np.int32(20))).all()
    theirs.set_weight(np.int64(0), np.int64(1), np.int64(0), np.float32(0.5))
    ours.set_weight(0, 1, 0, 0.5)
    assert ours.snapshot() == theirs.snapshot()
    assert Members(list(restarted(small(), np.int64(2)))).configs == Members(list(restarted(small(), 2))).configs


# --- representations ----------------------------------------------------------------------------------------------


def test_a_run_shows_its_network_data_epoch_and_losses() -> None:
    trainer = trained(small(percValidationData=20, dataset="spiral"), 2)
    measures = trainer.measure()
    losses = (
        f"train {measures.train_loss:.3f}, validation {measures.validation_loss:.3f}, test {measures.test_loss:.3f}"
    )
    points = "25 train, 20 validation, 55 test points"
    assert repr(trainer) == f"<Trainer 2-3-2-1 on spiral ({points}), epoch 2, loss: {losses}>"


def test_a_run_that_ended_by_itself_says_so_and_one_without_points_has_no_losses() -> None:
    assert repr(trained(small(problem="regression", activation="relu", learningRate=1e150))).endswith(", diverged>")
    stops = small(percValidationData=20, patience=1, learningRate=0, regularization="none")
    assert repr(trained(stops)).endswith(", stopped early>")
    assert repr(Trainer(own([]))) == "<Trainer 2-4-2-1 on own (no points), epoch 0>"


def test_a_network_shows_its_layers_and_parameters() -> None:
    network = Trainer(small(activations=("relu", "sine"))).network
    assert repr(network) == "<Network 2-3-2-1: ReLU, Sine, Tanh; 20 parameters>"
    many = Network(network.shape, network.activations, copies=(3,))
    assert repr(many) == "<Network 2-3-2-1: ReLU, Sine, Tanh; 20 parameters, 3 side by side>"


def test_restarts_show_how_many_they_are_and_the_range_of_their_losses() -> None:
    restarts = Restarts(list(restarted(small(), 3)))
    restarts.train(2)
    losses = sorted(restarts.measure(member).test_loss for member in range(3))
    assert repr(restarts) == f"<Restarts of 3: epoch 2, test loss {losses[0]:.3f} to {losses[-1]:.3f}>"
    assert repr(Members([trained(small(problem="regression", activation="relu", learningRate=1e150))])) == (
        "<Members of 1: epoch 1, 1 diverged>"
    )


def test_a_grid_and_a_snapshot_are_short() -> None:
    trainer = Trainer(small())
    assert repr(Grid(trainer.config, side=20, unit_side=10)) == "<Grid of 20 x 20 places, 10 x 10 for each hidden unit>"
    assert len(repr(trainer.snapshot())) < 200

"""Predictions for any points, with the method names of scikit-learn: predict, predict_proba, score.

Shapes: N points, K outputs: one, or of many classes one for each.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from engine.config import Config
from engine.copying import Copyable
from engine.errors import InputError, Problem, shown
from engine.tables import Array
from engine.tables.scores import SCORES
from engine.training.network import Network, Pass
from engine.training.scaling import Scaling
from engine.training.split import Part, Parts, targets

CHUNK = 4_000  # points in one pass
PARTS = ("train", "validation", "test")
PartName = Literal["train", "validation", "test"]


class Predictor(Copyable):
    """A network with its data and the configuration that says what its outputs mean."""

    config: Config
    network: Network
    parts: Parts

    @property
    def scaling(self) -> Scaling:
        """What the inputs are normalized by."""
        return self.parts.scaling

    def outputs(self, X: ArrayLike) -> Array:
        """The network's outputs, (K, N), for points X of shape (N, 2) as they are in the plane, or for images of shape
        (N, D) with pixels from 0 to 1: features and normalization are applied to them. ValueError for anything else."""
        points = _images(X, self.config.inputs) if self.config.image_set else _points(X)
        starts = range(0, max(1, len(points)), CHUNK)
        return np.concatenate([self._outputs(points[start : start + CHUNK]) for start in starts], axis=1)

    def _outputs(self, points: Array) -> Array:
        with np.errstate(all="ignore"):
            return self._passed(self.inputs(points))

    def inputs(self, points: Array) -> Array:
        """What the network takes of points (N, 2) or of images (N, D): (D + 1, N), with a last row of ones."""
        if self.config.image_set:
            return self.scaling.apply(np.concatenate([points.T, np.ones((1, len(points)))]))
        return self.scaling.design_matrix(self.config.features, points.tolist())

    def _passed(self, inputs: Array) -> Array:
        with np.errstate(all="ignore"):
            return Pass(self.network, inputs.shape[1]).forward(inputs)  # (K, N)

    def predict(self, X: ArrayLike) -> Array:
        """The answers for points X of shape (N, 2), as (N,): of two classes -1 or 1, of many the number of the class
        from 0 on, both as int; of a regression the value. ValueError where a class has no number to go by."""
        outputs = self.outputs(X)  # (K, N)
        if self.config.problem == "regression":
            return np.asarray(outputs[0])
        _check_numbers(outputs)
        return predicted_classes(outputs)

    def predict_proba(self, X: ArrayLike) -> Array:
        """The probability of each class for points X of shape (N, 2): of two classes (N, 2), for -1 and for 1, of many
        (N, K). Two classes have (1 + tanh z) / 2 = 1 / (1 + e^-2z) for the label 1, which is what the cross-entropy
        fits. ValueError for a regression, and for an output that is no probability."""
        config = self.config
        if config.problem == "regression" or config.output_name not in ("tanh", "softmax"):
            output = f"{shown(config.output_name)} of a {config.problem}"
            raise InputError(Problem("outputActivation", "'tanh' of two classes or 'softmax' of many", output))
        outputs = self.outputs(X)  # (K, N)
        _check_numbers(outputs)
        if config.has_many_classes:
            return outputs.T.copy()
        positive = (1 + outputs[0]) / 2  # (N,)
        return np.stack([1 - positive, positive], axis=1)

    def score(self, X: ArrayLike | None = None, y: ArrayLike | None = None, *, part: PartName = "test") -> float:
        """The accuracy, of a regression R squared, for points X of shape (N, 2) with labels y of shape (N,), which are
        as `predict` gives them; without these of the run's own points that train, validate or test. NaN where it has
        no meaning, as it has none of no points. ValueError for labels that are none."""
        if part not in PARTS:
            raise InputError(Problem("part", "'train', 'validation' or 'test'", shown(part)))
        if X is None and y is None:
            own: Part = getattr(self.parts, part)
            return self._score(self._passed(own.X), own.Y)
        if X is None or y is None:
            raise InputError(Problem("score", "both X and y, or neither", f"no {'X' if X is None else 'y'}"))
        outputs = self.outputs(X)  # (K, N)
        labels = _labels(y, outputs.shape[1], self.config)  # (N,)
        return self._score(outputs, targets(self.config, labels.tolist()))

    def _score(self, outputs: Array, Y: Array) -> float:
        with np.errstate(all="ignore"):
            return SCORES[self.config.problem].f(outputs, Y)


def predicted_classes(outputs: Array) -> Array:
    """The classes that outputs (K, N) decide for, (N,): the sign of one, and of many the place of the largest."""
    return np.where(outputs[0] >= 0, 1, -1) if len(outputs) == 1 else outputs.argmax(axis=0)


def _images(X: ArrayLike, pixels: int) -> Array:
    expected = f"images as rows of {pixels} pixels from 0 to 1, (N, {pixels})"
    images = _numbers("X", X, expected)
    if images.ndim != 2 or images.shape[1] != pixels:
        raise InputError(Problem("X", expected, f"numbers of the shape {images.shape}"))
    beyond = images[(images < 0) | (images > 1)]
    if beyond.size:
        raise InputError(Problem("X", "pixels from 0 to 1", shown(beyond[0])))
    return images


def _points(X: ArrayLike) -> Array:
    points = _numbers("X", X, "points as rows of x and y, (N, 2)")
    if points.shape == (0,):  # an empty list
        points = points.reshape(0, 2)
    if points.ndim != 2 or points.shape[1] != 2:
        raise InputError(Problem("X", "points as rows of x and y, (N, 2)", f"numbers of the shape {points.shape}"))
    return points


def _labels(y: ArrayLike, points: int, config: Config) -> Array:
    labels = _numbers("y", y, "a label for each point, (N,)")
    if labels.shape != (points,):
        got = f"numbers of the shape {labels.shape}"
        raise InputError(Problem("y", f"a label for each of {points} points", got))
    if config.problem == "regression":
        return labels
    known = [-1, 1] if config.problem == "classification" else list(range(config.class_count))
    unknown = labels[~np.isin(labels, known)]
    if unknown.size:
        raise InputError(Problem("y", f"labels of {shown(known)}", shown(unknown[0])))
    return labels


def _numbers(name: str, values: ArrayLike, expected: str) -> Array:
    """Finite numbers as an array of floats."""
    try:
        found = np.asarray(values, float)
    except (TypeError, ValueError):
        raise InputError(Problem(name, expected, shown(values))) from None
    if not np.isfinite(found).all():
        raise InputError(Problem(name, "finite numbers", shown(found[~np.isfinite(found)][0])))
    return found


def _check_numbers(outputs: Array) -> None:
    wrong = ~np.isfinite(outputs).all(axis=0)  # (N,)
    if wrong.any():
        got = f"an output beyond all numbers in row {wrong.argmax()}"
        raise InputError(Problem("X", "points for which the network gives numbers", got))

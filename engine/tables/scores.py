"""Scores: accuracy and R squared, beside the loss that is minimized."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.tables import Array, Entry


@dataclass(frozen=True, kw_only=True)
class Score(Entry):
    """At most 1, which is perfect."""

    f: Callable[[Array, Array], float]
    """f(output, label): (K, N), (K, N) -> the score; NaN where it has no meaning."""


def _accuracy(output: Array, label: Array) -> float:
    return float(((output >= 0) == (label >= 0)).mean()) if label.size else np.nan


def _argmax_accuracy(output: Array, label: Array) -> float:
    return float((output.argmax(axis=0) == label.argmax(axis=0)).mean()) if label.size else np.nan


def _r_squared(output: Array, label: Array) -> float:
    if not label.size or label.min() == label.max():
        return np.nan
    total = float(np.square(label - label.mean()).sum())
    return 1.0 - float(np.square(label - output).sum()) / total if total else np.nan


SCORES: dict[str, Score] = {
    "classification": Score(
        label="Accuracy",
        formula="share of the points whose output has the sign of their label",
        latex=r"\frac{1}{N} \sum_{i} [\operatorname{sign} \hat{y}_i = y_i]",
        hint="The share of the points that lie on the right side of the decision.",
        f=_accuracy,
    ),
    "multiclass": Score(
        label="Accuracy",
        formula="share of the points whose largest output is that of their class",
        latex=r"\frac{1}{N} \sum_{i} [\operatorname{argmax}_k \hat{y}_{ik} = y_i]",
        hint="The share of the points whose own class has the largest output.",
        f=_argmax_accuracy,
    ),
    "regression": Score(
        label="R²",
        formula="1 - sum (label - output)^2 / sum (label - mean label)^2",
        latex=r"1 - \frac{\sum_i (y_i - \hat{y}_i)^2}{\sum_i (y_i - \bar{y})^2}",
        hint="The share of the labels' variance that the output explains: 1 is perfect, 0 no better than their mean.",
        f=_r_squared,
    ),
    "images": Score(
        label="Accuracy",
        formula="share of the images whose largest output is that of their class",
        latex=r"\frac{1}{N} \sum_{i} [\operatorname{argmax}_k \hat{y}_{ik} = y_i]",
        hint="The share of the images whose own class has the largest output.",
        f=_argmax_accuracy,
    ),
}
"""By the kind of problem."""

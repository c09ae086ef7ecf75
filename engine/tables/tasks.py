"""The kinds of problems: binary classification, multiclass classification, regression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.tables import Entry


@dataclass(frozen=True, kw_only=True)
class Task(Entry):
    """A kind of problem, and its defaults."""

    dataset: str
    """The key of a configuration that names its data set."""
    samples: int
    """How many points there are; the original's number where it knows the problem."""
    output: str
    """The output's activation."""
    loss: str
    many: bool = False
    """Whether there is an output for each class."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """The defaults of other fields, where they are not those of all problems."""


TASKS: dict[str, Task] = {
    "classification": Task(
        label="Two classes",
        formula="the class is the sign of one output",
        latex=r"\operatorname{sign} \hat{y}",
        hint="One output, whose sign says which of two classes a point is of.",
        dataset="dataset",
        samples=500,
        output="tanh",
        loss="squared",
    ),
    "multiclass": Task(
        label="Many classes",
        formula="the class is the largest of k outputs",
        latex=r"\operatorname{argmax}_k \hat{y}_k",
        hint="An output for each of two to six classes, with the probability that the point is of that class.",
        dataset="classDataset",
        samples=500,
        output="softmax",
        loss="crossEntropy",
        many=True,
    ),
    "regression": Task(
        label="Regression",
        formula="the output is the number",
        latex=r"\hat{y} \in \mathbb{R}",
        hint="One output, which has to meet a number at every point.",
        dataset="regDataset",
        samples=1200,
        output="linear",
        loss="squared",
    ),
    "images": Task(
        label="Images",
        formula="the class is the largest of k outputs, the inputs are pixels",
        latex=r"\operatorname{argmax}_k \hat{y}_k",
        hint="An input for each pixel of an image, and an output for each class of images.",
        dataset="images",
        samples=5_000,
        output="softmax",
        loss="crossEntropy",
        many=True,
        defaults={
            "networkShape": (),
            "activation": "relu",
            "initializer": "xavier",
            "learningRate": 0.1,
            "batchSize": 32,
        },
    ),
}

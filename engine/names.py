"""The names of the tables and the fields of `Config` as types, for type checkers, which cannot read a table.

`make names` writes this file from the tables and from `Config`; a test holds it to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

Whole = int | np.integer[Any]
Real = float | np.floating[Any] | np.integer[Any]
Switch = bool | np.bool_
Seed = str | Real
Wholes = Sequence[Whole] | NDArray[np.integer[Any]]
ActivationName = Literal[
    "relu",
    "tanh",
    "sigmoid",
    "linear",
    "leakyRelu",
    "step",
    "elu",
    "softplus",
    "silu",
    "gelu",
    "sine",
]
ClassDatasetName = Literal[
    "blobs",
    "arms",
    "quadrants",
    "rings",
    "class-own",
]
ControlName = Literal[
    "showTestData",
    "discretize",
    "playButton",
    "stepButton",
    "resetButton",
    "learningRate",
    "activation",
    "regularization",
    "regularizationRate",
    "problem",
    "dataset",
    "percTrainData",
    "noise",
    "batchSize",
    "numHiddenLayers",
    "loss",
    "settings",
    "restarts",
    "compare",
    "showWorst",
    "regenerate",
    "lessons",
    "share",
    "x",
    "y",
    "xSquared",
    "ySquared",
    "xTimesY",
    "sinX",
    "sinY",
    "cosX",
    "cosY",
]
DatasetName = Literal[
    "circle",
    "xor",
    "gauss",
    "spiral",
    "ring",
    "modes",
    "sine",
    "cubic",
    "abs",
    "scales",
    "own",
]
ImageSetName = Literal[
    "digits",
    "digits8",
    "four-pixels",
    "shapes",
    "colours",
]
InitializerName = Literal[
    "uniform",
    "zero",
    "normal",
    "xavier",
    "he",
]
LossName = Literal[
    "squared",
    "crossEntropy",
    "hinge",
    "perceptron",
    "huber",
]
ModeName = Literal[
    "decoupled",
    "loss",
]
OptimizerName = Literal[
    "sgd",
    "momentum",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adam",
    "adamw",
]
OutputName = Literal[
    "tanh",
    "linear",
    "step",
    "softmax",
]
PenaltyName = Literal[
    "none",
    "L1",
    "L2",
]
ProblemName = Literal[
    "classification",
    "multiclass",
    "regression",
    "images",
]
RegDatasetName = Literal[
    "reg-plane",
    "reg-gauss",
    "reg-own",
]
ScheduleName = Literal[
    "constant",
    "step",
    "exponential",
    "inverse",
    "cosine",
]


class Fields(TypedDict, total=False):
    """What `Config` takes, each field by its name."""

    activation: ActivationName
    regularization: PenaltyName
    batchSize: Whole
    dataset: DatasetName
    regDataset: RegDatasetName
    learningRate: Real
    regularizationRate: Real
    noise: Real
    networkShape: Wholes
    seed: Seed
    showTestData: Switch
    discretize: Switch
    percTrainData: Real
    x: Switch
    y: Switch
    xSquared: Switch
    ySquared: Switch
    xTimesY: Switch
    sinX: Switch
    sinY: Switch
    cosX: Switch
    cosY: Switch
    collectStats: Switch
    tutorial: str
    problem: ProblemName
    initZero: Switch
    hideText: Switch
    hide: Sequence[ControlName]
    numSamples: Whole | None
    showWorst: Switch
    compact: Switch
    points: str
    classDataset: ClassDatasetName
    classes: Whole
    loss: LossName | None
    outputActivation: OutputName | None
    activations: Sequence[ActivationName]
    optimizer: OptimizerName
    momentum: Real
    schedule: ScheduleName
    decayRate: Real
    decayEpochs: Whole
    initializer: InitializerName
    weightSeed: Seed
    normalize: Switch
    percValidationData: Real
    patience: Whole
    minDelta: Real
    restoreBest: Switch
    coverTest: Switch
    reshuffle: Switch
    dropout: Real
    clipNorm: Real
    regularizationMode: ModeName
    images: ImageSetName

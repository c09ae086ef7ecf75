"""Runs whose configurations together use every entry of every table of the engine."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from engine import Config, Trainer
from engine.data.datasets import Point
from engine.tables.activations import ACTIVATIONS
from engine.tables.features import FEATURES
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import PENALTIES
from engine.tables.schedules import SCHEDULES
from tests.engine.runs import PLANE_TASKS, own, small

POINTS = [Point(i % 7 - 3, i % 5 - 2, 1 if i % 3 else -1) for i in range(33)]
EVERYTHING: dict[str, Any] = {
    "problem": "multiclass",
    "classDataset": "arms",
    "networkShape": (4, 3),
    "activations": ("silu", "relu"),
    "optimizer": "adam",
    "schedule": "cosine",
    "decayEpochs": 20,
    "regularization": "L1",
    "regularizationRate": 0.02,
    "initializer": "xavier",
    "weightSeed": "7",
    "normalize": True,
    "percValidationData": 25,
    "patience": 100,
    "reshuffle": True,
    "dropout": 0.25,
    "clipNorm": 0.5,
    **dict.fromkeys(FEATURES, True),
}
"""What can stand together in one configuration."""


def trained(updates: int, config: Config) -> Trainer:
    trainer = Trainer(config)
    trainer.step(updates)
    return trainer


def changed(**values: Any) -> Trainer:
    """A run with a weight set by hand, which no script trains anew."""
    trainer = trained(10, small(**values))
    trainer.set_weight(0, 0, 1, 0.25)
    trainer.step(5)
    return trainer


def judged() -> Iterator[dict[str, Any]]:
    """Every output with every loss of every problem that both fit."""
    for problem, (output, at), (loss, by) in product(PLANE_TASKS, OUTPUTS.items(), LOSSES.items()):
        if problem in at.problems and problem in by.problems:
            yield {"problem": problem, "outputActivation": output, "loss": loss}


def runs() -> Iterator[Trainer]:
    """Every name of every table, and every way to go through the points. 25 of them in batches of 10 leave 5 over."""
    for activation in ACTIVATIONS:
        yield trained(40, small(activation=activation, learningRate=0.1))
        yield trained(13, small(activation=activation, problem="regression", xTimesY=True, batchSize=7))
    for values in judged():
        yield trained(21, small(**values, normalize=True))
    for i, (optimizer, penalty) in enumerate(product(OPTIMIZERS, PENALTIES)):
        values = {"schedule": list(SCHEDULES)[i % len(SCHEDULES)], "decayEpochs": 4, "decayRate": 0.7, "momentum": 0.8}
        values |= {"reshuffle": i % 3 == 0, "clipNorm": 0.1 * (i % 2), "learningRate": 0.02}
        yield trained(41, small(**values, optimizer=optimizer, regularization=penalty, regularizationRate=0.3))
    for i, (optimizer, penalty) in enumerate(product(OPTIMIZERS, ("L1", "L2"))):
        values = {"optimizer": optimizer, "clipNorm": 0.1 * (i % 4 == 3), "learningRate": 0.02}
        values |= {"regularization": penalty, "regularizationRate": 0.1, "regularizationMode": "loss"}
        yield trained(21, small(**values, problem="classification" if i % 3 == 0 else "regression"))
    for initializer in INITIALIZERS:
        yield trained(20, small(initializer=initializer, weightSeed="2", activation="sigmoid"))
    yield from oddities()


def oddities() -> Iterator[Trainer]:
    yield trained(20, small(learningRate=0.001, **dict.fromkeys(FEATURES, True)))
    yield trained(20, small(dataset="scales", normalize=True, numSamples=200, loss="crossEntropy"))
    yield trained(9, small(networkShape=(3,) * 10, activation="leakyRelu"))
    yield trained(60, small(numSamples=500, percTrainData=50, batchSize=30))
    yield trained(9, small(batchSize=25))
    yield trained(9, small(networkShape=(), dropout=0.5))
    yield trained(9, small(networkShape=(), problem="regression", regularization="L1", regularizationRate=1))
    yield trained(30, small(initZero=True, activation="sigmoid"))
    yield trained(20, small(activations=("relu", "sine")))
    yield trained(20, small(optimizer="nesterov", momentum=0))
    yield trained(31, small(dropout=0.3, activation="gelu"))
    yield trained(31, small(dropout=0.3, loss="hinge", networkShape=(6,), batchSize=5))
    yield trained(300, small(percValidationData=20, patience=4, noise=50, learningRate=0.3))
    yield trained(300, small(percValidationData=20, patience=3, learningRate=3e-15, seed="5"))  # stopped by rounding
    watched = {"percValidationData": 20, "patience": 4, "noise": 50, "learningRate": 0.3}
    yield trained(300, small(**watched, minDelta=0.01))
    yield trained(300, small(**watched, minDelta=0.001, restoreBest=True))
    yield trained(300, small(**watched, restoreBest=True, regularization="L1", regularizationRate=0.05, momentum=0.5))
    yield trained(4, small(**watched, restoreBest=True))  # not ended yet
    yield trained(300, small(percValidationData=20, patience=3, restoreBest=True, learningRate=3e-15, seed="5"))
    yield trained(20, small(percValidationData=20))
    yield trained(7, small(patience=1))  # without validation points nothing stops
    yield trained(60, small(**EVERYTHING))
    yield trained(30, own(POINTS, batchSize=30))  # cut to the 16 that train
    yield trained(9, own([Point(i % 3, i % 5, i % 4) for i in range(40)], problem="multiclass", classes=4))
    yield trained(5, own(POINTS[:1]))  # tests alone
    yield trained(5, own([]))
    yield trained(5, small(batchSize=100))  # never updates
    yield Trainer(small())
    yield trained(400, small(problem="regression", learningRate=50))  # diverges
    yield changed()
    yield trained(600, small(batchSize=1, learningRate=1, xSquared=True, ySquared=True))  # rounding errors grow


def looked_at() -> list[Trainer]:
    """Runs as they are, with every activation, output and feature, alone and together, far enough from zero."""
    every = dict.fromkeys(FEATURES, True)
    names = list(ACTIVATIONS)
    fitting = ((name, problem) for name, output in OUTPUTS.items() for problem in output.problems)
    outputs = [{"problem": kind, "outputActivation": name} for name, kind in fitting if kind in PLANE_TASKS]
    runs = [changed(activation=name, **outputs[i % len(outputs)], **every) for i, name in enumerate(names)]
    for i, name in enumerate(names):
        mixed = (name, names[(i + 1) % len(names)])
        runs.append(changed(activations=mixed, normalize=True, **outputs[(i + 3) % len(outputs)], **every))
    runs.append(changed(dropout=0.5))
    runs.append(changed(networkShape=(), normalize=True, dataset="scales"))
    for run in runs:
        run.network.theta[:] *= 2
    return runs

"""Digests of trained runs: `python -m benchmarks.digests` prints one for each recorded link and generated link.

Run on two commits of one machine, it shows whether they train the same bits: compare what it prints. It uses nothing of
the engine but links and `Trainer`, so that it runs on earlier commits too.
"""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

from engine import Trainer, parse_link

REPLAYS = Path(__file__).parents[1] / "tests" / "golden" / "replays.json"
GENERATED, EPOCHS = 100, 20
PROBLEMS = {
    "classification": {
        "dataset": ["circle", "xor", "gauss", "spiral", "ring", "scales"],
        "loss": ["", "squared", "crossEntropy", "hinge"],
    },
    "regression": {"regDataset": ["reg-plane", "reg-gauss"], "loss": ["", "squared", "huber"]},
    "multiclass": {"classDataset": ["blobs", "rings", "arms"], "classes": ["2", "3", "5"], "loss": ["", "squared"]},
}
KNOBS = {
    "networkShape": ["", "3", "8,8", "8,8,8", "16,4"],
    "activation": ["tanh", "relu", "sigmoid", "linear"],
    "learningRate": ["0.003", "0.03", "0.1"],
    "batchSize": ["1", "7", "10", "30"],
    "noise": ["0", "15", "50"],
    "percTrainData": ["20", "50", "80"],
    "percValidationData": ["0", "10"],
    "regularization": ["none", "L1", "L2"],
    "regularizationRate": ["0", "0.001", "0.03"],
    "optimizer": ["sgd", "momentum", "rmsprop", "adam"],
    "schedule": ["constant", "step", "exponential", "cosine"],
    "initializer": ["uniform", "normal", "xavier", "he"],
    "normalize": ["false", "true"],
    "dropout": ["0", "0.2"],
    "reshuffle": ["false", "true"],
    "clipNorm": ["", "1"],
    "xTimesY": ["false", "true"],
    "sinX": ["false", "true"],
}


def generated() -> list[str]:
    """Links of configurations of all kinds, the same at every call."""
    choose = random.Random(0)
    links = []
    for number in range(GENERATED):
        problem = choose.choice(list(PROBLEMS))
        chosen = {name: choose.choice(values) for name, values in (PROBLEMS[problem] | KNOBS).items()}
        pairs = {"problem": problem, "seed": str(number), **{name: value for name, value in chosen.items() if value}}
        links.append("&".join(f"{name}={value}" for name, value in pairs.items()))
    return links


def digest(link: str) -> str:
    """The SHA-256 of the parameters after some epochs."""
    trainer = Trainer(parse_link(link).config)
    trainer.train(EPOCHS)
    return hashlib.sha256(trainer.network.theta.tobytes()).hexdigest()


if __name__ == "__main__":
    recorded = [replay["link"] for replay in json.loads(REPLAYS.read_text(encoding="utf-8"))]
    for link in (*recorded, *generated()):
        print(digest(link), link)

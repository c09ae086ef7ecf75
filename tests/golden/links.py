"""Links as they were once made, and the runs that they opened, which they have to open for ever.

`.venv/bin/python -m tests.golden.links` adds what is new in LINKS to links.json; what is there is never changed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine import Trainer, format_link, format_state, parse_link, trainer_at

FILE = Path(__file__).parent / "links.json"
EPOCHS = 5
SPIRAL = "dataset=spiral&networkShape=8,8&seed=0.68609&xSquared=true&ySquared=true&sinX=true&sinY=true"
LINKS = (
    "seed=0.12345",
    "activation=tanh&batchSize=10&dataset=circle&regDataset=reg-plane&learningRate=0.03&regularizationRate=0&noise=0"
    "&networkShape=4,2&seed=0.85512&showTestData=false&discretize=false&percTrainData=50&x=true&y=true&xTimesY=false"
    "&xSquared=false&ySquared=false&cosX=false&sinX=false&cosY=false&sinY=false&collectStats=false"
    "&problem=classification&initZero=false&hideText=false",
    f"{SPIRAL}&learningRate=0.1&regularization=L2&regularizationRate=0.001&noise=15",
    "dataset=xor&networkShape=3&activation=relu&batchSize=1&seed=7&percTrainData=80",
    "problem=regression&regDataset=reg-gauss&networkShape=6,4&seed=2&activation=sigmoid",
    "problem=multiclass&classDataset=rings&classes=4&networkShape=6&seed=3&xSquared=true&ySquared=true",
    "problem=multiclass&classes=3&networkShape=&seed=4&loss=squared",
    "dataset=xor&networkShape=4,4&seed=5&optimizer=adam&schedule=cosine&decayEpochs=20&initializer=he&weightSeed=9",
    "dataset=gauss&networkShape=&batchSize=1&seed=6&loss=perceptron&outputActivation=step&noise=20",
    "dataset=scales&networkShape=3&seed=1&normalize=true&optimizer=momentum&momentum=0.8&clipNorm=1",
    "dataset=circle&networkShape=5,3&activations=relu,tanh&seed=8&percValidationData=20&dropout=0.2&reshuffle=true",
    "cosX=true&sinY=true&dataset=spiral&networkShape=4&seed=0.5&v=1",
    "dataset=xor&networkShape=4&seed=1&optimizer=adam&regularization=L2&regularizationRate=0.01&regularizationMode=loss",
    "dataset=xor&networkShape=4&seed=1&optimizer=adamw&regularization=L2&regularizationRate=0.01",
    "dataset=circle&networkShape=4&seed=1&learningRate=0.3&regularization=L1&regularizationRate=0.1"
    "&regularizationMode=loss",
    "dataset=modes&networkShape=8&seed=0.5&noise=50&numSamples=100&percTrainData=25&learningRate=0.3"
    "&percValidationData=25&patience=2&minDelta=0.001&restoreBest=true",
)


def opened(link: str) -> Trainer:
    """The run that a link opens."""
    parsed = parse_link(link)
    return trainer_at(parsed.config, parsed.state) if parsed.state else Trainer(parsed.config)


def record(link: str) -> dict[str, Any]:
    """What a link opens, and where that is some epochs later."""
    trainer = opened(link)
    first = trainer.network.theta.tolist()[:5]
    trainer.train(EPOCHS)
    losses = list(trainer.measure()[:2])
    return {"link": link, "points": trainer.train_size, "first_weights": first, "losses": losses}


def with_state(link: str) -> str:
    """A link that carries the trained weights as well."""
    trainer = opened(link)
    trainer.train(EPOCHS)
    return f"{format_link(trainer.config)}&state={format_state(trainer)}"


if __name__ == "__main__":
    known = json.loads(FILE.read_text()) if FILE.exists() else []
    links = [*LINKS, *([] if known else map(with_state, LINKS[-4:]))]
    new = [record(link) for link in links if link not in {one["link"] for one in known}]
    FILE.write_text(json.dumps(known + new, indent=1) + "\n")

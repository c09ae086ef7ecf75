"""What about a configuration may surprise: told where it does, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.explain.notes import notes_on
from engine import Config, Trainer
from engine.data.points import encode


def found(**fields: Any) -> list[str]:
    return notes_on(Config.model_validate(fields))


def test_an_ordinary_configuration_surprises_nobody() -> None:
    assert found() == []
    assert found(problem="multiclass", percValidationData=20, patience=5, outputActivation="softmax") == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"batchSize": 300}, "The batch of 300 is larger than the 250 training points, so no update is ever made"),
        (
            {"optimizer": "adamw", "regularization": "L2", "regularizationMode": "loss"},
            "AdamW keeps the regularization out of the gradient, whatever regularizationMode says: take adam",
        ),
        ({"minDelta": 0.1}, "minDelta has no effect, because early stopping is off: see patience."),
        (
            {"minDelta": 0.1, "restoreBest": True},
            "minDelta and restoreBest have no effect, because early stopping is off",
        ),
        ({"patience": 5}, "The patience of 5 stops nothing early, because no points validate"),
        ({"patience": 5, "percValidationData": 0.1}, "The patience of 5 stops nothing early"),
        ({"outputActivation": "step"}, "The step has no slope that the squared loss could go down"),
    ],
)
def test_what_does_not_do_what_one_may_think_is_told(fields: dict[str, Any], words: str) -> None:
    (note,) = found(**fields)
    assert note.startswith(words)


def test_what_does_is_not() -> None:
    assert found(batchSize=250) == []
    assert found(dataset="own", points=encode([]), batchSize=30) == []
    assert found(outputActivation="step", loss="perceptron") == []


def test_the_training_points_are_those_that_a_run_really_has() -> None:
    config = Config(dataset="circle", numSamples=101, percTrainData=99, batchSize=100)
    trainer = Trainer(config)
    assert trainer.train_size == 100  # of a set of two halves, which rounds up
    assert notes_on(config, trainer.train_size) == []


@given(st.sampled_from([1, 17, 250, 251, 5_000]), st.sampled_from([1, 10, 50, 98]), st.sampled_from([100, 333, 5_000]))
def test_a_batch_that_never_fills_is_told_where_no_update_is_made(batch: int, share: int, samples: int) -> None:
    config = Config(dataset="xor", batchSize=batch, percTrainData=share, numSamples=samples)
    trainer = Trainer(config)
    trainer.train()
    assert bool(notes_on(config)) == (trainer.updates == 0)

"""Why a run has ended by itself, in sentences: what was too much for which configuration."""

from __future__ import annotations

import math
from typing import Any

import pytest

from app.explain.reasons import diverged, lower_rate, stopped
from app.live import answers
from engine import Config, Stop, Trainer
from engine.training.early_stopping import NO_BEST


def trained(epochs: int = 50, **fields: Any) -> Trainer:
    trainer = Trainer(Config.model_validate(fields))
    trainer.train(epochs)
    return trainer


TOO_MUCH: list[tuple[dict[str, Any], str]] = [
    ({"activation": "relu"}, "the learning rate 30 is too high for ReLU."),
    ({"activations": ["relu", "sine"]}, "the learning rate 30 is too high for ReLU and Sine."),
    ({"activations": ["relu", "relu"]}, "the learning rate 30 is too high for ReLU."),
    ({"networkShape": []}, "the learning rate 30 is too high."),
    ({"optimizer": "momentum"}, "the learning rate 30 is too high for Tanh with Momentum."),
    ({"loss": "huber"}, "the learning rate 30 is too high for Tanh with the loss Huber."),
    (
        {"optimizer": "adam", "loss": "huber"},
        "the learning rate 30 is too high for Tanh with Adam and the loss Huber.",
    ),
    (
        {"problem": "classification", "dataset": "scales"},
        "the learning rate 30 is too high for inputs up to 1100: normalize them.",
    ),
    (
        {"problem": "classification", "dataset": "scales", "normalize": True, "outputActivation": "linear"},
        "the learning rate 30 is too high for Tanh.",
    ),
]


@pytest.mark.parametrize(("fields", "words"), TOO_MUCH)
def test_a_sentence_names_what_the_learning_rate_was_too_high_for(fields: dict[str, Any], words: str) -> None:
    trainer = trained(0, **{"problem": "regression", "learningRate": 30, **fields})
    assert diverged(trainer) == f"The loss grew without bound at epoch 0: {words}"


def test_a_rate_that_its_schedule_has_raised_is_told_as_it_was_then() -> None:
    raised: dict[str, Any] = {"schedule": "exponential", "decayRate": 10, "decayEpochs": 1, "batchSize": 400}
    trainer = trained(3, **raised)
    assert "the learning rate 30, to which its schedule has raised it, is too high for Tanh." in diverged(trainer)
    beyond = trained(400, **raised)
    assert math.isinf(beyond.rate)
    assert "the learning rate beyond all numbers, to which " in diverged(beyond)


@pytest.mark.parametrize(("rate", "lower"), [(10, 0.03), (0.3, 0.03), (0.03, 0.003)])
def test_a_lower_rate_is_there_to_try(rate: float, lower: float) -> None:
    assert lower_rate(Config(learningRate=rate)) == pytest.approx(lower)


def test_early_stopping_says_when_and_where_it_was_best() -> None:
    trainer = trained(
        500, networkShape=[2], noise=50, percTrainData=10, percValidationData=20, learningRate=0.3, patience=5
    )
    assert trainer.stopped
    best = trainer.stopped.best
    text = stopped(trainer.config, trainer.stopped)
    assert text.startswith(f"Stopped early at epoch {trainer.epoch}: the validation loss has not fallen for 5 epochs")
    assert text.endswith(f"at epoch {best.epoch}.")
    never = stopped(Config(patience=5), Stop(5, 0, NO_BEST))
    assert "it was lowest, infinite, at epoch 0." in never


def test_early_stopping_says_what_counted_as_better_and_that_the_best_weights_are_restored() -> None:
    values = {"networkShape": [2], "noise": 50, "percTrainData": 10, "percValidationData": 20, "learningRate": 0.3}
    trainer = trained(500, **values, patience=5, minDelta=0.01, restoreBest=True)
    assert trainer.stopped
    best = trainer.stopped.best
    text = stopped(trainer.config, trainer.stopped)
    assert " has not fallen by over 0.01 for 5 epochs; it last did, to " in text
    assert text.endswith(f" at epoch {best.epoch}, whose weights are restored.")


def test_a_page_is_told_once_why_its_run_has_ended_and_what_to_do() -> None:
    assert answers.end_of_run(trained(1)) == []
    burst = trained(problem="regression", activation="linear", learningRate=10)
    (said,) = answers.end_of_run(burst)
    assert (said["type"], said["learningRate"]) == ("diverged", 0.03)
    assert said["message"] == f"{diverged(burst)} Try 0.03."

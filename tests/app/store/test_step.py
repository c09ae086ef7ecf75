"""A step of a scripted run: the same bits however a run is cut into steps."""

from __future__ import annotations

import json
import math
import re
import sys
from typing import Any

import pytest

from app.explain.reasons import stopped
from app.process.arithmetic import arithmetic
from app.store.step import COLUMNS, STOP_LOSSES, Advance, advance, read_advance, row
from engine import Config, Measures, Trainer, format_state, trainer_at
from engine.state import digest

Json = dict[str, Any]


def spec(
    epochs: int = 20,
    losses: int = 1,
    snapshots: int | None = None,
    config: Json | None = None,
    stop: Json | None = None,
) -> Json:
    made = Config.model_validate({"dataset": "xor", "networkShape": (3,), **(config or {})})
    record = {"losses": losses, "snapshots": snapshots}
    return {"config": made.model_dump(mode="json"), "epochs": epochs, "stop": stop or {}, "record": record}


def steps(asked: Json, *untils: int, state: str | None = None) -> list[Advance]:
    """What each step gives, one from where the one before has ended."""
    made: list[Advance] = []
    seconds = None
    for until in untils:
        task = {"spec": asked, "state": state, "seconds": seconds, "until": until}
        made.append(read_advance(advance(json.dumps(task))))
        state, seconds = made[-1].state, made[-1].progress["seconds"]
    return made


def trained(epochs: int, config: Json | None = None) -> Trainer:
    trainer = Trainer(Config.model_validate({"dataset": "xor", "networkShape": (3,), **(config or {})}))
    trainer.train(epochs)
    return trainer


def test_a_run_is_the_same_however_it_is_cut_into_steps() -> None:
    (whole,) = steps(spec(), 20)
    parts = steps(spec(), 1, 8, 9, 20)
    assert parts[-1].state == whole.state == format_state(trained(20))
    assert parts[-1].progress["theta_sha256"] == digest(trained(20))
    assert [row for part in parts for row in part.rows] == whole.rows
    assert [part.ended for part in parts[:-1]] == [None] * 3
    assert parts[-1].ended == whole.ended == ("succeeded", "All epochs are trained.")


def test_the_losses_are_recorded_from_the_beginning_on_every_so_many_epochs_and_at_the_end() -> None:
    parts = steps(spec(losses=6), 7, 20)
    assert [row[0] for part in parts for row in part.rows] == [0, 6, 12, 18, 20]
    losses = trained(12).losses()
    assert parts[1].rows[0][2:4] == (losses.train, losses.test)
    assert tuple(parts[1].progress[name] for name in COLUMNS) == parts[1].rows[-1]


def test_states_are_kept_every_so_many_epochs_and_can_be_gone_on_from() -> None:
    kept = [one for part in steps(spec(snapshots=8), 10, 20) for one in part.snapshots]
    assert [epoch for epoch, _ in kept] == [0, 8, 16, 20]
    trainer = trainer_at(Config(dataset="xor", networkShape=(3,)), kept[1][1])
    trainer.train(12)
    assert digest(trainer) == digest(trained(20))


RICH: Json = {
    "problem": "multiclass",
    "classDataset": "arms",
    "classes": 4,
    "activations": ["relu"],
    "optimizer": "adam",
    "schedule": "cosine",
    "initializer": "he",
    "weightSeed": "b",
    "percValidationData": 20,
    "patience": 50,
    "normalize": True,
    "reshuffle": True,
    "dropout": 0.2,
    "clipNorm": 1.0,
}


def test_whatever_a_configuration_asks_for_a_run_is_the_same_however_it_is_cut() -> None:
    (whole,) = steps(spec(config=RICH), 20)
    parts = steps(spec(config=RICH), 1, 8, 9, 20)
    assert parts[-1].state == whole.state == format_state(trained(20, RICH))
    assert [row for part in parts for row in part.rows] == whole.rows
    measures = trained(20, RICH).measure()
    assert whole.rows[-1][2:] == tuple(measures)
    assert None not in whole.rows[-1]


@pytest.mark.parametrize("name", STOP_LOSSES)
def test_a_run_ends_after_the_first_epoch_that_is_good_enough(name: str) -> None:
    config = {"percValidationData": 20}
    rows = steps(spec(config=config), 20)[0].rows
    place = COLUMNS.index(name)
    threshold = rows[10][place]
    assert threshold
    first = next(row[0] for row in rows if (row[place] or 0) < threshold)
    step = steps(spec(losses=50, stop={name: threshold}, config=config), 20)[0]
    assert step.progress["epoch"] == first
    assert step.ended == ("succeeded", f"The {name.replace('_', ' ')} is under {threshold:g}.")
    assert [row[0] for row in step.rows] == [0, first]


def test_a_run_goes_on_from_a_given_state() -> None:
    state = format_state(trained(5))
    (step,) = steps(spec(), 20, state=state)
    assert step.progress["theta_sha256"] == digest(trained(20))
    assert [row[0] for row in step.rows] == list(range(5, 21))


PATIENT: Json = {
    "networkShape": (2,),
    "noise": 50,
    "percTrainData": 10,
    "percValidationData": 20,
    "learningRate": 0.3,
    "patience": 5,
}


@pytest.mark.parametrize("values", [{}, {"minDelta": 0.01}, {"restoreBest": True}], ids=str)
def test_a_run_whose_patience_is_at_an_end_has_succeeded_wherever_it_is_cut(values: Json) -> None:
    config = PATIENT | values
    trainer = trained(0, config)
    while not trainer.stopped:
        trainer.train()
    for untils in ((500,), (trainer.epoch - 2, 500), (trainer.epoch,)):
        *_, step = steps(spec(500, 100, config=config), *untils)
        assert step.progress["theta_sha256"] == digest(trainer)
        assert step.state == format_state(trainer)
        assert step.progress["epoch"] == trainer.epoch < 500
        assert step.rows[-1][0] == trainer.epoch
        assert step.ended == ("succeeded", stopped(trainer.config, trainer.stopped))
        assert step.ended.reason.startswith(f"Stopped early at epoch {trainer.epoch}: the validation loss has not ")


def test_who_goes_on_with_a_network_that_was_stopped_early_is_patient_anew() -> None:
    (first,) = steps(spec(500, config=PATIENT), 500)
    (second,) = steps(spec(500, config=PATIENT), 500, state=first.state)
    assert second.ended
    assert second.ended.status == "succeeded"
    assert second.progress["epoch"] >= first.progress["epoch"] + 5


def test_a_run_whose_loss_grows_without_bound_fails_with_a_sentence_and_finite_numbers() -> None:
    config = {"problem": "regression", "networkShape": (), "learningRate": 1e150}
    (step,) = steps(spec(config=config), 20)
    assert step.ended
    assert step.ended.status == "failed"
    assert "The loss grew without bound at epoch 0: the learning rate 1e+150 is too high." in step.ended.reason
    json.dumps(step, allow_nan=False)


def test_losses_that_are_none_are_told_as_the_largest_number(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = trained(0, {"percValidationData": 20})
    monkeypatch.setattr(Trainer, "measure", lambda trainer: Measures(math.nan, math.inf, math.nan, 0.5, math.nan, 0.5))
    largest = sys.float_info.max
    assert row(trainer) == (0, 0, largest, largest, None, 0.5, largest, 0.5)
    assert row(trained(0))[6] is None  # where no points validate


def test_a_run_without_points_to_score_has_no_score() -> None:
    (step,) = steps(spec(2, config={"dataset": "own", "points": ""}), 2)
    assert step.rows[-1][4:] == (None,) * 4
    assert step.ended == ("succeeded", "All epochs are trained.")


def test_a_run_keeps_what_it_was_computed_with_also_before_it_was_resumed() -> None:
    (first,) = steps(spec(), 3)
    assert first.progress["computed_with"] == [arithmetic()]
    assert re.fullmatch(r"NumPy [\d.]+\w*(, \S+ [\d.]+ \w+)?(, \w+)?", arithmetic())
    task = {"spec": spec(), "state": first.state, "seconds": 1.0, "until": 5, "computed_with": ["NumPy 1, elsewhere"]}
    resumed = read_advance(advance(json.dumps(task)))
    assert resumed.progress["computed_with"] == ["NumPy 1, elsewhere", arithmetic()]

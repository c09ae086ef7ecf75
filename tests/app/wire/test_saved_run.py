"""Runs saved as a link and as a file, and opened again at the very bits; and files that are none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.live import controls
from app.live.checkpoint import run_to_bytes
from app.live.run import LiveRun
from app.settings import Settings
from app.wire.history import ROWS, HistoryRow
from app.wire.limits import MAX_LINK
from app.wire.messages import INCOMING
from app.wire.refusal import Answer
from app.wire.saved_run import FORMAT
from engine import Config, Trainer, format_state, parse_link
from engine.data.datasets import Point
from engine.data.points import MAX_POINTS, encode
from engine.problems import problems
from engine.tables.features import FEATURES
from tests.app.screen import bits
from tests.app.talk import apply, message, run_at

SPARSE = Config(
    dataset="xor", networkShape=(6, 3), batchSize=7, regularization="L1", regularizationRate=0.1, learningRate=0.1
)
RICH = Config(
    problem="multiclass",
    classDataset="rings",
    networkShape=(6, 3),
    activations=("relu",),
    batchSize=7,
    optimizer="adam",
    schedule="cosine",
    percValidationData=20,
    patience=2,
    reshuffle=True,
    normalize=True,
    dropout=0.1,
)
SPIRAL = Config(dataset="spiral", problem="classification", networkShape=(5,), cosX=True, noise=10)
OWN = Config(dataset="own", points=encode([Point(1, 2, 1), Point(-3, 0.5, -1), Point(2, -2, 1)]))
CONFIGS = [SPARSE, RICH, SPIRAL, OWN, Config(dataset="own"), Config(problem="regression", networkShape=())]

each_config = pytest.mark.parametrize("config", CONFIGS, ids=lambda config: f"{config.data_name}-{config.samples}")


def amid_an_epoch(config: Config) -> LiveRun:
    """A run with the losses of three epochs, some updates into the next."""
    run = run_at(0, config)
    for _ in range(3):
        run.trainer.train()
        run.measure()
    run.trainer.step(5)
    run.measure()
    return run


def save(run: LiveRun) -> Answer:
    saved: Answer = apply(run, "save")["saved"]
    return saved


def file_of(run: LiveRun) -> dict[str, Any]:
    """A saved file, as it is read by whoever opens it."""
    file: dict[str, Any] = json.loads(json.dumps(save(run)["file"], allow_nan=False))
    return file


# --- as a link --------------------------------------------------------------------------------------------------------


@each_config
def test_a_saved_link_opens_the_run_at_its_very_bits(config: Config) -> None:
    run = amid_an_epoch(config)
    link = parse_link(save(run)["link"])
    trainer, notes = controls.opened(link)
    assert (trainer.config, notes) == (config, [])
    assert trainer.snapshot() == run.trainer.snapshot()
    for each in (trainer, run.trainer):
        each.train(3)
    assert bits(trainer) == bits(run)


def test_a_run_goes_to_a_saved_link() -> None:
    saved, other = amid_an_epoch(SPARSE), run_at(2)
    answer = apply(other, "configure", link=save(saved)["link"])
    assert (answer["restarted"], answer["notes"], answer["epoch"]) == ("data", [], saved.trainer.epoch)
    assert other.trainer.snapshot() == saved.trainer.snapshot()


def test_a_saved_link_of_the_same_configuration_replaces_the_network_alone() -> None:
    run, earlier = amid_an_epoch(SPARSE), amid_an_epoch(SPARSE)
    run.trainer.train(5)
    answer = apply(run, "configure", link=save(earlier)["link"])
    assert (answer["restarted"], answer["run"]) == ("network", 2)
    assert run.trainer.snapshot() == earlier.trainer.snapshot()


@pytest.mark.parametrize(("units", "fits"), [(8, True), (52, True), (53, False), (64, False)])
def test_a_network_too_large_for_a_link_has_none(units: int, fits: bool) -> None:
    run = run_at(0, Config(networkShape=(units, units)))
    saved = save(run)
    assert (saved["link"] is not None) == fits
    if fits:
        assert len(saved["link"]) <= MAX_LINK
    assert saved["file"]["state"] == format_state(run.trainer)


MISFITS = {
    "of another network": format_state(Trainer(Config())),
    "malformed": "nonsense",
    "empty but for its sign": "?",
}


@pytest.mark.parametrize("state", MISFITS.values(), ids=MISFITS)
def test_a_state_that_does_not_fit_gives_a_note_and_first_weights(state: str) -> None:
    run = run_at(2, Config(networkShape=(3,)))
    trainer, notes = controls.opened(parse_link(f"networkShape=3&state={state}"))
    assert trainer.snapshot() == Trainer(Config(networkShape=(3,))).snapshot()
    answer = apply(run, "configure", link=f"networkShape=3&state={state}")
    (note,) = notes
    assert note.startswith("state: expected ")
    assert note.endswith(" The network starts from its first weights.")
    assert (answer["notes"], answer["epoch"], answer["restarted"]) == ([note], 0, "network")
    assert run.trainer.snapshot() == trainer.snapshot()


def test_a_link_with_an_empty_state_is_one_without() -> None:
    run = run_at(2)
    answer = apply(run, "configure", link="state=")
    assert (answer["notes"], answer["epoch"], answer["restarted"]) == ([], 2, None)


# --- as a file --------------------------------------------------------------------------------------------------------


@each_config
def test_a_saved_file_opens_the_run_at_its_very_bits_with_its_losses(config: Config) -> None:
    run = amid_an_epoch(config)
    other = run_at(2)
    apply(other, "play")
    answer = apply(other, "open", file=file_of(run))
    assert (answer["type"], answer["restarted"], answer["opened"], answer["playing"]) == (
        "applied",
        "data",
        True,
        False,
    )
    assert (answer["epoch"], answer["run"], answer["config"]) == (run.trainer.epoch, 2, config.model_dump())
    assert other.trainer.snapshot() == run.trainer.snapshot()
    np.testing.assert_array_equal(other.losses.history.since(-1), run.losses.history.since(-1))
    assert file_of(other) == file_of(run)
    for each in (other, run):
        each.trainer.train(3)
    assert bits(other) == bits(run)


def test_a_file_has_all_that_the_run_is_in_the_open() -> None:
    run = amid_an_epoch(SPARSE)
    file = file_of(run)
    assert (file["format"], file["version"], file["state"]) == (FORMAT, 1, format_state(run.trainer))
    assert Config.model_validate(file["config"]) == SPARSE
    assert [row[0] for row in file["history"]] == [0, 1, 2, 3]
    assert all(row[5:] == [None, 0.1] for row in file["history"])
    assert all(row[5] is not None and row[6] <= RICH.learningRate for row in file_of(amid_an_epoch(RICH))["history"])


def test_a_file_from_before_there_was_a_validation_opens_as_ever() -> None:
    run, saved = run_at(2), amid_an_epoch(SPARSE)
    old = file_of(saved)
    old["history"] = [row[:5] for row in old["history"]]
    old["config"] = {key: old["config"][key] for key in list(Config.model_fields)[:33]}
    assert "percValidationData" not in old["config"]
    assert apply(run, "open", file=old)["type"] == "applied"
    assert run.config == SPARSE
    assert run.trainer.snapshot() == saved.trainer.snapshot()
    rows = run.losses.history.since(-1)
    np.testing.assert_array_equal(rows[:, :5], saved.losses.history.since(-1)[:, :5])
    assert np.isnan(rows[:3, 5:]).all()


def test_a_run_that_was_stopped_early_is_saved_as_such_and_plays_on() -> None:
    config = Config(networkShape=(2,), noise=50, percTrainData=10, percValidationData=20, learningRate=0.3, patience=5)
    saved, other = run_at(200, config), run_at(0)
    assert saved.trainer.stopped
    apply(other, "open", file=file_of(saved))
    assert other.trainer.snapshot() == saved.trainer.snapshot()
    for run in (saved, other):
        apply(run, "play")
        run.trainer.train(3)
    assert saved.trainer.epoch == other.trainer.epoch > 5
    assert bits(other) == bits(saved)


def test_a_run_whose_losses_are_out_of_all_numbers_is_saved_and_opened_too() -> None:
    config = Config(problem="regression", networkShape=())
    run = run_at(2, config)
    apply(run, "weight", layer=0, unit=0, source=0, value=1e200)
    other = run_at(0)
    apply(other, "open", file=file_of(run))
    assert other.trainer.snapshot() == run.trainer.snapshot()
    assert np.isfinite(other.losses.now[:2]).all()


def test_the_largest_run_fits_into_a_message() -> None:
    config = Config(
        networkShape=(64,) * 10,
        regularization="L1",
        restoreBest=True,
        dataset="own",
        points=encode([Point(0, 0, 1)] * MAX_POINTS),
        optimizer="adam",
        percValidationData=20,
        patience=9,
        **dict.fromkeys(FEATURES, True),  # type: ignore[arg-type]
    )
    run = run_at(0, config)
    run.trainer.train()
    assert run.trainer.snapshot().best.weights
    run.trainer.dead[0] = True
    losses = np.random.default_rng(0).random((ROWS - 1, 6)) * 1e-5  # of many digits
    for epoch, row in enumerate(losses.tolist(), 1):
        run.losses.history.append(HistoryRow(1_000.0 * epoch, *row))
    file = file_of(run)
    assert len(file["history"]) == ROWS
    size = len(json.dumps({"type": "open", "seq": 2**53, "file": file}, separators=(",", ":")))
    assert size <= Settings.model_fields["message_bytes"].default


# --- bad files --------------------------------------------------------------------------------------------------------

GOOD = file_of(amid_an_epoch(SPARSE))
SHORT = [1.0, 0.5, 0.5, 0.25, 1.0]


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


MALFORMED: list[tuple[object, str, str]] = [
    (without("format"), "file.format", "a value"),
    (without("version"), "file.version", "a value"),
    (without("config"), "file.config", "a value"),
    (without("state"), "file.state", "a value"),
    ({}, "file.format", "a value"),
    ([], "file", "an object"),
    ("{}", "file", "an object"),
    (None, "file", "an object"),
    ({**GOOD, "format": "other"}, "file.format", "'neural-playground'"),
    ({**GOOD, "version": 2}, "file.version", "1"),
    ({**GOOD, "version": "1"}, "file.version", "1"),
    ({**GOOD, "config": []}, "file.config", "an object"),
    ({**GOOD, "config": {"noise": float("nan")}}, "file.config", "finite numbers"),
    ({**GOOD, "config": {"noise": float("inf")}}, "file.config", "finite numbers"),
    ({**GOOD, "config": {str(i): i for i in range(65)}}, "file.config", "64"),
    ({**GOOD, "state": 5}, "file.state", "text"),
    ({**GOOD, "state": None}, "file.state", "text"),
    ({**GOOD, "history": {}}, "file.history", "a list"),
    ({**GOOD, "history": [SHORT, SHORT[:4]]}, "file.history.1", "at least 5"),
    ({**GOOD, "history": [[*SHORT, 1.0, 1.0, 1.0]]}, "file.history.0", "at most 7"),
    ({**GOOD, "history": [[0, 0, None, 0, 0, 0, 0]]}, "file.history.0", "5 numbers"),
    ({**GOOD, "history": [[0, 0, 0, 0, 0, -1, 0]]}, "file.history.0.5", "at least 0"),
    ({**GOOD, "history": [[0, float("nan"), 0, 0, 0]]}, "file.history.0.1", "a finite number"),
    ({**GOOD, "history": [[float("inf"), 0, 0, 0, 0]]}, "file.history.0.0", "a finite number"),
    ({**GOOD, "history": [[0, 0, -1, 0, 0]]}, "file.history.0.2", "at least 0"),
    ({**GOOD, "history": [[0, 0, "much", 0, 0]]}, "file.history.0.2", "a number"),
    ({**GOOD, "history": [SHORT] * (ROWS + 2)}, "file.history", f"at most {ROWS + 1}"),
]


@pytest.mark.parametrize(("file", "field", "expected"), MALFORMED, ids=lambda part: str(part)[:30])
def test_what_is_no_saved_run_is_refused_with_its_field(file: object, field: str, expected: str) -> None:
    with pytest.raises(ValidationError) as refused:
        INCOMING.validate_json(json.dumps({"type": "open", "file": file}))
    found = problems(refused.value)
    assert found[0].field == f"open.{field}"
    assert expected in found[0].expected


MISFITTING: list[tuple[Callable[[dict[str, Any]], object], str, str]] = [
    (lambda file: file["config"].update(noise=101), "noise", "at most 100"),
    (lambda file: file["config"].update(networkShape=[65]), "networkShape.0", "at most 64"),
    (lambda file: file["config"].update(networkShape=[1] * 11), "networkShape", "at most 10"),
    (lambda file: file["config"].update(colour="red"), "colour", "the name of a field"),
    (lambda file: file["config"].update(points="AAAA"), "points", "9 characters"),
    (lambda file: file["config"].update(networkShape=[3]), "state", "bytes for 13 parameters"),
    (lambda file: file.update(state=""), "state", "a saved state"),
    (lambda file: file.update(state=file["state"][:-8]), "state", "bytes for 43 parameters"),
    (lambda file: file.update(state="_" * len(file["state"])), "state", "a saved state"),
    (lambda file: file.update(state=f"{file['state'][:2]}{'_' * 10}{file['state'][12:]}"), "state", "at most 9007"),
    (lambda file: file["config"].update(percTrainData=1), "state", "a place among 5 training points"),
]


@pytest.mark.parametrize(
    ("spoil", "field", "expected"), MISFITTING, ids=lambda part: part[:30] if isinstance(part, str) else "file"
)
def test_a_file_that_does_not_fit_is_refused_and_changes_nothing(
    spoil: Callable[[dict[str, Any]], object], field: str, expected: str
) -> None:
    run = run_at(3)
    apply(run, "play")
    apply(run, "configure", set={"noise": 5})
    apply(run, "undo")
    before = run_to_bytes(run), [*run.undo_stack.done], [*run.undo_stack.undone]
    file = json.loads(json.dumps(GOOD))
    spoil(file)
    answer = apply(run, "open", seq=4, file=file)
    assert (answer["type"], answer["seq"]) == ("error", 4)
    assert answer["problems"][0]["field"] == field
    assert expected in answer["problems"][0]["expected"]
    assert (run_to_bytes(run), run.undo_stack.done, run.undo_stack.undone) == before


def test_fields_of_a_later_writer_are_passed_over() -> None:
    run = run_at(0)
    assert apply(run, "open", file={**GOOD, "author": "somebody"})["type"] == "applied"
    assert run.config == SPARSE


def test_a_file_without_losses_opens_with_those_of_its_state() -> None:
    run, saved = run_at(0), run_at(3, SPARSE)
    apply(run, "open", file={**file_of(saved), "history": []})
    assert run.losses.history.since(-1)[:, 0].tolist() == [3]


@pytest.mark.parametrize("epochs", [(0, 1, 2, 3, 8, 9), (2, 3, 1, 0), (7, 8)], ids=str)
def test_losses_that_do_not_belong_to_the_state_are_left_out(epochs: tuple[int, ...]) -> None:
    run, saved = run_at(0), run_at(3, SPARSE)
    apply(run, "open", file={**file_of(saved), "history": [[epoch, *SHORT[1:]] for epoch in epochs]})
    left = run.losses.history.since(-1)[:, 0].tolist()
    assert left == sorted(set(left))
    assert left[-1] == 3


values = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.floats(), max_size=6)
)
names = st.sampled_from([*GOOD, "noise", "networkShape"])


@given(
    st.dictionaries(names, values | st.dictionaries(names, values, max_size=3) | st.lists(st.lists(st.floats(0, 9)))),
    st.dictionaries(st.sampled_from([*Config.model_fields, "colour"]), values, max_size=3),
)
def test_whatever_is_opened_is_taken_or_refused_in_words(changes: dict[str, Any], fields: dict[str, Any]) -> None:
    file = {**GOOD, "config": {**GOOD["config"], **fields}, **changes}
    run = run_at(0)
    try:
        opened = message("open", file=file)
    except ValidationError:
        return
    answer = apply(run, "open", file=json.loads(opened.model_dump_json())["file"])  # as it goes to the worker
    assert json.dumps(answer, allow_nan=False)
    assert answer["type"] == "applied" or all(re.search(r"\w", problem["field"]) for problem in answer["problems"])
    run.trainer.train()

"""A saved run, as a link and as a file, is opened at the state that it was saved in."""

from __future__ import annotations

import json

import numpy as np
import pytest

from app.live import controls
from app.settings import Settings
from app.wire.history import ROWS, HistoryRow
from app.wire.limits import MAX_LINK
from app.wire.saved_run import FORMAT
from engine import Config, Trainer, format_state, parse_link
from engine.data.datasets import Point
from engine.data.points import MAX_POINTS, encode
from engine.tables.features import FEATURES
from tests.app.screen import bits
from tests.app.talk import apply, run_at
from tests.app.wire.saved_runs import SPARSE, amid_an_epoch, file_of, save

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

# --- as a link ------------------------------------------------------------------------------------------------------


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


# --- as a file ------------------------------------------------------------------------------------------------------


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

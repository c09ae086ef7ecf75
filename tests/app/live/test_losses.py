"""The losses that a page gets of a live run, also of one that diverges or is stopped early."""

from __future__ import annotations

import numpy as np
import pytest

from app.live.run import LiveRun
from app.wire.limits import LARGEST
from engine import Config, Trainer
from engine.numbers import short
from tests.app.screen import CONFIG, QUICK, Screen, attached, bits, playing, row

BURSTING = Config(problem="regression", activation="linear", learningRate=10.0)
PATIENT = Config(networkShape=(2,), noise=50, percTrainData=10, percValidationData=20, learningRate=0.3, patience=5)

# --- losses ---------------------------------------------------------------------------------------------------------


def test_the_losses_of_all_frames_are_those_of_every_epoch() -> None:
    screen = Screen(attached())
    screen.watch(0.1)
    screen.run.play()
    screen.watch(1.0)
    trainer, expected = Trainer(CONFIG), []
    for _ in range(screen.run.trainer.epoch + 1):
        expected.append(row(trainer))
        trainer.train()
    assert screen.history().tolist() == expected


def test_losses_are_told_again_until_a_frame_with_them_was_drawn() -> None:
    screen = Screen(playing(), acks=False)
    first, second = screen.watch(1.0)
    assert first.history[:, 0].tolist() == [0, 1]
    assert second.history[:, 0].tolist() == [0, 1, 2]
    screen.run.ack(1)
    (third,) = screen.watch(1.0)
    assert third.history[:, 0].tolist() == [2, 3]


@pytest.mark.parametrize("update_seconds", [QUICK, 0.01])
def test_losses_are_those_of_whole_epochs_only(update_seconds: float) -> None:
    screen = Screen(playing(speed="max"), update_seconds)
    screen.watch(600 * update_seconds)
    rows = screen.history()
    assert len(rows) >= 2
    trainer = Trainer(CONFIG)
    for numbers in rows.tolist():
        trainer.train(int(numbers[0]) - trainer.epoch)
        assert numbers == row(trainer)


def test_a_frame_shows_the_bits_that_a_trainer_has_at_its_epoch() -> None:
    screen = Screen(playing(speed="5"))
    trainer = Trainer(CONFIG)
    for frame in screen.watch(0.5):
        trainer.train(frame.epoch - trainer.epoch)
        assert frame.theta.tobytes() == bits(trainer)
        assert frame.measures == trainer.measure()


def test_a_row_of_the_history_has_the_range_of_the_batches_and_keeps_it_through_edits() -> None:
    run = attached()
    run.trainer.train(2)
    run.measure()
    assert run.losses.history.last == tuple(row(run.trainer))
    low, high = run.losses.history.last[3:5]
    assert low < high
    run.trainer.set_bias(0, 0, 3.0)
    run.trainer.reconfigure(CONFIG.model_copy(update={"batchSize": 25}))  # which forgets the batches so far
    run.edited()
    assert run.losses.history.last == (2, *run.trainer.losses(), low, high, run.trainer.measure().validation_loss, 0.03)


def test_an_epoch_whose_batches_are_not_known_has_its_training_loss_for_both() -> None:
    run = attached()
    run.trainer.train(1)
    run.trainer.restore(run.trainer.snapshot())
    run.measure()
    train, test = run.trainer.losses()
    assert run.losses.history.last is not None
    assert run.losses.history.last[:5] == (1, train, test, train, train)


def test_the_range_of_batches_out_of_all_numbers_is_cut_off() -> None:
    config = Config(problem="regression", networkShape=(), learningRate=1e-3, batchSize=600)
    run = attached(config)
    run.trainer.network.theta.fill(1e160)
    run.trainer.train()
    run.trainer.network.theta.fill(0.1)
    run.edited()
    assert run.losses.history.last is not None
    assert run.losses.history.last[3:5] == (LARGEST, LARGEST)


# --- divergence -----------------------------------------------------------------------------------------------------


def test_a_run_that_leaves_the_finite_numbers_stops_and_says_so_once() -> None:
    screen = Screen(playing(BURSTING))
    screen.watch(5.0)
    (said,) = screen.said
    assert said["type"] == "diverged"
    assert said["learningRate"] < BURSTING.learningRate
    assert not screen.run.playing
    last = screen.frames[-1]
    assert (last.diverged, last.playing) == (True, False)
    assert (last.epoch, last.updates) == (said["epoch"], said["updates"])
    for numbers in (last.theta, last.history[:, :5], last.ranges, last.measures[:4]):
        assert np.isfinite(numbers).all()
    assert screen.watch(1.0) == []


def test_a_diverged_run_that_is_played_again_says_it_again() -> None:
    screen = Screen(playing(BURSTING))
    screen.watch(5.0)
    screen.run.play()
    screen.watch(1.0)
    assert [said["type"] for said in screen.said] == ["diverged", "diverged"]


def test_a_run_that_diverges_where_nobody_looks_says_so_too() -> None:
    screen = Screen(playing(BURSTING))
    screen.run.visible = False
    assert screen.watch(5.0) == []
    assert [said["type"] for said in screen.said] == ["losses", "diverged"]


def test_a_network_whose_losses_are_out_of_all_numbers_from_the_start_is_shown_with_the_largest() -> None:
    trainer = Trainer(Config(problem="regression", networkShape=()))
    trainer.network.theta.fill(1e200)
    run = LiveRun(trainer)
    run.attach(-1)
    (frame,) = Screen(run).watch(1.0)
    assert frame.measures[:2] == (LARGEST, LARGEST)
    assert np.isnan(frame.measures[2:]).all()
    assert frame.history.shape == (0, 7)


@pytest.mark.parametrize("loss", [np.inf, np.nan])
def test_a_validation_loss_out_of_all_numbers_is_the_largest_or_none(
    loss: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = attached()
    measures = run.trainer.measure()._replace(validation_loss=loss)
    monkeypatch.setattr(Trainer, "measure", lambda trainer: measures)
    run.measure()
    assert run.losses.history.last is not None
    for told in (run.losses.now.validation_loss, run.losses.history.last.validation):
        np.testing.assert_equal(told, LARGEST if loss == np.inf else np.nan)


def test_a_learning_rate_out_of_all_numbers_is_told_as_the_largest() -> None:
    run = attached(Config(learningRate=1e300, schedule="exponential", decayRate=10, decayEpochs=1, batchSize=400))
    run.stop_at("epoch", 400)  # none of which makes an update
    frame = Screen(run).watch(1.0)[-1]
    assert (frame.epoch, frame.rate, frame.history[-1, 6]) == (400, LARGEST, LARGEST)


# --- early stopping -------------------------------------------------------------------------------------------------


def test_a_run_whose_patience_is_at_an_end_stops_and_says_so_once() -> None:
    screen = Screen(playing(PATIENT))
    screen.watch(60.0)
    trainer = Trainer(PATIENT)
    while not trainer.stopped:
        trainer.train()
    (said,) = screen.said
    assert (said["type"], said["epoch"], said["updates"]) == ("stopped", trainer.epoch, trainer.updates)
    best = trainer.stopped.best
    assert f"has not fallen for 5 epochs; it was lowest, {short(best.loss)}, at epoch {best.epoch}." in said["message"]
    last = screen.frames[-1]
    assert (last.stopped, last.diverged, last.playing, screen.run.playing) == (True, False, False, False)
    assert last.history[-1].tolist() == row(trainer)
    assert screen.watch(1.0) == []


def test_a_page_sees_the_restored_weights_and_their_losses_and_is_told_so() -> None:
    config = PATIENT.model_copy(update={"restoreBest": True})
    screen = Screen(playing(config))
    screen.watch(60.0)
    (said,) = screen.said
    trainer = Trainer(config)
    trainer.train(1000)
    assert trainer.stopped
    best = trainer.stopped.best
    assert said["message"].endswith(f" at epoch {best.epoch}, whose weights are restored. Press play to train on.")
    other = Trainer(PATIENT)
    other.train(best.epoch)
    shown = screen.run.trainer
    assert (shown.epoch, shown.network.theta.tobytes()) == (trainer.epoch, other.network.theta.tobytes())
    _, train, test, _, _, validation, _ = screen.frames[-1].history[-1].tolist()
    assert (train, test, validation) == (*other.losses(), best.loss)


def test_a_run_that_was_stopped_early_can_be_played_on_and_stops_again() -> None:
    screen = Screen(playing(PATIENT))
    screen.watch(60.0)
    stopped = screen.run.trainer.epoch
    screen.run.play()
    frames = screen.watch(60.0)
    assert not frames[0].stopped
    assert frames[-1].epoch >= stopped + PATIENT.patience
    assert [said["type"] for said in screen.said] == ["stopped", "stopped"]


def test_early_stopping_ends_a_step_too_and_a_shorter_one_goes_on_behind_it() -> None:
    run = attached(PATIENT)
    run.stop_at("epoch", 100_000)
    screen = Screen(run)
    screen.watch(60.0)
    stopped = run.trainer.epoch
    assert (stopped < 100_000, run.playing) == (True, False)
    run.stop_at("epoch", stopped + 1)
    screen.watch(1.0)
    assert (run.trainer.epoch, run.trainer.stopped, len(screen.said)) == (stopped + 1, None, 1)

"""A live run under a clock that only training and waiting move on."""

from __future__ import annotations

import numpy as np
import pytest

from app.live.checkpoint import run_from_bytes, run_to_bytes
from app.live.controlled_run import GRACE_SECONDS, Probe
from app.live.pace import FRAME_SECONDS
from app.live.run import STALE_SECONDS, LiveRun
from app.live.window import MAX_IN_FLIGHT
from app.wire.limits import LARGEST
from engine import Config, Trainer
from engine.numbers import short
from tests.app.screen import CONFIG, QUICK, Screen, attached, bits, epochs, playing, row, trained

BURSTING = Config(problem="regression", activation="linear", learningRate=10.0)
PATIENT = Config(networkShape=(2,), noise=50, percTrainData=10, percValidationData=20, learningRate=0.3, patience=5)


# --- pace -------------------------------------------------------------------------------------------------------------


def test_a_new_run_shows_its_first_weights_once_and_then_stands_still() -> None:
    screen = Screen(attached())
    (frame,) = screen.watch(5.0)
    trainer = Trainer(CONFIG)
    assert (frame.epoch, frame.updates, frame.playing) == (0, 0, False)
    assert frame.measures == trainer.measure()
    assert frame.theta.tobytes() == bits(trainer)
    assert screen.run.wakes_at() is None


def test_at_speed_1_every_epoch_is_shown_at_60_frames_a_second() -> None:
    frames = Screen(playing()).watch(2.0)
    assert epochs(frames) == list(range(1, len(frames) + 1))
    assert len(frames) == pytest.approx(120, abs=1)
    assert all(frame.playing for frame in frames)


@pytest.mark.parametrize(("speed", "each"), [("2", 2), ("5", 5)])
def test_a_speed_is_the_number_of_epochs_in_a_frame(speed: str, each: int) -> None:
    frames = Screen(playing(speed=speed)).watch(1.0)
    assert set(np.diff(epochs(frames))) == {each}
    assert len(frames) == pytest.approx(60, abs=1)


def test_at_most_speed_a_run_trains_all_the_time_and_is_shown_60_times_a_second() -> None:
    screen = Screen(playing(speed="max"))
    frames = screen.watch(1.0)
    assert screen.run.trainer.updates * QUICK == pytest.approx(1.0, rel=0.01)
    assert len(frames) == pytest.approx(60, abs=2)


def test_a_run_that_cannot_keep_the_pace_shows_what_it_has_in_time() -> None:
    screen = Screen(playing(speed="100"), update_seconds=1e-3)  # 2.5 s for 100 epochs
    frames = screen.watch(4.0)
    assert np.diff(screen.times).max() < STALE_SECONDS + 0.05
    assert epochs(frames) == sorted(epochs(frames))


def test_a_run_that_cannot_keep_the_pace_tells_the_losses_of_some_epochs_all_the_same() -> None:
    screen = Screen(playing(speed="100"), update_seconds=1e-3)
    screen.watch(4.0)  # 160 epochs
    assert len(screen.history()) > 10


def test_a_frame_is_due_no_sooner_than_a_frame_after_the_last() -> None:
    screen = Screen(playing())
    screen.watch(1.0)
    gaps = np.diff(screen.times)[1:]  # the second may come at once: so long ago was the last before the first
    assert gaps.min() > 0.9 * FRAME_SECONDS


def test_frames_are_numbered_one_by_one() -> None:
    numbers = [frame.number for frame in Screen(playing()).watch(1.0)]
    assert numbers == list(range(1, len(numbers) + 1))


# --- credit -----------------------------------------------------------------------------------------------------------


def test_without_acks_only_so_many_frames_are_on_their_way_and_training_waits() -> None:
    screen = Screen(playing(), acks=False)
    assert len(screen.watch(10.0)) == MAX_IN_FLIGHT
    assert screen.run.trainer.epoch == MAX_IN_FLIGHT
    assert screen.run.wakes_at() is None


def test_each_ack_makes_room_for_the_next_epoch() -> None:
    screen = Screen(playing(), acks=False)
    screen.watch(1.0)
    for number in (1, 2, 3):
        screen.run.ack(number)
        assert epochs(screen.watch(1.0)) == [MAX_IN_FLIGHT + number]


def test_an_ack_stands_for_all_frames_before_it() -> None:
    screen = Screen(playing(), acks=False)
    screen.watch(1.0)
    screen.run.ack(2)
    assert epochs(screen.watch(1.0)) == [3, 4]


def test_an_ack_that_comes_twice_makes_no_further_room() -> None:
    screen = Screen(playing(), acks=False)
    screen.watch(1.0)
    screen.run.ack(1)
    screen.run.ack(1)
    assert epochs(screen.watch(1.0)) == [3]


def test_at_most_speed_training_goes_on_while_the_page_is_slow() -> None:
    screen = Screen(playing(speed="max"), acks=False)
    assert len(screen.watch(1.0)) == MAX_IN_FLIGHT
    assert screen.run.trainer.updates * QUICK == pytest.approx(1.0, rel=0.01)
    screen.run.ack(1)
    (frame,) = screen.watch(0.1)
    assert frame.epoch > 0.9 / (25 * QUICK)


def test_the_last_frame_after_a_pause_waits_for_the_page_and_always_comes() -> None:
    screen = Screen(playing(), acks=False)
    screen.watch(1.0)
    screen.run.pause()
    screen.run.changed()
    assert screen.watch(1.0) == []
    screen.run.ack(1)
    (last,) = screen.watch(1.0)
    assert (last.epoch, last.playing) == (MAX_IN_FLIGHT, False)
    assert last.theta.tobytes() == bits(trained(MAX_IN_FLIGHT))
    screen.run.ack(last.number)
    assert screen.watch(1.0) == []


# --- stopping ---------------------------------------------------------------------------------------------------------


def test_a_pause_in_the_middle_of_an_epoch_lets_it_end() -> None:
    screen = Screen(playing())
    screen.turn(10 * QUICK)
    assert 0 < screen.run.trainer.updates < 25
    screen.run.pause()
    assert not screen.run.plays_on
    (last,) = screen.watch(1.0)
    assert (last.epoch, last.updates, last.playing) == (1, 25, False)
    assert last.history[-1].tolist() == row(trained(1))


def test_a_pause_in_an_epoch_that_takes_long_stops_at_once() -> None:
    screen = Screen(playing(), update_seconds=GRACE_SECONDS)
    screen.watch(40 * GRACE_SECONDS)  # an epoch and a half, in which it has learnt what an update costs
    updates = screen.run.trainer.updates
    assert not screen.run.trainer.at_epoch_start
    screen.run.pause()
    screen.run.changed()
    (last,) = screen.watch(1.0)
    assert (last.updates, last.playing) == (updates, False)
    assert last.measures == screen.run.trainer.measure()


def test_epochs_that_take_long_are_shown_before_they_end() -> None:
    screen = Screen(playing(), update_seconds=0.1)
    screen.watch(2.5)  # the first epoch, in which it learns what an update costs
    frames = screen.watch(10.0)
    assert len(frames) >= 10 / (STALE_SECONDS + 0.2)
    assert len(set(epochs(frames))) < len(frames)
    assert set(screen.history()[:, 0]) <= set(range(6))


@pytest.mark.parametrize("count", [1, 3, 40])
def test_a_step_of_epochs_ends_where_it_should(count: int) -> None:
    screen = Screen(attached())
    screen.run.stop_at("epoch", count)
    assert not screen.run.plays_on
    last = screen.watch(3.0)[-1]
    assert (last.epoch, last.updates, last.playing) == (count, 25 * count, False)
    assert last.theta.tobytes() == bits(screen.run) == bits(trained(count))


@pytest.mark.parametrize("count", [1, 7, 25, 60])
def test_a_step_of_updates_ends_where_it_should(count: int) -> None:
    screen = Screen(attached())
    screen.run.stop_at("updates", count)
    last = screen.watch(1.0)[-1]
    assert (last.epoch, last.updates) == (count // 25, count)
    trainer = Trainer(CONFIG)
    trainer.step(count)
    assert last.theta.tobytes() == bits(trainer)
    assert last.measures == trainer.measure()


def test_a_step_goes_as_fast_as_it_can_whatever_the_speed() -> None:
    screen = Screen(attached())
    began = screen.clock()
    screen.run.stop_at("epoch", 40)
    screen.watch(3.0)
    assert screen.times[-1] - began == pytest.approx(40 * 25 * QUICK, rel=0.01)


def test_a_step_can_be_paused() -> None:
    screen = Screen(attached())
    screen.run.stop_at("epoch", 1_000)
    screen.watch(0.1)
    screen.run.pause()
    screen.watch(1.0)
    stopped = screen.run.trainer.epoch
    assert 0 < stopped < 1_000
    assert screen.run.trainer.at_epoch_start
    screen.watch(1.0)
    assert screen.run.trainer.epoch == stopped


def test_play_during_a_step_goes_on_without_an_end() -> None:
    screen = Screen(attached())
    screen.run.stop_at("epoch", 2)
    screen.run.play()
    assert screen.run.plays_on
    screen.watch(1.0)
    assert screen.run.trainer.epoch > 2


# --- who looks --------------------------------------------------------------------------------------------------------


def test_a_hidden_run_trains_and_makes_no_frame_until_it_is_seen_again() -> None:
    screen = Screen(playing())
    screen.run.visible = False
    assert screen.watch(1.0) == []
    hidden = screen.run.trainer.epoch
    assert hidden == pytest.approx(60, abs=1)
    screen.run.visible = True
    first = screen.watch(1.0)[0]
    assert first.epoch == hidden + 1
    assert first.history[:, 0].tolist() == list(range(hidden + 2))


def test_a_hidden_page_is_told_the_losses_now_and_then_and_where_the_run_ends() -> None:
    screen = Screen(playing())
    screen.watch(1.0)
    assert screen.said == []
    screen.run.visible = False
    screen.watch(5.0)
    assert [answer["type"] for answer in screen.said] == ["losses"] * 3  # every two seconds
    last, run = screen.said[-1], screen.run
    row = next(row for row in run.losses.history.since(-1) if row[0] == last["epoch"])
    assert (last["trainLoss"], last["testLoss"], last["validationLoss"]) == (row[1], row[2], row[5])
    assert (last["playing"], last["run"]) == (True, run.number)
    run.stop_at("epoch", run.trainer.epoch + 3)
    screen.watch(1.0)
    assert (screen.said[-1]["epoch"], screen.said[-1]["playing"]) == (run.trainer.epoch, False)


def test_a_run_whose_page_is_gone_stands_still_and_goes_on_where_it_was() -> None:
    screen = Screen(playing())
    screen.watch(1.0)
    screen.run.detach()
    before = bits(screen.run)
    assert screen.watch(5.0) == []
    assert bits(screen.run) == before
    assert screen.run.wakes_at() is None
    epoch = screen.run.trainer.epoch
    screen.run.attach(epoch)
    frames = screen.watch(0.2)
    assert epochs(frames) == list(range(epoch + 1, epoch + 1 + len(frames)))


def test_a_page_that_comes_back_is_sent_the_losses_that_it_lacks_and_owes_no_ack() -> None:
    screen = Screen(attached(), acks=False)
    (first,) = screen.watch(1.0)
    screen.run.ack(first.number)
    for epoch in (1, 2):
        screen.run.stop_at("epoch", epoch)
        screen.watch(1.0)
    screen.run.detach()
    screen.run.attach(0)
    (frame,) = screen.watch(1.0)
    assert frame.history[:, 0].tolist() == [1, 2]


def test_a_run_that_is_shown_again_sends_a_frame_though_nothing_has_changed() -> None:
    screen = Screen(attached())
    screen.watch(1.0)
    screen.run.attach(-1)
    (frame,) = screen.watch(1.0)
    assert frame.epoch == 0


# --- losses -----------------------------------------------------------------------------------------------------------


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


# --- divergence -------------------------------------------------------------------------------------------------------


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


# --- early stopping ---------------------------------------------------------------------------------------------------


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


# --- a new network ----------------------------------------------------------------------------------------------------


def test_a_new_network_begins_a_new_run_at_the_same_pace() -> None:
    screen = Screen(playing())
    screen.watch(0.5)
    screen.run.begin(Trainer(Config(networkShape=(5,))))
    frames = screen.watch(0.5)
    assert {frame.run for frame in frames} == {2}
    assert epochs(frames) == list(range(1, len(frames) + 1))
    assert frames[0].history[:, 0].tolist() == [0, 1]


def test_frames_of_the_old_network_that_are_drawn_late_take_no_losses_from_the_new_one() -> None:
    screen = Screen(playing(), acks=False)
    screen.watch(1.0)
    screen.run.begin(Trainer(Config(networkShape=(5,))))
    screen.run.ack(2)
    assert screen.watch(1.0)[0].history[:, 0].tolist() == [0, 1]


def test_a_new_network_ends_a_step() -> None:
    screen = Screen(attached())
    screen.run.stop_at("epoch", 1_000)
    screen.watch(0.1)
    screen.run.begin(Trainer(CONFIG))
    screen.watch(1.0)
    assert (screen.run.trainer.epoch, screen.run.playing) == (0, False)


@pytest.mark.parametrize(("shape", "kept"), [((3, 2), True), ((4, 2, 1), True), ((3, 1), False), ((3,), False)])
def test_a_selected_unit_stays_selected_as_long_as_it_is_there(shape: tuple[int, ...], kept: bool) -> None:
    run = attached()
    run.select(1, 1)
    run.begin(Trainer(Config(networkShape=shape)))
    (frame,) = Screen(run).watch(1.0)
    assert (frame.selected == (1, 1)) is kept
    assert (frame.selected_map is not None) is kept


def test_the_map_of_the_selected_unit_is_its_own_at_the_size_of_the_output() -> None:
    run = attached()
    run.select(0, 2)
    (frame,) = Screen(run).watch(1.0)
    assert frame.selected_map is not None
    assert frame.selected_map.shape == frame.outputs[0].shape
    np.testing.assert_array_equal(frame.selected_map, run.grid.maps(run.trainer.network, (0, 2)).selected)


# --- saved ------------------------------------------------------------------------------------------------------------


def test_a_saved_run_comes_back_as_it_was() -> None:
    screen = Screen(playing(speed="5"))
    screen.run.select(1, 0)
    screen.run.probe = Probe(1.5, -2.0)
    screen.run.version = 4
    screen.watch(0.5)
    screen.turn(10 * QUICK)
    run = screen.run
    twin = run_from_bytes(run_to_bytes(run))
    assert twin.config == run.config
    assert (twin.version, twin.number, twin.speed, twin.playing) == (4, 1, "5", True)
    assert (twin.selected, twin.probe) == ((1, 0), Probe(1.5, -2.0))
    assert (twin.trainer.epoch, twin.trainer.updates) == (run.trainer.epoch, run.trainer.updates)
    assert bits(twin) == bits(run)
    np.testing.assert_array_equal(twin.losses.history.since(-1), run.losses.history.since(-1))
    assert run_to_bytes(twin) == run_to_bytes(run)


@pytest.mark.parametrize("updates", [0, 10, 25, 40])
def test_a_saved_run_goes_on_to_the_same_bits(updates: int) -> None:
    run = attached()
    run.trainer.step(updates)
    twin = run_from_bytes(run_to_bytes(run))
    twin.attach(-1)
    twin.stop_at("epoch", 20)
    Screen(twin).watch(2.0)
    assert bits(twin) == bits(trained(20))


def test_a_saved_step_goes_on_to_its_end() -> None:
    screen = Screen(attached())
    screen.run.stop_at("epoch", 200)
    screen.watch(0.1)
    twin = run_from_bytes(run_to_bytes(screen.run))
    twin.attach(-1)
    last = Screen(twin).watch(2.0)[-1]
    assert (last.epoch, last.playing) == (200, False)


def test_a_run_that_came_back_numbers_its_frames_on() -> None:
    screen = Screen(playing())
    screen.watch(0.5)
    number = screen.frames[-1].number
    twin = run_from_bytes(run_to_bytes(screen.run))
    twin.attach(-1)
    assert Screen(twin).watch(0.5)[0].number == number + 1

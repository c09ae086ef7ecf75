"""A live run under a clock that only training and waiting move on: when it stops, and who sees it."""

from __future__ import annotations

import numpy as np
import pytest

from app.live.controlled_run import GRACE_SECONDS
from app.live.run import STALE_SECONDS
from engine import Config, Trainer
from tests.app.screen import CONFIG, QUICK, Screen, attached, bits, epochs, playing, row, trained

# --- stopping -------------------------------------------------------------------------------------------------------


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


# --- who looks ------------------------------------------------------------------------------------------------------


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


# --- a new network --------------------------------------------------------------------------------------------------


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

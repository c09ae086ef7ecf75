"""How often a live run sends frames, at every speed and while its page acknowledges none."""

from __future__ import annotations

import numpy as np
import pytest

from app.live.pace import FRAME_SECONDS
from app.live.run import STALE_SECONDS
from app.live.window import MAX_IN_FLIGHT
from engine import Trainer
from tests.app.screen import CONFIG, QUICK, Screen, attached, bits, epochs, playing, trained

# --- pace -----------------------------------------------------------------------------------------------------------


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


# --- credit ---------------------------------------------------------------------------------------------------------


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

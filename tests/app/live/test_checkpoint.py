"""A live run as bytes goes on as the same run."""

from __future__ import annotations

import numpy as np
import pytest

from app.live.checkpoint import run_from_bytes, run_to_bytes
from app.live.controlled_run import Probe
from tests.app.screen import QUICK, Screen, attached, bits, playing, trained


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

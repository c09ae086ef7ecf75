"""The last update of a step, which is watched so that the page can explain it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from app.live.checkpoint import run_from_bytes, run_to_bytes
from app.live.run import LiveRun
from engine import Config, Trainer
from tests.app.screen import CONFIG, QUICK, Screen, attached, bits, trained

SPARSE = CONFIG.model_copy(update={"regularization": "L1", "regularizationRate": 0.3, "batchSize": 7})
BURSTING = Config(problem="regression", activation="linear", learningRate=1e6, batchSize=1)


def stepped(updates: int = 3) -> LiveRun:
    """A run that has just made a step of some updates."""
    screen = Screen(attached())
    screen.run.stop_at("updates", updates)
    screen.watch(1.0)
    assert screen.run.update is not None
    return screen.run


@pytest.mark.parametrize("config", [CONFIG, SPARSE], ids=["plain", "L1"])
@pytest.mark.parametrize("update_seconds", [QUICK, 0.1], ids=["many a turn", "one a turn"])
@pytest.mark.parametrize(
    ("counter", "value"), [("updates", 1), ("updates", 25), ("updates", 77), ("epoch", 1), ("epoch", 3)]
)
def test_a_step_shows_the_gradient_and_the_step_of_its_last_update(
    counter: str, value: int, update_seconds: float, config: Config
) -> None:
    screen = Screen(attached(config), update_seconds)
    screen.run.stop_at("epoch" if counter == "epoch" else "updates", value)
    *_, last = screen.watch(200 * update_seconds + 1)
    twin = Trainer(config)
    twin.step((value if counter == "updates" else value * (250 // config.batchSize)) - 1)
    before = twin.network.theta.copy()
    twin.step()
    assert (last.updates, last.theta.tobytes()) == (twin.updates, bits(twin))
    assert last.change is not None
    gradient, step = last.change
    np.testing.assert_array_equal(gradient, twin.gradient())
    np.testing.assert_array_equal(step, twin.network.theta - before)


@pytest.mark.parametrize("reshuffle", [False, True])
def test_a_step_tells_its_batch(reshuffle: bool) -> None:
    screen = Screen(attached(CONFIG.model_copy(update={"batchSize": 100, "reshuffle": reshuffle})))
    config, seen = screen.run.config, []
    for update in range(1, 6):
        screen.run.stop_at("updates", update)
        frame = screen.watch(1.0)[-1]
        seen.append((frame.batch_number, frame.batches, len(frame.batch)))
        twin = Trainer(config)
        twin.step(update - 1)
        taken = twin.take(1)
        train = twin.train_data
        np.testing.assert_array_equal(train.X[:, frame.batch], taken.at(0)[0])
    assert seen == [(1, 2, 100), (2, 2, 100), (1, 2, 150), (2, 2, 100), (1, 2, 150)]


@pytest.mark.parametrize("counts", [[1], [5], [24, 1, 1, 60]], ids=str)
def test_a_run_that_is_watched_trains_to_the_bits_of_one_that_is_not(counts: list[int]) -> None:
    screen = Screen(attached(SPARSE))
    for count in counts:
        screen.run.stop_at("updates", screen.run.trainer.updates + count)
        screen.watch(1.0)
        assert screen.frames[-1].change is not None
    twin = Trainer(SPARSE)
    twin.step(sum(counts))
    assert bits(screen.run) == bits(twin)


def test_a_step_on_its_way_shows_no_update() -> None:
    screen = Screen(attached(), update_seconds=0.1)
    screen.run.stop_at("updates", 100)
    *before, last = screen.watch(15.0)
    assert len(before) > 3
    assert [frame.change for frame in before] == [None] * len(before)
    assert last.change is not None


def test_a_run_that_plays_shows_no_update() -> None:
    screen = Screen(attached())
    screen.run.play()
    frames = screen.watch(0.5)
    assert frames
    assert [frame.change for frame in frames] == [None] * len(frames)


def test_the_update_stays_to_be_seen_while_the_run_stands_still() -> None:
    run = stepped()
    run.changed()
    (frame,) = Screen(run).watch(1.0)
    assert run.update is not None
    np.testing.assert_array_equal(frame.change, run.update.change)


ENDS: dict[str, Callable[[LiveRun], object]] = {
    "play": LiveRun.play,
    "another step": lambda run: run.stop_at("updates", run.trainer.updates + 1_000),
    "a parameter set by hand": LiveRun.edited,
    "a new network": lambda run: run.begin(Trainer(CONFIG)),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_the_update_is_forgotten_when_something_else_happens(end: Callable[[LiveRun], object]) -> None:
    run = stepped()
    end(run)
    assert run.update is None


def test_the_update_keeps_its_numbers_whatever_is_trained_after_it() -> None:
    run = stepped(5)
    assert run.update is not None
    kept = run.update.change
    copied = kept.copy()
    run.trainer.step(10)
    np.testing.assert_array_equal(kept, copied)


def test_a_batch_that_never_fills_leaves_nothing_to_be_seen() -> None:
    screen = Screen(attached(Config(batchSize=400)))
    screen.run.stop_at("epoch", 2)
    last = screen.watch(1.0)[-1]
    assert (last.epoch, last.updates, last.change) == (2, 0, None)


def test_an_update_out_of_the_finite_numbers_is_not_one_to_be_seen() -> None:
    screen = Screen(attached(BURSTING))
    while not screen.run.trainer.diverged:
        screen.run.stop_at("updates", screen.run.trainer.updates + 1)
        screen.watch(1.0)
    assert screen.frames[-1].diverged
    assert screen.frames[-1].change is None
    assert screen.frames[-2].change is not None


def test_a_step_that_was_paused_on_its_way_shows_no_update() -> None:
    screen = Screen(attached(), update_seconds=1.0)
    screen.run.stop_at("updates", 1_000)
    screen.watch(3.5)
    screen.run.pause()
    screen.run.changed()
    assert screen.watch(1.0)[-1].change is None


def test_a_run_that_came_back_has_forgotten_the_update_and_makes_the_next() -> None:
    twin = run_from_bytes(run_to_bytes(stepped(3)))
    assert twin.update is None
    twin.attach(-1)
    twin.stop_at("epoch", 2)
    last = Screen(twin).watch(1.0)[-1]
    assert last.change is not None
    assert last.theta.tobytes() == bits(trained(2))

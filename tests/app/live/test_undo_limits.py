"""What counts as one change for undo, and how many are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.live.run import LiveRun
from app.live.undo import MAX_UNDO_BYTES, MAX_UNDO_POINTS, UndoPoint, UndoStack
from app.wire.refusal import Answer
from engine import Config, Trainer
from tests.app.live.undoing import amid_an_epoch, everything
from tests.app.talk import apply, run_at

SETTINGS = UndoPoint(Config())
NETWORK = LiveRun(Trainer(Config())).undo_point("network")

# --- gestures -------------------------------------------------------------------------------------------------------


def moved(run: LiveRun, gesture: int | None, *changes: dict[str, Any]) -> list[Answer]:
    return [apply(run, "configure", set=change, gesture=gesture) for change in changes]


@pytest.mark.parametrize("field", ["noise", "learningRate"])
def test_the_changes_of_one_gesture_are_taken_back_together(field: str) -> None:
    run = amid_an_epoch()
    before = everything(run)
    moved(run, 7, *({field: value} for value in (1.0, 2.0, 3.0)))
    after = everything(run)
    assert apply(run, "undo")["undo"] is None
    assert everything(run) == before
    apply(run, "redo")
    assert everything(run) == after


def test_two_gestures_are_taken_back_one_by_one() -> None:
    run = amid_an_epoch()
    moved(run, 7, {"noise": 1.0}, {"noise": 2.0})
    moved(run, 8, {"noise": 3.0}, {"noise": 4.0})
    apply(run, "undo")
    assert run.config.noise == 2
    apply(run, "undo")
    assert run.config.noise == 0


def test_changes_without_a_gesture_are_taken_back_one_by_one() -> None:
    run = amid_an_epoch()
    moved(run, None, {"noise": 1.0}, {"noise": 2.0})
    apply(run, "undo")
    assert run.config.noise == 1


@pytest.mark.parametrize(
    "changes", [({"learningRate": 1.0}, {"noise": 5.0}), ({"noise": 5.0}, {"learningRate": 1.0})], ids=str
)
def test_a_gesture_that_begins_with_settings_and_ends_with_data_is_one(changes: tuple[dict[str, Any], ...]) -> None:
    run = amid_an_epoch()
    before = everything(run)
    moved(run, 7, *changes)
    undone = apply(run, "undo")
    assert (undone["type"], undone["restarted"], undone["undo"]) == ("applied", "data", None)
    assert everything(run) == before


def test_a_gesture_that_goes_on_after_it_was_taken_back_is_a_new_change() -> None:
    run = amid_an_epoch()
    before = everything(run)
    moved(run, 7, {"noise": 1.0})
    apply(run, "undo")
    moved(run, 7, {"noise": 2.0})
    apply(run, "undo")
    assert everything(run) == before


# --- limits ---------------------------------------------------------------------------------------------------------


def test_so_many_changes_can_be_taken_back_and_no_more() -> None:
    run = run_at(0)
    for step in range(MAX_UNDO_POINTS + 5):
        apply(run, "configure", set={"learningRate": step / 100})
    for _ in range(MAX_UNDO_POINTS):
        assert apply(run, "undo")["type"] == "applied"
    assert run.config.learningRate == 4 / 100
    assert apply(run, "undo")["type"] == "error"
    for _ in range(MAX_UNDO_POINTS):
        assert apply(run, "redo")["type"] == "applied"


def test_the_oldest_moments_go_when_all_together_are_too_large() -> None:
    undo_stack = UndoStack()
    large = replace(NETWORK, history=bytes(MAX_UNDO_BYTES // 4))
    for _ in range(5):
        undo_stack.push(large)
    assert len(undo_stack.done) == 3
    undo_stack.push(SETTINGS)
    assert undo_stack.done == [large, large, large, SETTINGS]


def test_the_newest_moment_is_kept_however_large_it_is() -> None:
    undo_stack = UndoStack()
    undo_stack.push(SETTINGS)
    huge = replace(NETWORK, history=bytes(MAX_UNDO_BYTES + 1))
    undo_stack.push(huge)
    assert undo_stack.done == [huge]


def test_the_size_of_a_moment_is_about_that_of_its_bytes() -> None:
    run = amid_an_epoch(Config(networkShape=(64, 64), dataset="own", points="AAAAAAAAA" * 3_000, optimizer="adam"))
    undo_point = run.undo_point("network")
    assert undo_point.snapshot
    parts = [undo_point.snapshot.to_bytes(), undo_point.history, undo_point.config.points.encode()]
    assert undo_point.size == pytest.approx(sum(map(len, parts)), rel=0.01)
    assert SETTINGS.size == 0

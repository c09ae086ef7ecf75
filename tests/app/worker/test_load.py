"""How a machine's time is shared out: sessions among the workers, and a worker's time among pictures."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.live.pace import frame_seconds
from app.metrics import Metrics
from app.sessions.worker_pool import WorkerPool
from app.settings import Settings


@dataclass
class WeighedSession:
    """As much of a session as its worker's load depends on."""

    state: str


def settled(pool: WorkerPool, states: list[str]) -> list[int]:
    """How many sessions each worker has, after such ones have come one after the other."""
    for state in states:
        sessions = pool.least_loaded().sessions
        sessions[str(len(sessions))] = WeighedSession(state)  # type: ignore[assignment]
    return [len(worker.sessions) for worker in pool.workers]


def test_a_crowd_that_does_not_train_yet_is_spread_over_the_workers() -> None:
    pool = WorkerPool(Settings(workers=2), Metrics())
    assert settled(pool, ["training"] * 15) == [8, 7]
    assert settled(pool, ["resting"] * 30) == [22, 23]


def test_sessions_that_train_weigh_more_than_those_whose_pages_are_gone() -> None:
    pool = WorkerPool(Settings(workers=2), Metrics())
    assert settled(pool, ["away", "training", "away", "away", "away"]) == [4, 1]


@pytest.mark.parametrize(
    ("pages", "milliseconds", "rate"),
    [
        (0, 1.0, 60),  # nobody
        (5, 0.5, 60),  # time enough for all that a screen shows
        (15, 0.5, 20),  # three tenths of the time
        (20, 0.5, 15),  # the rest of the time trains, but motion stays fluent
        (25, 0.5, 15),
        (30, 0.5, 13.3),  # four tenths of the time
        (100, 5.0, 10),  # and never fewer
    ],
)
def test_pictures_are_rationed_by_what_they_cost(pages: int, milliseconds: float, rate: float) -> None:
    assert 1 / frame_seconds([milliseconds / 1e3] * pages) == pytest.approx(rate, rel=0.01)

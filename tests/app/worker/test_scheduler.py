"""Turns by deficit round robin, with made-up costs in place of a clock.

All times are multiples of a power of two, so that sums are exact.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.worker.scheduler import Scheduler

QUANTUM = 2**-9
"""About 2 ms."""


def scheduler(*keys: str) -> Scheduler[str]:
    made: Scheduler[str] = Scheduler(QUANTUM)
    for key in keys:
        made.add(key)
    return made


def worked(scheduler: Scheduler[str], costs: dict[str, float], turns: int) -> Counter[str]:
    """The time that each session got, where one unit of its work costs so much and cannot be interrupted."""
    used: Counter[str] = Counter()
    for _ in range(turns):
        turn = scheduler.next(lambda key: True)
        assert turn
        seconds = costs[turn.key] * math.ceil(turn.budget / costs[turn.key])
        scheduler.charge(turn.key, seconds)
        used[turn.key] += seconds  # type: ignore[assignment]
    return used


def taken(scheduler: Scheduler[str], ready: Collection[str], turns: int, cost: float = QUANTUM) -> list[str]:
    """Whose turns came, among those that were ready."""
    keys = []
    for _ in range(turns):
        turn = scheduler.next(lambda key: key in ready)
        assert turn
        scheduler.charge(turn.key, cost)
        keys.append(turn.key)
    return keys


def test_sessions_of_equal_cost_take_turns() -> None:
    assert taken(scheduler("a", "b", "c"), "abc", 7) == ["a", "b", "c", "a", "b", "c", "a"]


@given(st.lists(st.integers(1, 64), min_size=2, max_size=6))
def test_sessions_get_equal_time_whatever_a_unit_of_their_work_costs(sizes: list[int]) -> None:
    costs = {f"s{i}": size * QUANTUM / 8 for i, size in enumerate(sizes)}
    used = worked(scheduler(*costs), costs, turns=1_000)
    # Nobody is ahead by more than the one unit that it could not interrupt, and a turn.
    assert max(used.values()) - min(used.values()) <= max(costs.values()) + 2 * QUANTUM


def test_a_session_that_overdrew_waits_until_it_has_paid_back() -> None:
    ring = scheduler("a", "b")
    turn = ring.next(lambda key: True)
    assert turn
    assert turn.key == "a"
    ring.charge("a", 8 * QUANTUM)
    # Seven quanta in debt: the seventh brings the account to zero, the eighth above it.
    assert taken(ring, "ab", 9) == ["b"] * 8 + ["a"]


def test_a_turn_that_cost_less_than_it_might_leaves_the_rest_for_the_next() -> None:
    ring = scheduler("a")
    ring.next(lambda key: True)
    ring.charge("a", QUANTUM / 4)
    turn = ring.next(lambda key: True)
    assert turn
    assert turn.budget == 1.75 * QUANTUM


def test_a_session_with_nothing_to_do_saves_nothing_up() -> None:
    ring = scheduler("idle", "busy")
    assert taken(ring, ["idle", "busy"], 2, cost=0.0) == ["idle", "busy"]  # so that idle has something left over
    assert taken(ring, ["busy"], 1_000) == ["busy"] * 1_000
    turn = ring.next(lambda key: key == "idle")
    assert turn
    assert turn.budget == QUANTUM


def test_a_session_does_not_pay_back_by_doing_nothing() -> None:
    ring = scheduler("a", "b")
    ring.next(lambda key: True)
    ring.charge("a", 8 * QUANTUM)
    taken(ring, "b", 100)
    assert taken(ring, "ab", 9).count("a") == 1


def test_no_debt_locks_a_session_out_for_ever() -> None:
    ring = scheduler("a", "b")
    ring.next(lambda key: True)
    ring.charge("a", 3_600.0)
    turns = taken(ring, "ab", round(1 / QUANTUM) + 2)
    assert turns.count("a") == 1
    assert turns[-1] == "a"


def test_nobody_has_a_turn_where_nobody_is_ready() -> None:
    assert scheduler().next(lambda key: True) is None
    assert scheduler("a", "b").next(lambda key: False) is None


def test_a_lone_session_deep_in_debt_has_its_turn_at_once() -> None:
    ring = scheduler("a")
    ring.charge("a", 100 * QUANTUM)
    turn = ring.next(lambda key: True)
    assert turn
    assert 0 < turn.budget <= QUANTUM


def test_a_session_that_was_removed_has_no_more_turns() -> None:
    ring = scheduler("a", "b", "c")
    taken(ring, "abc", 1)
    ring.remove("b")
    ring.charge("b", 1.0)  # its last turn may be paid for after it has gone
    assert taken(ring, "abc", 4) == ["c", "a", "c", "a"]


def test_a_session_added_twice_has_no_more_turns_than_another() -> None:
    ring = scheduler("a", "b", "a")
    assert taken(ring, "ab", 4) == ["a", "b", "a", "b"]


def test_a_session_that_comes_back_owes_nothing() -> None:
    ring = scheduler("a", "b")
    ring.charge("a", 100 * QUANTUM)
    ring.remove("a")
    ring.add("a")
    assert taken(ring, "ab", 4) == ["b", "a", "b", "a"]


def test_removing_a_session_that_is_not_there_does_nothing() -> None:
    ring = scheduler("a")
    ring.remove("b")
    assert taken(ring, "a", 2) == ["a", "a"]


@pytest.mark.parametrize("cost", [0.0, QUANTUM / 3, QUANTUM, 50 * QUANTUM])
def test_every_ready_session_has_its_turn_in_a_bounded_number_of_turns(cost: float) -> None:
    turns = taken(scheduler(*"abcde"), "ace", 300, cost)
    assert Counter(turns) == {"a": 100, "c": 100, "e": 100}

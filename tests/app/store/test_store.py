"""The run store: how runs are accepted, given out, kept, ended and forgotten."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.store.database import StoreError
from app.store.deletions import DELETED_AT_ONCE
from app.store.errors import FullError, KeyReusedError
from app.store.owners import SERVER, command
from app.store.rows import Labels
from app.store.step import Advance, Ended
from app.store.store import Store

MANY = 1_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with closing(Store(tmp_path / "runs.sqlite3", SERVER)) as store:
        yield store


def add(store: Store, count: int = 1) -> list[str]:
    return [store.add_run({"epochs": 100}, None, "", MANY) for _ in range(count)]


def add_sweep(store: Store, count: int) -> str:
    return store.add_sweep({}, [({"epochs": 100}, {"noise": n}) for n in range(count)], None, "", MANY)


def members(store: Store, sweep: str) -> list[str]:
    return [row["id"] for row in store.members(sweep)]


def step(epoch: int, ended: Ended | None = None) -> Advance:
    progress = {"epoch": epoch, "seconds": 1.0}
    return Advance(
        f"state {epoch}", progress, [(epoch, epoch, 0.5, 0.5, None, None, 0.25, None)], [(epoch, "kept")], ended
    )


def claimed(store: Store) -> dict[str, Any]:
    row = store.claim()
    assert row
    return row


def status(store: Store, run: str) -> str:
    row = store.run(run)
    assert row
    return str(row["status"])


# --- accepting --------------------------------------------------------------------------------------------------------


def test_the_same_key_with_the_same_body_is_accepted_once(store: Store) -> None:
    run = store.add_run({}, "key", "body", 1)
    assert store.add_run({}, "key", "body", 1) == run  # also where there is no room any more
    assert len(store.runs(status=None, sweep=None, before=None, limit=10)) == 1


def test_the_same_key_with_another_body_is_refused(store: Store) -> None:
    store.add_run({}, "key", "body", MANY)
    with pytest.raises(KeyReusedError):
        store.add_run({}, "key", "another", MANY)
    with pytest.raises(KeyReusedError):
        store.add_sweep({}, [({}, {})], "key", "another", MANY)


def test_requests_without_a_key_are_all_accepted(store: Store) -> None:
    assert store.add_run({}, None, "body", MANY) != store.add_run({}, None, "body", MANY)


def test_what_would_be_too_much_is_refused_whole(store: Store) -> None:
    add(store, 3)
    with pytest.raises(FullError) as full:
        store.add_sweep({}, [({}, {})] * 3, "key", "body", 5)
    assert (full.value.waiting, full.value.more, full.value.most) == (3, 3, 5)
    assert store.sweeps(None, 10) == []
    assert store.add_sweep({}, [({}, {})] * 2, "key", "body", 5)  # nor was its key kept


def test_only_runs_that_have_not_ended_count_as_waiting(store: Store) -> None:
    first, _ = add(store, 2)
    store.finish(first, Ended("cancelled", ""))
    assert store.add_run({}, None, "", 2)


def test_what_runs_and_sweeps_are_called_is_kept(store: Store) -> None:
    labels = Labels("baseline", ("spiral", "to show"), "Ask again in May.", ("noise: set to 50.",))
    run = store.run(store.add_run({}, None, "", MANY, labels=labels))
    sweep = store.sweep(store.add_sweep({}, [({}, {})], None, "", MANY, labels))
    for row in (run, sweep):
        assert row
        assert (row["name"], row["tags"], row["note"], row["notes"]) == (
            "baseline",
            ["spiral", "to show"],
            "Ask again in May.",
            ["noise: set to 50."],
        )
    (listed, _) = store.runs(status=None, sweep=None, before=None, limit=10)[::-1]
    assert listed["tags"] == ["spiral", "to show"]


# --- training ---------------------------------------------------------------------------------------------------------


def test_runs_are_given_out_in_order_and_single_ones_before_those_of_sweeps(store: Store) -> None:
    sweep = add_sweep(store, 2)
    single = add(store, 2)
    assert [claimed(store)["id"] for _ in range(4)] == single + members(store, sweep)
    assert store.claim() is None


def test_a_step_is_kept_whole(store: Store) -> None:
    (run,) = add(store)
    version = claimed(store)["version"]
    version = store.advance(run, version, step(5))
    assert version
    assert store.advance(run, version, step(9, Ended("succeeded", "Done."))) == version + 1
    row = store.run(run)
    assert row
    assert (row["status"], row["reason"], row["state"]) == ("succeeded", "Done.", "state 9")
    assert row["progress"] == {"epoch": 9, "seconds": 1.0}
    assert store.history(run) == [(epoch, epoch, 0.5, 0.5, None, None, 0.25, None) for epoch in (5, 9)]
    assert store.snapshots(run) == [5, 9]
    assert store.snapshot(run, 5) == "kept"
    assert store.history(run, after=5) == store.history(run)[1:]
    assert store.history(run, limit=1) == store.history(run)[:1]


def test_a_step_of_a_run_that_was_ended_is_not_kept(store: Store) -> None:
    (run,) = add(store)
    version = claimed(store)["version"]
    store.finish(run, Ended("cancelled", ""))
    assert store.advance(run, version, step(5)) is None
    assert (status(store, run), store.history(run)) == ("cancelled", [])


def test_a_step_that_was_begun_before_a_run_was_resumed_is_not_kept(store: Store) -> None:
    (run,) = add(store)
    stale = claimed(store)["version"]
    store.leave()
    store.resume(run)
    version = claimed(store)["version"]
    assert store.advance(run, stale, step(5)) is None
    assert store.advance(run, version, step(6))
    assert [one[0] for one in store.history(run)] == [6]


def test_a_run_makes_room_only_where_a_single_one_waits(store: Store) -> None:
    sweep = add_sweep(store, 2)
    first = claimed(store)
    assert not store.put_back(first["id"], first["version"])  # the sweep's other one can wait
    add(store)
    assert not store.put_back(first["id"], first["version"] - 1)  # a stale one
    assert store.put_back(first["id"], first["version"])
    assert status(store, first["id"]) == "queued"
    claimed(store)
    assert claimed(store)["id"] == members(store, sweep)[0]  # it kept its place


def test_single_runs_take_turns(store: Store) -> None:
    first, second = add(store, 2)
    order = []
    for _ in range(4):
        row = claimed(store)
        order.append(row["id"])
        assert store.put_back(row["id"], row["version"])
    assert order == [first, second, first, second]


def test_a_run_ends_only_once(store: Store) -> None:
    (run,) = add(store)
    assert store.finish(run, Ended("cancelled", "First."))
    assert not store.finish(run, Ended("failed", "Second."))
    assert status(store, run) == "cancelled"


def test_a_sweep_is_ended_at_once_without_those_that_have_ended(store: Store) -> None:
    sweep = add_sweep(store, 3)
    first, *others = members(store, sweep)
    store.finish(first, Ended("failed", ""))
    assert sorted(store.finish_sweep(sweep, Ended("cancelled", ""))) == sorted(others)
    assert [row["status"] for row in store.members(sweep)] == ["failed", "cancelled", "cancelled"]


def test_only_interrupted_runs_are_resumed_and_go_on_where_they_were(store: Store) -> None:
    trained, waiting = add(store, 2)
    version = claimed(store)["version"]
    store.advance(trained, version, step(5))
    assert not store.resume(trained)
    store.leave()
    assert not store.resume(waiting)
    assert store.resume(trained)
    assert claimed(store)["id"] == waiting  # it waits behind the others
    row = claimed(store)
    assert (row["state"], row["progress"]["epoch"], row["finished"], row["reason"]) == ("state 5", 5, None, None)


def test_a_sweeps_interrupted_runs_are_resumed_together(store: Store) -> None:
    sweep = add_sweep(store, 3)
    claimed(store)
    claimed(store)
    store.leave()
    assert store.resume_sweep(sweep) == 2
    assert [row["status"] for row in store.members(sweep)] == ["queued"] * 3


# --- owners -----------------------------------------------------------------------------------------------------------


def test_each_process_trains_its_own_runs_alone(store: Store) -> None:
    mine = add(store)
    with closing(Store(store.path, command())) as other, closing(Store(store.path, command())) as third:
        other.begin()
        theirs = add(other)
        assert [claimed(one)["id"] for one in (store, other)] == [*mine, *theirs]
        assert [one.claim() for one in (store, other, third)] == [None] * 3


def test_what_waits_for_a_command_is_interrupted_with_it_and_what_waits_for_a_server_stays(store: Store) -> None:
    with closing(Store(store.path, command())) as other:
        other.begin()
        trained, waiting = add(other, 2)
        claimed(other)
        other.leave()
        assert [status(store, run) for run in (trained, waiting)] == ["interrupted"] * 2
    trained, waiting = add(store, 2)
    claimed(store)
    store.leave()
    assert [status(store, run) for run in (trained, waiting)] == ["interrupted", "queued"]


def test_runs_of_a_process_that_lives_are_left_alone_and_noticed_when_they_change(store: Store) -> None:
    with closing(Store(store.path, command())) as other:
        other.begin()
        (run,) = add(other)
        assert store.changed()
        claimed(other)
        assert (store.changed(), store.changed()) == (True, False)
        assert status(store, run) == "running"


def test_a_server_beside_a_server_is_refused(store: Store) -> None:
    store.begin()
    with pytest.raises(StoreError, match=rf"the playground \(process {os.getpid()}\) serves it\. Use that one with"):
        Store(store.path, SERVER)


def test_a_resumed_run_is_trained_by_who_resumed_it(store: Store) -> None:
    (run,) = add(store)
    claimed(store)
    store.leave()
    with closing(Store(store.path, command())) as other:
        assert other.resume(run)
        assert store.claim() is None
        assert claimed(other)["id"] == run


# --- reading and forgetting -------------------------------------------------------------------------------------------


def test_lists_are_filtered_and_do_not_carry_states(store: Store) -> None:
    runs = add(store, 3)
    sweep = add_sweep(store, 1)
    store.finish(runs[1], Ended("cancelled", ""))

    def listed(**filters: Any) -> list[str]:
        rows = store.runs(**{"status": None, "sweep": None, "before": None, "limit": 10} | filters)
        assert all("state" not in row for row in rows)
        return [row["id"] for row in rows]

    assert listed() == [*members(store, sweep), *reversed(runs)]
    assert listed(status="cancelled") == [runs[1]]
    assert listed(sweep=sweep) == members(store, sweep)
    assert listed(before=2) == [runs[0]]
    assert listed(limit=2, sweep=None) == listed()[:2]


def test_only_what_has_ended_can_be_forgotten(store: Store) -> None:
    (run,) = add(store)
    assert not store.delete_run(run)
    version = claimed(store)["version"]
    store.advance(run, version, step(5, Ended("succeeded", "")))
    assert store.delete_run(run)
    assert store.run(run) is None
    assert store.history(run) == []
    assert store.snapshots(run) == []


def test_a_sweep_is_forgotten_some_runs_at_a_time(store: Store) -> None:
    sweep = add_sweep(store, DELETED_AT_ONCE + 1)
    assert store.delete_members(sweep) == 0  # they have not ended
    assert not store.delete_sweep(sweep)
    store.finish_sweep(sweep, Ended("cancelled", ""))
    assert store.delete_members(sweep) == DELETED_AT_ONCE
    assert not store.delete_sweep(sweep)
    assert store.delete_members(sweep) == 1
    assert store.delete_sweep(sweep)
    assert store.sweep(sweep) is None

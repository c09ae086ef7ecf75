"""What is forgotten of the runs that are kept: by age, number and state, by a command and by a server's settings."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.runs.retention import DAY_SECONDS, Policy, delete, policy_of, prunable
from app.settings import Settings
from app.store.owners import SERVER
from app.store.step import FINAL, Ended
from app.store.store import Store
from tests.app.command import Command, assert_refused, json_of
from tests.app.scripted import XOR, speaking
from tests.faults.witness import until
from tests.server import Serve

MANY = 1_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    (tmp_path / "data").mkdir()
    with closing(Store(tmp_path / "data" / "runs.sqlite3", SERVER)) as store:
        yield store


def add(store: Store, status: str = "succeeded", days: float = 0.0) -> str:
    """A run that ended so many days ago."""
    run = store.add_run({}, None, "", MANY)
    store.finish(run, Ended(status, ""))
    age(store, run, days)
    return run


def add_sweep(store: Store, *statuses: str, days: float = 0.0) -> str:
    sweep = store.add_sweep({}, [({}, {}) for _ in statuses], None, "", MANY)
    for row, status in zip(store.members(sweep), statuses, strict=True):
        if status != "queued":
            store.finish(row["id"], Ended(status, ""))
            age(store, row["id"], days)
    return sweep


def age(store: Store, run: str, days: float) -> None:
    with closing(sqlite3.connect(store.path)) as db, db:
        db.execute("UPDATE runs SET finished = finished - ? WHERE id = ?", (days * DAY_SECONDS, run))


def chosen(store: Store, policy: Policy) -> list[str]:
    return [unit.id for unit in prunable(store, policy)]


def test_what_ended_long_enough_ago_may_go(store: Store) -> None:
    old, _ = add(store, days=31), add(store, days=29)
    assert chosen(store, Policy(older_than=30 * DAY_SECONDS)) == [old]


def test_what_has_not_ended_stays_whatever_is_asked(store: Store) -> None:
    store.add_run({}, None, "", MANY)
    add_sweep(store, "succeeded", "queued", days=50)
    store.add_run({}, None, "", MANY)
    store.claim()
    assert chosen(store, Policy()) == []


def test_the_newest_stay_and_a_sweep_counts_with_all_its_runs(store: Store) -> None:
    first = add(store)
    sweep = add_sweep(store, "succeeded", "failed", "succeeded")
    add(store)
    assert chosen(store, Policy(keep=4)) == [first]
    assert chosen(store, Policy(keep=3)) == [sweep, first]
    assert chosen(store, Policy(keep=5)) == []


def test_states_choose_single_runs_and_sweeps_of_nothing_else(store: Store) -> None:
    failed, _ = add(store, "failed"), add(store)
    mixed, bad = add_sweep(store, "failed", "succeeded"), add_sweep(store, "failed", "failed")
    assert chosen(store, Policy(states=("failed",))) == [bad, failed]
    assert mixed in chosen(store, Policy(states=("failed", "succeeded")))


def test_all_that_is_asked_has_to_hold(store: Store) -> None:
    old, _, _ = add(store, "failed", days=9), add(store, days=9), add(store, "failed")
    assert chosen(store, Policy(8 * DAY_SECONDS, 1, ("failed",))) == [old]


def test_a_sweep_is_forgotten_with_all_its_runs_and_one_without_any_goes_too(store: Store) -> None:
    sweep, other = add_sweep(store, *["succeeded"] * 25), add_sweep(store, "failed")
    store.delete_members(other)
    for unit in prunable(store, Policy()):
        for _ in delete(store, unit):
            pass
    assert (store.sweep(sweep), store.sweep(other)) == (None, None)
    assert store.counts() == {}


def test_settings_keep_all_unless_they_say_otherwise() -> None:
    assert policy_of(Settings()) is None
    assert policy_of(Settings(keep_states=["failed"])) is None
    kept = tuple(state for state in FINAL if state != "succeeded")
    assert policy_of(Settings(keep_days=2, keep_states=["succeeded"])) == Policy(2 * DAY_SECONDS, 0, kept)
    assert policy_of(Settings(keep_runs=5)) == Policy(0, 5)


def test_a_server_forgets_what_its_settings_do_not_keep(serve: Serve, tmp_path: Path) -> None:
    with closing(Store(tmp_path / "runs.sqlite3")) as store:
        runs = [add(store) for _ in range(3)]
    with serve(data=tmp_path, keep_runs=1) as server, speaking(server) as api:
        until(lambda: [api.get(f"/runs/{run}/history").status_code for run in runs] == [404, 404, 200])


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def playground(tmp_path: Path) -> Command:
    """Runs the command in the folder of the store."""
    return Command(tmp_path)


def test_a_dry_run_forgets_nothing_and_a_real_one_what_it_told(store: Store, playground: Command) -> None:
    old, _ = add(store, "failed", days=31), add(store, days=31)
    asked = ("runs", "prune", "--older-than", "30d", "--state", "failed", "--json")
    unit = {"kind": "run", "id": old, "runs": 1}
    assert json_of(playground(*asked, "--dry-run")) == {"pruned": False, "units": [unit]}
    assert json_of(playground(*asked)) == {"pruned": True, "units": [unit]}
    assert json_of(playground(*asked)) == {"pruned": True, "units": []}
    assert store.run(old) is None
    assert playground("runs", "prune", "--keep", "0").stdout == "1 runs are gone.\n"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ([], "at least one of --older-than, --keep and --state"),
        (["--older-than", "soon"], "older-than: expected a number of minutes"),
        (["--state", "running"], "state: expected one of succeeded, failed"),
    ],
)
def test_what_is_asked_badly_is_refused(playground: Command, asked: list[str], field: str) -> None:
    assert_refused(playground("runs", "prune", *asked), field)
    assert not (playground.folder / "data").exists()


def test_a_backup_is_made_beside_a_server_that_trains_and_can_be_put_back(
    serve: Serve, playground: Command, tmp_path: Path
) -> None:
    with serve(data=tmp_path / "data") as server, speaking(server) as api:
        done = api.trained(link=XOR, epochs=5)
        running = api.start(link=XOR, epochs=10_000_000, record={"losses": 1_000})
        api.reach(running, 0)
        told = json_of(playground("runs", "backup", "copy.sqlite3", "--json"))
        assert told == {"backup": "copy.sqlite3", "bytes": (tmp_path / "copy.sqlite3").stat().st_size}
        assert_refused(playground("runs", "backup", "copy.sqlite3"), "a file that is not there yet, or --force")
        assert playground("runs", "backup", "copy.sqlite3", "--force").returncode == 0
        assert api.run(running)["status"] == "running"
    (tmp_path / "again").mkdir()
    (tmp_path / "copy.sqlite3").rename(tmp_path / "again" / "runs.sqlite3")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "data"]
    listed = json_of(playground("runs", "list", "--json", "--data", "again"))
    assert {one["id"]: one["status"] for one in listed} == {done["id"]: "succeeded", running: "interrupted"}
    assert listed[1]["progress"]["theta_sha256"] == done["progress"]["theta_sha256"]


def test_a_backup_goes_to_a_file_system_without_links(
    playground: Command, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(part: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    run = add(store)
    assert playground("runs", "backup", "copy.sqlite3").returncode == 0
    with closing(Store(playground.folder / "copy.sqlite3")) as copy:
        assert copy.run(run)


def test_a_backup_of_nothing_and_one_to_nowhere_are_refused(playground: Command, store: Store) -> None:
    assert_refused(playground("runs", "backup", "copy.sqlite3", "--data", "empty"), "data: expected a folder with")
    assert_refused(playground("runs", "backup", "no/copy.sqlite3"), "FILE: expected a file in a folder that exists")

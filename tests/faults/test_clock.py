"""A clock that is set back: nothing that is promised depends on the time of day."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from app.store.owners import SERVER
from app.store.step import Advance, Ended
from app.store.store import Store
from tests.app.conftest import OpenPage
from tests.app.scripted import XOR, speaking
from tests.faults.witness import LINK, until, view, well
from tests.server import StartServer

HOUR = 3600
SetClock = Callable[[float], None]


@pytest.fixture
def set_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets the clock of servers that are started in this test, by seconds from the true time."""
    shift = tmp_path / "shift"

    def set_by(seconds: float) -> None:
        fresh = tmp_path / "fresh"
        fresh.write_text(str(seconds))
        fresh.replace(shift)

    set_by(0)
    monkeypatch.setenv("CLOCK_SHIFT", str(shift))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "clock"))
    return set_by


def an_hour_ago(date: str) -> bool:
    """Whether a server's date shows that its clock was set back."""
    return parsedate_to_datetime(date).timestamp() < time.time() - HOUR / 2


def test_when_the_clock_is_set_back_an_hour_training_expiry_events_and_keys_go_on(
    start_server: StartServer, open_page: OpenPage, set_clock: SetClock
) -> None:
    server = start_server(executed=True, workers=1, processes=1, resume_seconds=0.2)
    page, leaves = open_page(server), open_page(server)
    page.greet(LINK)
    page.ask("play")
    hello = leaves.greet(LINK)
    key = {"Idempotency-Key": "once"}
    with speaking(server) as api:
        running = api.start(link=XOR, epochs=1_000_000, record={"losses": 100})
        api.reach(running, 0)
        kept = api.post("/runs", {"link": XOR, "epochs": 5}, headers=key).json()["id"]
        with api.watching(running) as events:
            assert next(events).id == "0"
            set_clock(-HOUR)
            until(lambda: an_hour_ago(api.get("/limits").headers["date"]))
            leaves.drop()
            until(lambda: view(server, hello).status_code == 404)
            well(page)
            heard = int(next(events).id)
            while heard < 300:
                heard = int(next(events).id)
        assert api.post("/runs", {"link": XOR, "epochs": 5}, headers=key).json()["id"] == kept
        late = api.start(link=XOR, epochs=6)
        api.post(f"/runs/{running}/cancel")
        ends = [api.ended(run) for run in (running, kept, late)]
        assert [end["status"] for end in ends] == ["cancelled", "succeeded", "succeeded"]
        for end in ends:
            assert end["created"] <= end["started"] <= end["finished"]


# --- the store --------------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "runs.sqlite3", SERVER)) as made:
        yield made


def set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set this process's clock back an hour."""
    told = time.time
    monkeypatch.setattr(time, "time", lambda: told() - HOUR)


def add(store: Store) -> str:
    return store.add_run({}, None, "", 100)


def claimed(store: Store) -> tuple[str, int]:
    row = store.claim()
    assert row
    return row["id"], row["version"]


def test_runs_that_come_after_the_clock_was_set_back_wait_behind_those_that_came_before(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [add(store) for _ in range(3)]
    set_back(monkeypatch)
    after = [add(store) for _ in range(3)]
    assert [claimed(store)[0] for _ in range(6)] == before + after


def test_a_long_run_still_makes_room_for_one_that_has_waited_since_before_the_clock_was_set_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    long, short = add(store), add(store)
    run, version = claimed(store)
    assert run == long
    set_back(monkeypatch)
    for turn in (short, long, short):
        assert store.put_back(run, version)
        run, version = claimed(store)
        assert run == turn


def test_an_interrupted_run_that_is_resumed_after_the_clock_was_set_back_waits_behind_the_others(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = add(store)
    claimed(store)
    second = add(store)
    store.leave()
    set_back(monkeypatch)
    assert store.resume(first)
    assert [claimed(store)[0] for _ in range(2)] == [second, first]


def test_a_run_is_never_told_to_have_ended_before_it_began(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    waits, begins, ends = (add(store) for _ in range(3))
    set_back(monkeypatch)
    store.finish(waits, Ended("cancelled", ""))
    _, version = claimed(store)
    store.advance(begins, version, Advance("", {}, [], [], Ended("succeeded", "")))
    claimed(store)
    store.leave()
    for run in (waits, begins, ends):
        row = store.run(run)
        assert row
        moments = [row[name] for name in ("created", "started", "finished") if row[name] is not None]
        assert all(earlier <= later for earlier, later in pairwise(moments))

"""Scripted runs over HTTP: watched without a gap, and ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.app.scripted import ENDLESS, XOR, Api, problem, speaking
from tests.server import Server


@pytest.fixture
def api(server: Server) -> Iterator[Api]:
    """The shared server's API."""
    with speaking(server) as api:
        yield api


def test_a_run_is_watched_from_its_beginning_to_its_end(api: Api) -> None:
    run = api.start(link=XOR, epochs=300)
    *epochs, end = api.events(run)
    assert [(event.name, event.id) for event in epochs] == [("epoch", str(epoch)) for epoch in range(301)]
    assert [event.data for event in epochs] == api.json(f"/runs/{run}/history")["history"]
    assert (end.name, end.id, end.data) == ("end", "end", api.run(run))


def test_who_comes_back_misses_nothing_and_hears_nothing_twice(api: Api) -> None:
    run = api.start(link=XOR, epochs=300)
    heard = []
    with api.watching(run) as events:
        for event in events:
            heard.append(event.id)
            if event.id == "100":
                break
    heard += [event.id for event in api.events(run, after=heard[-1])]
    assert heard == [*map(str, range(301)), "end"]


def test_who_has_heard_the_end_is_told_to_stay_away(api: Api) -> None:
    run = api.trained(link=XOR, epochs=1)["id"]
    answer = api.get(f"/runs/{run}/events", headers={"Last-Event-ID": "end"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert [event.id for event in api.events(run, after="999")] == ["end"]
    problem(api.get(f"/runs/{run}/events", headers={"Last-Event-ID": "tea"}), 422)


def test_many_watch_the_same_run(api: Api, server: Server) -> None:
    run = api.start(link=XOR, epochs=500)
    heard: list[int] = []

    def watch() -> None:
        with speaking(server) as own:
            heard.append(len(own.events(run)))

    threads = [threading.Thread(target=watch) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == [502] * 5


# --- ending -----------------------------------------------------------------------------------------------------------


def test_a_cancelled_run_keeps_what_it_has_trained(api: Api) -> None:
    run = api.start(**ENDLESS, record={"losses": 1_000})
    api.reach(run, 1_000)
    cancelled = api.post(f"/runs/{run}/cancel").json()
    assert (cancelled["status"], cancelled["reason"]) == ("cancelled", "It was cancelled.")
    assert cancelled["progress"]["epoch"] >= 1_000
    assert api.epochs(run)[:2] == [0, 1_000]
    assert problem(api.post(f"/runs/{run}/cancel"), 409)["detail"] == "The run has ended already: it is cancelled."
    assert problem(api.post(f"/runs/{run}/resume"), 409)["detail"] == "The run was not interrupted: it is cancelled."
    assert api.ended(run) == cancelled == api.run(run)


def test_who_watches_hears_of_a_cancellation_at_once(api: Api) -> None:
    run = api.start(**ENDLESS)
    with api.watching(run) as events:
        next(events)
        api.post(f"/runs/{run}/cancel")
        assert next(event for event in events if event.name == "end").data["status"] == "cancelled"


def test_only_a_run_that_has_ended_can_be_forgotten(api: Api) -> None:
    run = api.start(**ENDLESS)
    assert problem(api.http.delete(f"/runs/{run}"), 409)["detail"] == "The run has not ended: cancel it first."
    api.post(f"/runs/{run}/cancel")
    assert api.http.delete(f"/runs/{run}").status_code == 204
    problem(api.get(f"/runs/{run}"), 404)
    problem(api.http.delete(f"/runs/{run}"), 404)

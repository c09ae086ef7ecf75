"""Sweeps that learn while they train: by TPE, and by pruning, at a server and from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.client import PlaygroundClient
from tests.app.command import Command, assert_refused, json_of
from tests.app.scripted import XOR, Api, speaking
from tests.server import Server

KEYS: dict[str, Any] = {"learningRate": {"low": 0.0001, "high": 1, "log": True}, "networkShape": [[1], [4, 2]]}
TPE = {"kind": "tpe", "samples": 6, "startup": 2, "keys": KEYS}
COMMAND = ("sweep", XOR, "--random", "learningRate=0.001..1:log", "--sampler", "tpe", "--samples", "14")


@pytest.fixture(scope="module")
def api(server: Server) -> Iterator[Api]:
    """The shared server's API."""
    with speaking(server) as api:
        yield api


@pytest.fixture
def playground(tmp_path: Path) -> Command:
    """Runs the command in an empty folder."""
    return Command(tmp_path)


def test_a_search_gives_each_run_its_place_when_its_turn_comes(api: Api) -> None:
    told = api.post("/sweeps", {"link": XOR, "epochs": 2, "search": TPE, "seeds": 2}).json()
    assert (len(told["runs"]), told["keys"]) == (12, ["learningRate", "networkShape"])
    ended = api.swept(told["id"])
    assert ended["counts"] == {"succeeded": 12}
    places = [run["place"] for run in ended["runs"]]
    assert [place["seed"] for place in places] == ["0.5", "0.5-2"] * 6
    pairs = [(places[i], places[i + 1]) for i in range(0, 12, 2)]
    assert all({**one, "seed": ""} == {**other, "seed": ""} for one, other in pairs)
    assert len({one["learningRate"] for one, _ in pairs}) == 6
    table = api.json(f"/sweeps/{told['id']}/results")
    assert [row["learningRate"] for row in table] == [place["learningRate"] for place in places]
    run = api.json(f"/runs/{table[3]['id']}")
    assert run["config"]["learningRate"] == table[3]["learningRate"]


def test_what_waits_for_its_place_is_told_and_cancelled_like_any_run(api: Api) -> None:
    told = api.post("/sweeps", {"link": XOR, "epochs": 10_000_000, "search": {**TPE, "samples": 30}}).json()
    assert {} in [run["place"] for run in told["runs"]]
    assert api.json(f"/sweeps/{told['id']}/results")[-1]["learningRate"] is None
    ended = api.post(f"/sweeps/{told['id']}/cancel").json()
    assert (ended["status"], ended["counts"]) == ("ended", {"cancelled": 30})


def test_runs_that_fall_behind_are_pruned_counted_and_found(api: Api) -> None:
    rates = [0.3, 0.3, 0.3, 0.1, 0.1, 0.0001, 0.0001, 0.0001, 0.0001]
    body = {"link": XOR, "epochs": 40, "grid": {"learningRate": rates}, "prune": {"kind": "median", "startup": 3}}
    told = api.swept(api.sweep(**body))
    assert set(told["counts"]) == {"succeeded", "pruned"}
    assert told["counts"]["pruned"] >= 3
    pruned = [run for run in told["runs"] if run["status"] == "pruned"]
    assert {run["place"]["learningRate"] for run in pruned} <= {0.1, 0.0001}
    for run in pruned:
        epoch = run["progress"]["epoch"]
        assert epoch in range(4, 40, 4)
        assert run["reason"].startswith(f"Pruned by the median rule at epoch {epoch}, where its test loss was 0.")
    found = api.json("/runs", sweep=told["id"], status="pruned")["runs"]
    assert {run["id"] for run in found} == {run["id"] for run in pruned}
    table = api.json(f"/sweeps/{told['id']}/results")
    assert {row["rank"] for row in table if row["status"] == "pruned"} == {None}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"search": TPE, "grid": {"noise": [1]}}, "either grid, random or search"),
        ({"search": {**TPE, "kind": "grid"}}, "search.kind: expected"),
        ({"search": {**TPE, "keys": {"noise": {"low": 1, "high": 1e9}}}}, "noise: expected"),
        ({"search": {**TPE, "keys": {"loss": ["hinge", "nothing"]}}}, "loss: expected"),
        ({"prune": {"kind": "median", "every": 3}, "record": {"losses": 2}}, "prune.every: expected a multiple of 2"),
    ],
)
def test_a_bad_search_or_rule_is_refused_by_its_field(api: Api, body: dict[str, Any], sentence: str) -> None:
    assert sentence in api.refused("/sweeps", {"link": XOR} | body)["detail"]


def test_the_client_searches_and_prunes(server: Server) -> None:
    with PlaygroundClient(server.address) as client:
        sweep = client.sweep(XOR, random=KEYS, sampler="tpe", samples=8, epochs=30, prune="halving").wait()
        assert sweep.counts["pruned"] + sweep.counts["succeeded"] == 8
        assert sweep.best().status == "succeeded"


@pytest.mark.long
def test_a_search_in_one_process_draws_the_same_places_each_time_and_after_an_interruption(
    playground: Command, tmp_path: Path
) -> None:
    one = (*COMMAND, "--processes", "1", "--prune", "median", "--epochs", "400", "--output", "results.json")
    assert playground(*one, "--data", "first").returncode == 0
    first = _told(tmp_path)
    assert {row["status"] for row in first} == {"succeeded", "pruned"}
    ran = playground.interrupted(*one, "--data", "second", at=r"[5-9] of 14 runs")
    last = ran.stderr.split("sweeps resume ")[1].split()[0]
    resumed = ("sweeps", "resume", last, "--data", "second", "--processes", "1", "--output", "results.json")
    assert json_of(playground(*resumed, "--json"))["sweep"]["status"] == "ended"
    assert _told(tmp_path) == first


def _told(folder: Path) -> list[dict[str, Any]]:
    """The results that were written, without what differs each time."""
    rows = json.loads((folder / "results.json").read_text())
    return [{name: value for name, value in row.items() if name not in ("id", "seconds")} for row in rows]


def test_options_of_a_search_need_what_they_are_about(playground: Command) -> None:
    assert_refused(playground("sweep", XOR, "--sampler", "tpe"), "sampler: expected what to draw from (--random)")
    assert_refused(playground("sweep", XOR, "--prune-warmup", "3"), "prune-warmup: expected how to prune (--prune)")

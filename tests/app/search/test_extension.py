"""Sweeps that get further runs: those that a larger one would have had from the start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.client import PlaygroundClient
from tests.app.command import Command, assert_refused, json_of
from tests.app.scripted import XOR, Api, Json, problem, speaking
from tests.server import Server

KEYS: dict[str, Any] = {"learningRate": {"low": 0.001, "high": 1, "log": True}}


@pytest.fixture(scope="module")
def api(server: Server) -> Iterator[Api]:
    """The shared server's API."""
    with speaking(server) as api:
        yield api


def places(sweep: Json) -> list[Json]:
    return [run["place"] for run in sweep["runs"]]


def test_a_random_search_goes_on_to_the_places_of_a_larger_one(api: Api) -> None:
    whole = api.swept(api.sweep(link=XOR, epochs=1, random={"samples": 5, "keys": KEYS}))
    part = api.swept(api.sweep(link=XOR, epochs=1, random={"samples": 2, "keys": KEYS}))
    answer = api.post(f"/sweeps/{part['id']}/samples", {"samples": 3})
    assert (answer.status_code, answer.json()["status"], len(answer.json()["runs"])) == (202, "running", 5)
    ended = api.swept(part["id"])
    assert places(ended) == places(whole)
    assert [run["id"] for run in ended["runs"][:2]] == [run["id"] for run in part["runs"]]


def test_a_grid_gets_further_values_and_seeds(api: Api) -> None:
    grid = {"learningRate": [0.1], "noise": [0, 10]}
    sweep = api.swept(api.sweep(link=XOR, epochs=1, grid=grid))["id"]
    api.post(f"/sweeps/{sweep}/samples", {"grid": {"learningRate": [0.1, 0.3]}})
    assert [(place["learningRate"], place["noise"]) for place in places(api.swept(sweep))] == [
        (0.1, 0), (0.1, 10), (0.3, 0), (0.3, 10)
    ]  # fmt: skip
    api.post(f"/sweeps/{sweep}/samples", {"seeds": 1})
    assert [place["seed"] for place in places(api.swept(sweep))] == ["0.5"] * 4 + ["0.5-2"] * 4


def test_a_search_that_learns_goes_on(api: Api) -> None:
    search = {"kind": "tpe", "samples": 3, "startup": 2, "keys": KEYS}
    sweep = api.swept(api.sweep(link=XOR, epochs=1, search=search))["id"]
    api.post(f"/sweeps/{sweep}/samples", {"samples": 2})
    found = places(api.swept(sweep))
    assert len({place["learningRate"] for place in found}) == 5


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "samples, values of a grid, or seeds"),
        ({"samples": 2}, "samples: expected a sweep whose places are drawn, got a grid."),
        ({"grid": {"epochs": [1]}}, "grid.epochs: expected a key of the sweep's grid (noise), got another."),
        ({"grid": {"noise": [10]}}, "grid: expected values that the sweep does not have yet, got none."),
        ({"grid": {"noise": [1000]}}, "noise: expected at most 100"),
    ],
)
def test_what_a_sweep_cannot_have_more_of_is_refused(api: Api, more: Json, sentence: str) -> None:
    sweep = api.swept(api.sweep(link=XOR, epochs=1, grid={"noise": [0, 10]}))
    assert sentence in problem(api.post(f"/sweeps/{sweep['id']}/samples", more), 422)["detail"]
    assert len(api.json(f"/sweeps/{sweep['id']}")["runs"]) == 2


def test_the_same_key_extends_once(api: Api) -> None:
    sweep = api.swept(api.sweep(link=XOR, epochs=1, random={"samples": 1, "keys": KEYS}))["id"]
    for _ in range(2):
        api.post(f"/sweeps/{sweep}/samples", {"samples": 1}, headers={"Idempotency-Key": f"more-{sweep}"})
    assert len(api.swept(sweep)["runs"]) == 2


def test_the_client_extends_a_sweep(server: Server) -> None:
    with PlaygroundClient(server.address) as client:
        sweep = client.sweep(XOR, random=KEYS, samples=1, epochs=1).wait()
        assert sweep.extend(2).wait().counts == {"succeeded": 3}
        grid = client.sweep(XOR, grid={"noise": [0]}, epochs=1).wait()
        assert grid.extend(grid={"noise": list(np.array([10.0, 20.0]))}).wait().counts == {"succeeded": 3}
        assert len(client.runs(sweep=grid.id, where={"noise": np.float64(10), "xSquared": np.False_})) == 1


def test_the_command_extends_a_sweep_and_waits_for_it(tmp_path: Path) -> None:
    playground = Command(tmp_path)
    made = json_of(playground("sweep", XOR, "--grid", "noise=0,10", "--epochs", "2", "--json"))["sweep"]["id"]
    told = json_of(playground("sweeps", "extend", made, "--grid", "noise=20", "--json"))
    assert told["sweep"]["counts"] == {"succeeded": 3}
    assert [row["noise"] for row in told["results"]] == [0, 10, 20]
    assert_refused(playground("sweeps", "extend", made), "extend: expected --samples, --grid or --seeds")

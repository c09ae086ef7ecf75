"""Ids by their beginnings, over HTTP, from Python and from the command line; and addresses whose runs are gone."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from app.client import PlaygroundClient
from app.schemas.run_request import RunRequest
from app.store import submissions
from app.store.step import Ended
from app.store.store import Store
from engine import Config
from tests.app.command import Command, assert_refused, json_of
from tests.app.scripted import XOR, Api, problem, speaking
from tests.server import Server


@pytest.fixture
def api(server: Server) -> Iterator[Api]:
    """The shared server's API."""
    with speaking(server) as api:
        yield api


@pytest.fixture
def alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """A command whose store has seven runs that begin with abcd and one that does not."""
    numbers = count()
    monkeypatch.setattr(submissions, "new_id", lambda: f"abcd{next(numbers):012x}")
    (tmp_path / "data").mkdir()
    with closing(Store(tmp_path / "data" / "runs.sqlite3")) as kept:
        spec = RunRequest(link=XOR).spec(Config())
        for _ in range(7):
            kept.add_run(spec, None, "", 10)
        monkeypatch.setattr(submissions, "new_id", lambda: "abce000000000000")
        kept.finish(kept.add_run(spec, None, "", 10), Ended("cancelled", "It was cancelled."))
    return Command(tmp_path)


def test_a_run_and_a_sweep_are_found_by_the_beginning_of_their_ids(server: Server, api: Api) -> None:
    sweep = api.sweep(link=XOR, epochs=2)
    run = api.swept(sweep)["runs"][0]["id"]
    assert api.json(f"/runs/{run[:12]}")["id"] == run
    assert api.json(f"/sweeps/{sweep[:12]}")["id"] == sweep
    assert [one["id"] for one in api.json("/runs", sweep=sweep[:12])["runs"]] == [run]
    assert api.get(f"/runs/{run[:12]}/points.csv").headers.get("cache-control") is None
    page = api.http.get(f"{server.address}/sweeps/{sweep[:12]}")
    assert (page.status_code, page.headers["location"]) == (307, f"/sweeps/{sweep}")
    with PlaygroundClient(server.address) as client:
        assert client.run(run[:12]).id == run
        assert client.open_sweep(sweep[:12]).id == sweep


def test_a_part_that_is_too_short_is_refused(api: Api) -> None:
    problem(api.get("/runs/abc"), 422)


def test_a_part_of_several_ids_is_refused_with_a_list_of_them(alike: Command) -> None:
    ids = [f"abcd{number:012x}" for number in range(5)]
    sentence = f"Several runs begin with 'abcd': {', '.join(ids)}, and others. Say more of the id."
    for command in ("show", "cancel", "delete", "resume"):
        assert_refused(alike("runs", command, "abcd"), sentence)
    assert_refused(alike("export", "abcd"), sentence)
    assert json_of(alike("runs", "show", "abcd000000000003", "--json"))["id"] == "abcd000000000003"


def test_a_command_takes_the_part_of_an_id_and_tells_the_whole(alike: Command) -> None:
    assert json_of(alike("runs", "show", "abce", "--json"))["id"] == "abce000000000000"
    assert alike("export", "abce", "-o", "model.json").returncode == 0
    assert json_of(alike("runs", "delete", "abce", "--json")) == {"deleted": "abce000000000000"}
    assert_refused(alike("runs", "show", "abce"), "There is no run 'abce'.")


# --- what is gone -----------------------------------------------------------------------------------------------------


def test_a_sweep_whose_runs_are_deleted_is_still_told(server: Server, api: Api) -> None:
    sweep = api.sweep(link=XOR, epochs=1, grid={"noise": [0, 5]})
    whole = list(csv.reader(api.get(f"/sweeps/{sweep}/results?format=csv").text.splitlines()))
    runs = [run["id"] for run in api.swept(sweep)["runs"]]
    for number, run in enumerate(runs, start=1):
        assert api.http.delete(f"/runs/{run}").status_code == 204
        table = list(csv.reader(api.get(f"/sweeps/{sweep}/results?format=csv").text.splitlines()))
        assert (table[0], len(table)) == (whole[0], 1 + len(runs) - number)
        assert len(api.json(f"/sweeps/{sweep}/results")) == len(runs) - number
    assert api.json(f"/sweeps/{sweep}")["counts"] == {}
    for method in ("cancel", "resume"):
        assert api.post(f"/sweeps/{sweep}/{method}").status_code == 200
    for address in (f"/sweeps/{sweep}", "/sweeps"):
        assert api.http.get(server.address + address).status_code == 200
    with PlaygroundClient(server.address) as client:
        gone = client.open_sweep(sweep).wait()
        assert (gone.runs, gone.results(), gone.ranked()) == ([], [], [])
    assert api.http.delete(f"/sweeps/{sweep}").status_code == 204


def test_a_sweep_without_runs_is_told_on_the_command_line(server: Server, api: Api, tmp_path: Path) -> None:
    sweep = api.sweep(link=XOR, epochs=1)
    api.http.delete(f"/runs/{api.swept(sweep)['runs'][0]['id']}")
    playground = Command(tmp_path)
    shown = playground("sweeps", "show", sweep, "--output", "r.csv", "--server", server.address)
    assert shown.returncode == 0, shown.stderr
    assert "no runs" in shown.stdout


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("POST", "/cancel"),
        ("POST", "/resume"),
        ("DELETE", ""),
        ("GET", "/history"),
        ("GET", "/events"),
        ("GET", "/page"),
        ("GET", "/model"),
        ("GET", "/boundary.png"),
        ("GET", "/loss.png"),
        ("GET", "/points.csv"),
    ],
)
def test_a_run_that_is_deleted_is_not_found_at_any_of_its_addresses(api: Api, method: str, path: str) -> None:
    run = api.trained(link=XOR, epochs=1)["id"]
    assert api.http.delete(f"/runs/{run}").status_code == 204
    assert problem(api.http.request(method, f"/runs/{run}{path}"), 404)["detail"] == f"There is no run '{run}'."

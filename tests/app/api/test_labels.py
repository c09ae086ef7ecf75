"""Names, tags and notes of runs and sweeps, and lists of what is wanted in any order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.client import PlaygroundClient
from tests.app.command import Command, assert_refused, json_of
from tests.app.scripted import XOR, Api, Json, problem, speaking
from tests.server import Serve

RATES = [0.3, 0.01, 0.1, 0.03, 0.2]


@pytest.fixture(scope="module")
def api(serve: Serve) -> Iterator[Api]:
    """A server without other runs."""
    with serve(workers=1, processes=2) as server, speaking(server) as api:
        yield api


@pytest.fixture(scope="module")
def sweep(api: Api) -> Json:
    """A sweep that has ended, and has a name."""
    grid = {"learningRate": RATES, "networkShape": [[4, 2], [2]]}
    return api.swept(api.sweep(link=XOR, epochs=5, grid=grid, name="Rates of June", tags=["rates", "paper"], note="x"))


def ids(api: Api, **query: Any) -> list[str]:
    """The ids of a list that is read page by page."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = api.json("/runs", limit=3, **query, **cursor)
        found += [run["id"] for run in page["runs"]]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


def test_runs_and_sweeps_are_called_something_from_the_start_and_otherwise_later(api: Api, sweep: Json) -> None:
    assert (sweep["name"], sweep["tags"], sweep["note"]) == ("Rates of June", ["rates", "paper"], "x")
    run = api.start(link=XOR, epochs=1, name="One", tags=["b", "a", "b"], note="A note.\nTwo lines.")
    told = api.ended(run)
    assert (told["name"], told["tags"], told["note"]) == ("One", ["b", "a"], "A note.\nTwo lines.")
    changed = api.http.patch(f"/runs/{run}", json={"tags": ["c"], "note": ""}).json()
    assert (changed["name"], changed["tags"], changed["note"]) == ("One", ["c"], "")
    before = api.get(f"/sweeps/{sweep['id']}").headers["etag"]
    assert api.http.patch(f"/sweeps/{sweep['id']}", json={"name": "Rates"}).json()["name"] == "Rates"
    assert api.get(f"/sweeps/{sweep['id']}").headers["etag"] != before
    api.http.patch(f"/sweeps/{sweep['id']}", json={"name": "Rates of June"})


@pytest.mark.parametrize(
    ("change", "field"),
    [({}, ""), ({"tags": ["two words"]}, "tags.0"), ({"name": "x" * 101}, "name"), ({"colour": "red"}, "colour")],
)
def test_what_is_no_name_tag_or_note_is_refused(api: Api, sweep: Json, change: Json, field: str) -> None:
    for path in (f"/sweeps/{sweep['id']}", f"/runs/{sweep['runs'][0]['id']}"):
        errors = problem(api.http.patch(path, json=change), 422)["errors"]
        assert any(error["field"].startswith(field) for error in errors)


def test_runs_are_found_by_tag_name_and_configuration(api: Api, sweep: Json) -> None:
    members = sweep["runs"]
    for run in members[:2]:
        api.http.patch(f"/runs/{run['id']}", json={"tags": ["good", "kept"], "name": f"Best of {run['id']}"})
    api.http.patch(f"/runs/{members[2]['id']}", json={"tags": ["good"]})
    assert set(ids(api, tag=["good"])) == {run["id"] for run in members[:3]}
    assert set(ids(api, tag=["good", "kept"])) == {run["id"] for run in members[:2]}
    assert set(ids(api, name="BEST of")) == {run["id"] for run in members[:2]}
    assert ids(api, tag="goo") == []
    small = [run["id"] for run in members if run["place"]["networkShape"] == [2]]
    assert set(ids(api, sweep=sweep["id"], where="networkShape=2")) == set(small)
    one = [
        run["id"] for run in members if run["place"] == {**run["place"], "learningRate": 0.1, "networkShape": [4, 2]}
    ]
    assert ids(api, where=["networkShape=4,2", "learningRate=0.1"]) == one
    assert len(ids(api, sweep=sweep["id"], where=["xSquared=false", "loss=none", "dataset=xor"])) == 10
    assert ids(api, sweep=sweep["id"], where="xSquared=true") == []
    assert [one["id"] for one in api.json("/sweeps", tag="paper", name="june")["sweeps"]] == [sweep["id"]]
    assert api.json("/sweeps", tag="other")["sweeps"] == []


@pytest.mark.parametrize("name", ["test_loss", "train_score", "seconds", "epoch", "validation_loss"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_runs_are_sorted_by_any_measure_page_by_page(api: Api, sweep: Json, name: str, sign: str) -> None:
    found = ids(api, sweep=sweep["id"], sort=sign + name)
    assert sorted(found) == sorted(run["id"] for run in sweep["runs"])
    values = {run["id"]: run["progress"][name] for run in sweep["runs"]}
    order = [values[run] for run in found]
    known = [value for value in order if value is not None]
    assert known == sorted(known, reverse=bool(sign))


def test_runs_without_a_measure_come_last_and_a_cursor_belongs_to_its_order(api: Api, sweep: Json) -> None:
    waiting = api.start(link=XOR, epochs=10_000_000, name="sorted")
    api.http.post(f"/runs/{waiting}/cancel")
    validated = api.ended(api.start(link=f"{XOR}&percValidationData=20", epochs=1, name="sorted"))["id"]
    for sort in ("validation_loss", "-validation_loss"):
        assert ids(api, name="sorted", sort=sort)[0] == validated
    assert ids(api, sweep=sweep["id"], sort="created") == ids(api, sweep=sweep["id"])[::-1]
    page = api.json("/runs", sweep=sweep["id"], sort="test_loss", limit=1)
    problem(api.get("/runs", params={"sort": "-test_loss", "cursor": page["next"]}), 422)
    problem(api.get("/runs", params={"cursor": page["next"]}), 422)
    problem(api.get("/runs", params={"cursor": "after-AAAA", "sort": "test_loss"}), 422)
    problem(api.get("/sweeps", params={"cursor": page["next"]}), 422)


@pytest.mark.parametrize("query", [{"where": "colour=red"}, {"where": "noise"}, {"where": "noise=x"}, {"sort": "name"}])
def test_what_cannot_be_wanted_is_refused(api: Api, query: Json) -> None:
    problem(api.get("/runs", params=query), 422)


def test_results_have_the_names_and_tags_of_runs_behind_all_else(api: Api, sweep: Json) -> None:
    api.http.patch(f"/runs/{sweep['runs'][0]['id']}", json={"name": "First", "tags": ["a", "b"]})
    lines = api.get(f"/sweeps/{sweep['id']}/results", params={"format": "csv"}).text.splitlines()
    assert lines[0].endswith(",rank,name,tags")
    assert lines[1].endswith(',First,"a,b"')


def test_the_client_names_finds_and_sorts(api: Api) -> None:
    with PlaygroundClient(str(api.http.base_url).removesuffix("/api/v1/")) as client:
        runs = [
            client.train(XOR, epochs=epochs, name=f"client {epochs}", tags=["client"], note="n") for epochs in (2, 1, 3)
        ]
        assert [run.view.name for run in client.runs(tags=["client"], sort="epoch")] == [
            "client 1",
            "client 2",
            "client 3",
        ]
        assert runs[0].edit(tags=[], name="other").view.tags == []
        assert len(client.runs(tags=["client"], where={"networkShape": [3], "xSquared": False, "loss": None})) == 2
        made = client.sweep(XOR, grid={"noise": [0, 1]}, epochs=1, name="of the client", tags=["client"])
        assert [one.id for one in client.sweeps(tags=["client"])] == [made.id]
        assert made.edit(note="new").view.note == "new"


def test_the_command_line_names_finds_and_sorts(tmp_path: Path) -> None:
    playground = Command(tmp_path)
    named = ("--name", "Noise", "--tag", "a", "--tag", "b", "--note", "About noise.")
    ran = playground("sweep", XOR, "--grid", "noise=0,50", "--epochs", "3", *named)
    assert "(Noise #a #b): 2 succeeded" in ran.stdout
    (sweep,) = json_of(playground("sweeps", "list", "--tag", "b", "--name", "noi", "--json"))
    assert "noise" in playground("sweeps", "list").stdout.lower()
    runs = json_of(playground("runs", "list", "--sort", "-test_loss", "--json"))
    losses = [run["progress"]["test_loss"] for run in runs]
    assert losses == sorted(losses, reverse=True)
    told = json_of(playground("runs", "edit", runs[0]["id"], "--name", "Worst", "--tag", "bad", "--json"))
    assert (told["name"], told["tags"]) == ("Worst", ["bad"])
    assert [run["id"] for run in json_of(playground("runs", "list", "--tag", "bad", "--json"))] == [runs[0]["id"]]
    assert json_of(playground("runs", "list", "--where", "noise=3", "--json")) == []
    edited = playground("sweeps", "edit", sweep["id"], "--untag", "a", "--note", "")
    assert "(Noise #b)" in edited.stdout
    assert_refused(playground("sweeps", "edit", sweep["id"], "--untag", "a"), "untag: expected one of its tags (b)")
    assert_refused(playground("runs", "edit", runs[0]["id"]), "edit: expected --name, --tag")
    assert_refused(playground("runs", "list", "--sort", "name"), "sort: expected")

"""Sweeps over HTTP: accepted whole, watched, told as a table, ended together."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pytest

from app.search.objective import TESTED
from engine import Trainer, format_state, parse_link
from tests.app.scripted import ENDLESS, XOR, Api, Json, engine_digest, problem, speaking
from tests.server import Serve, Server

RATES = [0.01, 0.1]
GRID = {"link": XOR, "epochs": 5, "grid": {"learningRate": RATES, "networkShape": [[2], []]}, "seeds": 2}
PLACES = [(rate, shape, seed) for rate in RATES for shape in ([2], []) for seed in ("0.5", "0.5-2")]


@pytest.fixture(scope="module")
def api(server: Server) -> Iterator[Api]:
    """The shared server's API."""
    with speaking(server) as api:
        yield api


@pytest.fixture(scope="module")
def narrow(serve: Serve) -> Iterator[Api]:
    """The API of a server that takes little."""
    with serve(workers=1, processes=1, max_runs=6, max_sweep=4) as server, speaking(server) as api:
        yield api


@pytest.fixture(scope="module")
def sweep(api: Api) -> Json:
    """A sweep that has ended."""
    return api.swept(api.sweep(**GRID))


def link(rate: float, shape: list[int], seed: str) -> str:
    return f"dataset=xor&learningRate={rate}&networkShape={','.join(map(str, shape))}&seed={seed}"


def test_a_sweep_is_accepted_with_its_address_and_all_its_runs_in_order(api: Api) -> None:
    answer = api.post("/sweeps", GRID)
    assert answer.status_code == 202
    told = answer.json()
    assert answer.headers["location"] == f"/api/v1/sweeps/{told['id']}"
    assert told["keys"] == ["learningRate", "networkShape"]
    assert [tuple(run["place"].values()) for run in told["runs"]] == PLACES
    assert told["status"] == "running"
    assert sum(told["counts"].values()) == 8
    api.swept(told["id"])


def test_every_run_of_a_sweep_comes_to_the_engines_bits(sweep: Json) -> None:
    assert (sweep["status"], sweep["counts"]) == ("ended", {"succeeded": 8})
    found = [run["progress"]["theta_sha256"] for run in sweep["runs"]]
    assert found == [engine_digest(link(*place), 5) for place in PLACES]


def test_the_results_are_a_table_in_the_order_of_the_places(api: Api, sweep: Json) -> None:
    table = api.json(f"/sweeps/{sweep['id']}/results")
    assert [(row["learningRate"], row["networkShape"], row["seed"]) for row in table] == PLACES
    for row, run in zip(table, sweep["runs"], strict=True):
        assert (row["id"], row["status"]) == (run["id"], "succeeded")
        for name in ("epoch", "updates", "train_loss", "test_loss", "train_score", "test_score", "seconds"):
            assert row[name] == run["progress"][name]
    answer = api.get(f"/sweeps/{sweep['id']}/results", params={"format": "csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(rows[0]) == list(table[0])
    assert rows[0]["networkShape"] == "2"
    assert [float(row["test_loss"]) for row in rows] == [row["test_loss"] for row in table]


def test_the_best_run_is_told_and_that_the_test_has_chosen_it(api: Api, sweep: Json) -> None:
    best = min(sweep["runs"], key=lambda run: float(run["progress"]["test_loss"]))
    assert (sweep["objective"], sweep["objective_note"], sweep["best"]) == ("test_loss", TESTED, best["id"])
    table = api.json(f"/sweeps/{sweep['id']}/results")
    assert [row["id"] for row in table if row["rank"] == 1] == [best["id"]]
    assert sorted(row["rank"] for row in table) == [*range(1, 9)]


def test_the_validation_chooses_where_there_is_one(api: Api) -> None:
    told = api.swept(api.sweep(**{**GRID, "link": f"{XOR}&percValidationData=20"}))
    best = min(told["runs"], key=lambda run: float(run["progress"]["validation_loss"]))
    assert (told["objective"], told["objective_note"], told["best"]) == ("validation_loss", None, best["id"])


def test_the_results_of_a_sweep_without_runs_have_their_columns(api: Api) -> None:
    told = api.swept(api.sweep(link=XOR, epochs=1, grid={"noise": [0, 10]}))
    for run in told["runs"]:
        assert api.http.delete(f"/runs/{run['id']}").status_code == 204
    answer = api.get(f"/sweeps/{told['id']}/results", params={"format": "csv"})
    assert (answer.status_code, answer.text.splitlines()[0][:20]) == (200, "noise,seed,id,status")
    assert api.json(f"/sweeps/{told['id']}/results") == []


def test_a_search_is_drawn_the_same_each_time(api: Api) -> None:
    keys = {"learningRate": {"low": 0.001, "high": 1, "log": True}, "activation": ["tanh", "relu"]}
    body = {"link": XOR, "epochs": 1, "random": {"samples": 5, "keys": keys}}
    first, second = (api.swept(api.sweep(**body)) for _ in range(2))
    assert [run["place"] for run in first["runs"]] == [run["place"] for run in second["runs"]]
    assert len({run["place"]["learningRate"] for run in first["runs"]}) == 5
    digests = [run["progress"]["theta_sha256"] for run in first["runs"]]
    assert digests == [run["progress"]["theta_sha256"] for run in second["runs"]]


def test_the_same_key_with_the_same_body_is_the_same_sweep(api: Api) -> None:
    headers, body = {"Idempotency-Key": "sweep-1"}, {"link": XOR, "epochs": 1, "seeds": 2}
    first, second = (api.post("/sweeps", body, headers=headers) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert problem(api.post("/sweeps", body | {"seeds": 3}, headers=headers), 422)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"grid": {"colour": [1]}}, "colour"),
        ({"grid": {"learningRate": [0.1, "fast"]}}, "learningRate"),
        ({"grid": {"networkShape": [[4, 0]]}}, "networkShape.1"),
        ({"grid": {"noise": []}}, "grid.noise"),
        ({"random": {"samples": 1, "keys": {"noise": {"low": 2, "high": 1}}}}, "random.keys.noise"),
        ({"seeds": 0}, "seeds"),
        ({"epochs": 1.5}, "epochs"),
    ],
)
def test_a_bad_sweep_is_refused_by_its_key(api: Api, body: Json, field: str) -> None:
    assert field in [error["field"] for error in api.refused("/sweeps", {"link": XOR} | body)["errors"]]


def test_a_sweep_does_not_begin_at_a_trained_state(api: Api) -> None:
    state = format_state(Trainer(parse_link(XOR).config))
    assert api.refused("/sweeps", {"link": f"{XOR}&state={state}"})["errors"][0]["field"] == "link"


def test_too_many_runs_are_refused_and_none_is_accepted(narrow: Api) -> None:
    told = narrow.refused("/sweeps", {"link": XOR, "seeds": 5})
    assert told["detail"] == "sweep: expected at most 4 runs, got more."
    first = narrow.sweep(**ENDLESS, seeds=4)
    answer = narrow.post("/sweeps", {"link": XOR, "seeds": 4})
    assert problem(answer, 429)["detail"] == "runs: expected at most 6 that have not ended, got 4 and 4 more."
    assert answer.headers["retry-after"]
    assert len(narrow.json("/sweeps")["sweeps"]) == 1
    narrow.post(f"/sweeps/{first}/cancel")


def test_sweeps_are_listed_in_pages_the_newest_first(narrow: Api) -> None:
    made = [narrow.sweep(link=XOR, epochs=1, seeds=1) for _ in range(3)]
    page = narrow.json("/sweeps", limit=2)
    assert [one["id"] for one in page["sweeps"]] == [made[2], made[1]]
    assert page["sweeps"][0]["page"] == f"/sweeps/{made[2]}"
    rest = narrow.json("/sweeps", limit=2, cursor=page["next"])
    assert rest["sweeps"][0]["id"] == made[0]
    assert rest["next"] is None
    problem(narrow.get("/sweeps?cursor=tea"), 422)


def test_a_sweep_that_has_not_changed_is_not_told_again(api: Api, sweep: Json) -> None:
    tag = api.get(f"/sweeps/{sweep['id']}").headers["etag"]
    answer = api.get(f"/sweeps/{sweep['id']}", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_a_sweeps_tag_changes_with_its_runs(api: Api) -> None:
    running = api.sweep(**ENDLESS, seeds=2)
    before = api.get(f"/sweeps/{running}").headers["etag"]
    api.post(f"/sweeps/{running}/cancel")
    assert api.get(f"/sweeps/{running}", headers={"If-None-Match": before}).status_code == 200


def test_a_cancelled_sweep_ends_all_its_runs_and_can_be_forgotten(api: Api) -> None:
    running = api.sweep(**ENDLESS, seeds=20)
    told = api.json(f"/sweeps/{running}")
    assert problem(api.http.delete(f"/sweeps/{running}"), 409)["detail"] == "The sweep has not ended: cancel it first."
    with api.watching(told["runs"][0]["id"]) as events:
        next(events)
        cancelled = api.post(f"/sweeps/{running}/cancel").json()
        assert [event.name for event in events][-1] == "end"  # who watches hears of it
    assert (cancelled["status"], cancelled["counts"]) == ("ended", {"cancelled": 20})
    assert {run["reason"] for run in cancelled["runs"]} == {"Its sweep was cancelled."}
    assert api.post(f"/sweeps/{running}/resume").json() == cancelled  # there is nothing to resume
    assert api.http.delete(f"/sweeps/{running}").status_code == 204
    problem(api.get(f"/sweeps/{running}"), 404)
    problem(api.get(f"/runs/{told['runs'][0]['id']}"), 404)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("GET", "/results"), ("POST", "/cancel"), ("POST", "/resume"), ("DELETE", "")]
)
def test_an_unknown_sweep_is_not_found(api: Api, method: str, path: str) -> None:
    answer = api.http.request(method, f"/sweeps/0123456789abcdef{path}")
    assert problem(answer, 404)["detail"] == "There is no sweep '0123456789abcdef'."
    problem(api.http.request(method, f"/sweeps/tea{path}"), 422)


def test_a_large_sweep_is_accepted_and_told_within_a_moment(api: Api) -> None:
    values = [number / 1_000 for number in range(1, 101)]
    answer = api.post("/sweeps", {**ENDLESS, "grid": {"learningRate": values}, "seeds": 10})
    assert answer.status_code == 202
    assert len(json.loads(answer.text)["runs"]) == 1_000
    assert answer.elapsed.total_seconds() < 5
    assert api.get(f"/sweeps/{answer.json()['id']}").elapsed.total_seconds() < 2
    assert api.post(f"/sweeps/{answer.json()['id']}/cancel").json()["counts"] == {"cancelled": 1_000}
    assert api.http.delete(f"/sweeps/{answer.json()['id']}").status_code == 204

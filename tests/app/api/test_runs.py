"""Scripted runs over HTTP: accepted, recorded and listed."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterator

import pytest

from app.explain.notes import notes_on
from app.explain.reasons import stopped
from engine import Config, Trainer, format_state, parse_link
from engine.state import digest
from tests.app.scripted import ENDLESS, XOR, Api, engine_digest, problem, speaking
from tests.server import Serve, Server


@pytest.fixture
def api(server: Server) -> Iterator[Api]:
    """The shared server's API."""
    with speaking(server) as api:
        yield api


@pytest.fixture(scope="module")
def narrow(serve: Serve) -> Iterator[Api]:
    """The API of a server that takes little."""
    with serve(workers=1, processes=1, max_runs=2, body_bytes=2_000) as server, speaking(server) as api:
        yield api


# --- accepting --------------------------------------------------------------------------------------------------------


def test_a_run_is_accepted_with_its_address_and_comes_to_the_engines_bits(api: Api) -> None:
    answer = api.post("/runs", {"link": XOR, "epochs": 30})
    assert answer.status_code == 202
    run = answer.json()
    assert answer.headers["location"] == f"/api/v1/runs/{run['id']}"
    assert run["status"] in ("queued", "running")
    ended = api.ended(run["id"])
    assert (ended["status"], ended["reason"]) == ("succeeded", "All epochs are trained.")
    assert ended["progress"]["epoch"] == 30
    assert ended["progress"]["theta_sha256"] == engine_digest(XOR, 30)
    assert ended["created"] <= ended["started"] <= ended["finished"]


def test_a_configuration_is_as_good_as_a_link(api: Api) -> None:
    config = parse_link(XOR).config
    ended = api.trained(config=config.model_dump(mode="json", exclude_defaults=True), epochs=7)
    assert Config.model_validate_json(json.dumps(ended["config"])) == config
    assert ended["progress"]["theta_sha256"] == engine_digest(XOR, 7)


def test_a_trained_link_is_gone_on_with(api: Api) -> None:
    trainer = Trainer(parse_link(XOR).config)
    trainer.train(10)
    ended = api.trained(link=f"{XOR}&state={format_state(trainer)}", epochs=30)
    assert ended["progress"]["theta_sha256"] == engine_digest(XOR, 30)
    assert api.epochs(ended["id"]) == list(range(10, 31))


def test_the_same_key_with_the_same_body_is_the_same_run(api: Api) -> None:
    headers, body = {"Idempotency-Key": "tea-1"}, {"link": XOR, "epochs": 3}
    first, second = (api.post("/runs", body, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.headers["location"] == second.headers["location"]
    refusal = problem(api.post("/runs", body | {"epochs": 4}, headers=headers), 422)
    assert refusal["detail"] == "Idempotency-Key: expected a new key for another body, got 'tea-1'."
    assert problem(api.post("/sweeps", body, headers=headers), 422)


def test_requests_at_once_with_the_same_key_are_one_run(api: Api, server: Server) -> None:
    found, together = [], threading.Barrier(4)

    def ask() -> None:
        with speaking(server) as own:
            together.wait()
            found.append(own.post("/runs", {"link": XOR, "epochs": 2}, headers={"Idempotency-Key": "tea-2"}))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer.json()["id"] for answer in found}) == 1


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"link": XOR, "epochs": 0}, "epochs: expected at least 1, got 0."),
        ({"link": XOR, "config": {}}, "body: expected either config or link, got {"),
        ({"config": {"noise": 101}}, "config.noise: expected at most 100, got 101."),
        ({"config": {"networkShape": [4, 0]}}, "config.networkShape.1: expected at least 1, got 0."),
        ({"config": {"colour": 1}}, "config.colour: expected the name of a field, got 'colour'."),
        ({"link": XOR, "stop": {"seconds": 0}}, "stop.seconds: expected more than 0, got 0."),
        ({"link": XOR, "record": {"snapshots": 1}, "epochs": 101}, "record.snapshots: expected at least 2 for 101"),
        ({"link": f"{XOR}&state=AAAA"}, "state: expected a saved state, got 'AAAA'."),
        ([], "body: expected an object, got []."),
    ],
)
def test_a_bad_run_is_refused_by_its_field(api: Api, body: object, detail: str) -> None:
    refusal = api.refused("/runs", body)
    assert refusal["detail"].startswith(detail)
    error = refusal["errors"][0]
    assert refusal["detail"].startswith(f"{error['field']}: expected {error['expected']}, got {error['got']}.")


@pytest.mark.parametrize("key", ["", "two words", "x" * 256])
def test_a_bad_key_is_refused(api: Api, key: str) -> None:
    answer = api.post("/runs", {"link": XOR, "epochs": 1}, headers={"Idempotency-Key": key})
    assert "Idempotency-Key" in problem(answer, 422)["detail"]


def test_a_server_that_is_full_says_when_to_try_again_and_still_knows_its_keys(narrow: Api) -> None:
    headers = {"Idempotency-Key": "tea"}
    runs = [narrow.start(**ENDLESS), narrow.post("/runs", ENDLESS, headers=headers).json()["id"]]
    answer = narrow.post("/runs", ENDLESS)
    assert problem(answer, 429)["detail"] == "runs: expected at most 2 that have not ended, got 2 and 1 more."
    assert int(answer.headers["retry-after"]) > 0
    assert narrow.post("/runs", ENDLESS, headers=headers).json()["id"] == runs[1]
    for run in runs:
        narrow.post(f"/runs/{run}/cancel")
    assert narrow.trained(link=XOR, epochs=1)["status"] == "succeeded"


def test_a_body_that_is_too_large_is_refused(narrow: Api) -> None:
    body = json.dumps({"link": "x" * 3_000}).encode()
    headers = {"Content-Type": "application/json"}
    told = problem(narrow.http.post("/runs", content=body, headers=headers), 413)
    assert told["detail"] == "body: expected at most 2,000 bytes, got more."
    problem(narrow.http.post("/runs", content=iter([body]), headers=headers), 413)  # without a Content-Length


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/runs", "GET, HEAD, POST"),
        ("PUT", "/runs/0123456789abcdef", "DELETE, GET, HEAD, PATCH"),
        ("GET", "/runs/a/cancel", "POST"),
    ],
)
def test_a_method_that_an_address_does_not_know_is_refused_with_those_it_does(
    api: Api, method: str, path: str, allowed: str
) -> None:
    answer = api.http.request(method, path)
    problem(answer, 405)
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    "path", ["", "/history", "/events", "/page", "/model", "/boundary.png", "/loss.png", "/points.csv"]
)
def test_an_unknown_run_is_not_found(api: Api, path: str) -> None:
    assert problem(api.get(f"/runs/0123456789abcdef{path}"), 404)["detail"] == "There is no run '0123456789abcdef'."
    assert problem(api.get(f"/runs/tea{path}"), 422)["errors"][0]["field"] == "id"


# --- stopping and recording -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["train_loss", "test_loss"])
def test_a_run_ends_when_its_loss_is_low_enough(api: Api, name: str) -> None:
    ended = api.trained(link=XOR, epochs=5_000, stop={name: 0.4}, record={"losses": 1})
    assert ended["reason"] == f"The {name.replace('_', ' ')} is under 0.4."
    *before, last = api.json(f"/runs/{ended['id']}/history")["history"]
    assert last["epoch"] == ended["progress"]["epoch"]
    assert last[name] < 0.4 <= min(entry[name] for entry in before)
    assert ended["progress"]["theta_sha256"] == engine_digest(XOR, last["epoch"])


def test_a_run_ends_when_its_time_is_over(api: Api) -> None:
    ended = api.trained(**ENDLESS, stop={"seconds": 0.1})
    assert (ended["status"], ended["reason"]) == ("succeeded", "0.1 seconds of training are over.")
    assert ended["progress"]["seconds"] >= 0.1


def test_a_run_whose_loss_grows_without_bound_fails_with_a_sentence(api: Api) -> None:
    ended = api.trained(link="problem=regression&networkShape=&learningRate=1e+150", epochs=9)
    assert ended["status"] == "failed"
    assert "the learning rate 1e+150 is too high" in ended["reason"]


def test_losses_and_states_are_kept_every_so_many_epochs(api: Api) -> None:
    ended = api.trained(link=XOR, epochs=20, record={"losses": 6, "snapshots": 8})
    assert api.epochs(ended["id"]) == [0, 6, 12, 18, 20]
    assert ended["snapshots"] == [0, 8, 16, 20]


def test_the_history_is_told_as_json_and_csv_in_parts(api: Api) -> None:
    link = f"{XOR}&percValidationData=20"
    run = api.trained(link=link, epochs=20)["id"]
    history = api.json(f"/runs/{run}/history", after=5, limit=3)["history"]
    assert [entry["epoch"] for entry in history] == [6, 7, 8]
    trainer = Trainer(parse_link(link).config)
    trainer.train(6)
    assert history[0] == {"epoch": 6, "updates": trainer.updates, **trainer.measure()._asdict()}
    answer = api.get(f"/runs/{run}/history", params={"format": "csv", "after": 5, "limit": 3})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [{name: json.loads(cell) for name, cell in row.items()} for row in rows] == history


def test_without_validation_points_nothing_is_told_of_a_validation(api: Api) -> None:
    ended = api.trained(link=XOR, epochs=2)
    told = [ended["progress"], *api.json(f"/runs/{ended['id']}/history")["history"]]
    assert all(entry["validation_loss"] is entry["validation_score"] is None for entry in told)
    rows = list(csv.DictReader(io.StringIO(api.get(f"/runs/{ended['id']}/history?format=csv").text)))
    assert [row["validation_loss"] for row in rows] == [""] * 3
    assert api.events(ended["id"])[0].data["validation_loss"] is None


# --- where it ends ----------------------------------------------------------------------------------------------------

PATIENT = "networkShape=2&noise=50&percTrainData=10&percValidationData=20&learningRate=0.3&patience=5&seed=0.5"


def test_a_run_whose_patience_is_at_an_end_has_succeeded_and_says_where_it_was_best(api: Api) -> None:
    ended = api.trained(link=PATIENT, epochs=500)
    trainer = Trainer(parse_link(PATIENT).config)
    while not trainer.stopped:
        trainer.train()
    assert (ended["status"], ended["progress"]["epoch"]) == ("succeeded", trainer.epoch)
    assert ended["reason"] == stopped(trainer.config, trainer.stopped)
    assert ended["progress"]["theta_sha256"] == digest(trainer)
    assert ended["notes"] == []


def test_a_run_ends_by_its_validation_loss_where_it_has_one(api: Api) -> None:
    ended = api.trained(link=f"{XOR}&percValidationData=20", epochs=2_000, stop={"validation_loss": 0.2})
    assert (ended["status"], ended["reason"]) == ("succeeded", "The validation loss is under 0.2.")
    assert ended["progress"]["validation_loss"] < 0.2
    refused = api.refused("/runs", {"link": XOR, "stop": {"validation_loss": 0.2}})
    (error,) = refused["errors"]
    assert error["field"] == "stop.validation_loss"
    assert error["expected"] == "a configuration with points that validate (percValidationData)"


def test_what_may_surprise_is_noted_when_a_run_is_accepted(api: Api) -> None:
    answer = api.post("/runs", {"config": {"patience": 5, "outputActivation": "step"}, "epochs": 1}).json()
    assert answer["notes"] == notes_on(Config(patience=5, outputActivation="step"))
    assert len(answer["notes"]) == 2


# --- lists ------------------------------------------------------------------------------------------------------------


def test_runs_are_listed_in_pages_the_newest_first(narrow: Api) -> None:
    made = [narrow.trained(link=XOR, epochs=1)["id"] for _ in range(5)]
    found, cursor = [], None
    while True:
        page = narrow.json("/runs", limit=2, **({"cursor": cursor} if cursor else {}))
        assert len(page["runs"]) <= 2
        found += [run["id"] for run in page["runs"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found[:5] == made[::-1]
    assert len(found) == len(set(found))


def test_a_page_goes_on_where_the_one_before_ended_whatever_comes_meanwhile(api: Api) -> None:
    older, newer = (api.trained(link=XOR, epochs=1)["id"] for _ in range(2))
    first = api.json("/runs", limit=1)
    assert first["runs"][0]["id"] == newer
    api.trained(link=XOR, epochs=1)
    assert api.json("/runs", limit=1, cursor=first["next"])["runs"][0]["id"] == older


def test_runs_are_listed_by_their_state_and_their_sweep(api: Api) -> None:
    run = api.start(**ENDLESS)
    api.post(f"/runs/{run}/cancel")
    assert run in [one["id"] for one in api.json("/runs", status="cancelled")["runs"]]
    assert run not in [one["id"] for one in api.json("/runs", status="succeeded")["runs"]]
    sweep = api.swept(api.sweep(link=XOR, epochs=1, seeds=2))
    listed = api.json("/runs", sweep=sweep["id"])["runs"]
    assert [one["id"] for one in listed] == [one["id"] for one in sweep["runs"]][::-1]
    assert {one["sweep"] for one in listed} == {sweep["id"]}


@pytest.mark.parametrize("query", ["cursor=tea", "cursor=before--1", "limit=0", "limit=101", "status=happy"])
def test_a_bad_page_is_refused(api: Api, query: str) -> None:
    refusal = problem(api.get(f"/runs?{query}"), 422)
    assert refusal["errors"][0]["field"] == query.partition("=")[0]


def test_what_has_not_changed_is_not_told_again(api: Api) -> None:
    run = api.trained(link=XOR, epochs=1)["id"]
    tag = api.get(f"/runs/{run}").headers["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = api.get(f"/runs/{run}", headers={"If-None-Match": given})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert api.get(f"/runs/{run}", headers={"If-None-Match": '"other"'}).status_code == 200

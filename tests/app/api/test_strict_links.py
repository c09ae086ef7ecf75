"""Scripts refuse what a link does not mean; where they are not to, what was said of it stays with the run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.client import PlaygroundClient, PlaygroundError
from engine import Config, Trainer, format_state
from tests.app.command import Command
from tests.app.scripted import XOR, Api, speaking
from tests.server import Server

MISTYPED = "dataset=spirl&seed=0.5"
MEANT = "got 'spirl' (did you mean 'spiral'?)"
TAKEN = f"{MEANT}. The default was taken."
HIDDEN = f"{XOR}&xTimesY=true&xTimesY_hide=true"
WITHOUT = "xTimesY is hidden: the original takes what a link hides out of its inputs, and so it is no input here."
BATCH = f"{XOR}&batchSize=400"


@pytest.fixture
def api(server: Server) -> Iterator[Api]:
    """The shared server's API."""
    with speaking(server) as api:
        yield api


@pytest.fixture
def playground(tmp_path: Path) -> Command:
    """Runs the command in an empty folder."""
    return Command(tmp_path)


# --- over HTTP --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/runs", "/sweeps"])
def test_a_mistyped_link_is_refused_with_the_nearest_name(api: Api, path: str) -> None:
    document = api.refused(path, {"link": MISTYPED, "epochs": 1})
    (error,) = document["errors"]
    assert (error["field"], error["got"]) == ("link.dataset", "'spirl' (did you mean 'spiral'?)")
    (error,) = api.refused(path, {"link": "datset=xor"})["errors"]
    assert (error["field"], error["got"]) == ("link", "'datset' (did you mean 'dataset'?)")


@pytest.mark.parametrize("link", ["", "#", "https://playground.tensorflow.org/"])
def test_a_link_that_says_nothing_is_refused(api: Api, link: str) -> None:
    document = api.refused("/runs", {"link": link, "epochs": 1})
    assert "seed=0.5 for the run at all defaults" in document["detail"]
    assert api.trained(config={}, epochs=1)["config"]["dataset"] == "circle"


def test_the_notes_of_a_lenient_run_stay_with_it(api: Api) -> None:
    body = {"link": MISTYPED, "strict": False, "epochs": 1}
    first = api.post("/runs", body, headers={"Idempotency-Key": "lenient-1"}).json()
    again = api.post("/runs", body, headers={"Idempotency-Key": "lenient-1"}).json()
    (note,) = first["notes"]
    assert note.endswith(TAKEN)
    assert again["notes"] == api.ended(first["id"])["notes"] == api.run(first["id"])["notes"] == [note]
    listed = {run["id"]: run["notes"] for run in api.json("/runs")["runs"]}
    assert listed[first["id"]] == [note]


def test_what_keeps_its_meaning_is_a_note_of_a_strict_run(api: Api) -> None:
    run = api.trained(link=HIDDEN, epochs=1)
    assert (run["notes"], run["config"]["xTimesY"]) == ([WITHOUT], False)


def test_what_may_surprise_stays_a_note_too(api: Api) -> None:
    for run in (api.trained(link=BATCH, epochs=1), api.trained(config={"batchSize": 400}, epochs=1)):
        (note,) = api.run(run["id"])["notes"]
        assert note.startswith("The batch of 400 is larger")


def test_the_notes_of_a_lenient_sweep_stay_with_it_and_stand_on_its_page(api: Api) -> None:
    sweep = api.sweep(link=MISTYPED, strict=False, grid={"batchSize": [10, 400]}, epochs=1)
    notes = api.swept(sweep)["notes"]
    assert [note.endswith(TAKEN) for note in notes] == [True, False]
    page = api.http.get(f"/../../sweeps/{sweep}").text
    assert page.count("<li>") == 2
    assert "The default was taken." in page


def test_a_network_from_a_file_takes_its_link_strictly(api: Api) -> None:
    content = api.get(f"/runs/{api.trained(link=XOR, epochs=1)['id']}/model").content
    refused = api.http.post("/models", params={"link": MISTYPED}, content=content)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "link.dataset")
    assert api.http.post("/models", params={"link": MISTYPED, "strict": False}, content=content).status_code == 200


# --- from Python ------------------------------------------------------------------------------------------------------


def test_the_client_refuses_a_mistyped_link_in_a_sentence(api: Api) -> None:
    with PlaygroundClient(str(api.http.base_url).removesuffix("/api/v1/")) as client:
        for ask in (client.train, client.sweep, client.restarts):
            with pytest.raises(PlaygroundError, match="did you mean 'spiral'"):
                ask("dataset=spirl", epochs=1)
        run = client.train("dataset=spirl", epochs=1, strict=False)
        assert [note.endswith(TAKEN) for note in run.notes] == [True]
        assert client.run(run.id).notes == run.notes
        sweep = client.sweep("dataset=spirl", epochs=1, strict=False).wait()
        assert [note.endswith(TAKEN) for note in sweep.notes] == [True]


# --- from the shell ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["train"], ["restarts", "--n", "2"], ["sweep"], ["export"]])
def test_a_command_refuses_a_mistyped_link(playground: Command, command: list[str]) -> None:
    ran = playground(*command, "dataset=spirl", "--epochs", "1")
    assert ran.returncode == 2
    assert MEANT in ran.stderr
    assert ran.stdout == ""


def test_a_command_refuses_an_empty_link(playground: Command) -> None:
    ran = playground("train", "", "--epochs", "1")
    assert ran.returncode == 2
    assert "seed=0.5 for the run at all defaults" in ran.stderr
    assert json.loads(playground("train", "{}", "--epochs", "1", "--json").stdout)["notes"] == []


@pytest.mark.parametrize("command", [["train"], ["restarts", "--n", "2"], ["export", "-o", "model.json"]])
def test_a_lenient_command_says_its_notes_and_has_them_in_its_json(playground: Command, command: list[str]) -> None:
    ran = playground(*command, "dataset=spirl", "--epochs", "1", "--lenient", "--json")
    assert ran.returncode == 0, ran.stderr
    (note,) = json.loads(ran.stdout)["notes"]
    assert note.endswith(TAKEN)
    assert f"note: {note}" in ran.stderr


def test_a_lenient_sweep_keeps_its_notes(playground: Command) -> None:
    ran = playground("sweep", "dataset=spirl", "--epochs", "1", "--lenient", "--json")
    sweep = json.loads(ran.stdout)["sweep"]
    assert [note.endswith(TAKEN) for note in sweep["notes"]] == [True]
    assert ran.stderr.count("The default was taken.") == 1
    shown = playground("sweeps", "show", sweep["id"])
    assert MEANT in shown.stderr


def test_a_trained_link_is_taken_strictly(playground: Command) -> None:
    state = format_state(Trainer(Config()))
    assert playground("train", f"seed=0.5&state={state}", "--epochs", "1").returncode == 0
    assert playground("train", f"sed=0.5&state={state}", "--epochs", "1").returncode == 2


def test_the_runs_of_a_lenient_sweep_repeat_its_notes_also_those_that_come_later(api: Api) -> None:
    sweep = api.sweep(link=MISTYPED, strict=False, grid={"learningRate": [0.1]}, epochs=1)
    api.swept(sweep)
    assert api.post(f"/sweeps/{sweep}/samples", {"seeds": 1}).status_code == 202
    runs = api.swept(sweep)["runs"]
    assert [[note.endswith(TAKEN) for note in api.run(run["id"])["notes"]] for run in runs] == [[True], [True]]


def test_notes_are_kept_beside_those_of_the_link(api: Api) -> None:
    run = api.trained(link=HIDDEN, notes=["From a file."], epochs=1)
    assert run["notes"] == [WITHOUT, "From a file."]
    assert api.trained(config={}, notes=["From a file."], epochs=1)["notes"] == ["From a file."]


def test_a_command_at_a_playground_keeps_its_notes_whatever_else_it_is_given(
    api: Api, server: Server, playground: Command, tmp_path: Path
) -> None:
    (tmp_path / "points.csv").write_text("-4,5,u\n4,-5,v\n" * 20)
    given = ("--set", "batchSize=5", "--points", "points.csv", "--epochs", "1", "--lenient", "--json")
    labels = ("--name", "Mine", "--tag", "paper", "--note", "As in the lecture.")
    ran = playground("train", "dataset=spirl&noise=10", *given, *labels, "--server", server.address)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)["notes"]
    run = next(run for run in api.json("/runs?tag=paper")["runs"] if run["name"] == "Mine")
    assert (run["tags"], run["note"], run["notes"]) == (["paper"], "As in the lecture.", told)
    assert told[0].endswith(TAKEN)
    assert told[-1].startswith("noise was set to 0")


@pytest.mark.parametrize("option", ["--name", "--tag", "--note"])
def test_a_run_that_nobody_keeps_has_no_name(playground: Command, option: str) -> None:
    ran = playground("train", XOR, "--epochs", "1", option, "mine")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "expected a playground that keeps the run (--server)" in ran.stderr

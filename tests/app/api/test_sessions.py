"""One run, two hands: a page's live run read and steered by a script over HTTP."""

from __future__ import annotations

import os
import signal
from typing import Any

import httpx
import pytest

from app.wire.tokens import public_id
from engine import Config, Trainer
from engine.state import digest
from tests.app.pages import Page
from tests.server import Server

LINK = "dataset=xor&networkShape=3,2&seed=0.123"
Json = dict[str, Any]


class Script:
    """A script that has got a session's id and token from the page's share dialog."""

    def __init__(self, server: Server, hello: Json) -> None:
        self.url, self.token = f"{server.address}/api/v1/sessions/{hello['id']}", hello["session"]

    def ask(self, method: str, token: str | None = None, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return httpx.request(method, self.url, headers=headers, timeout=20, **options)

    def steer(self, **asked: Any) -> Json:
        answer = self.ask("PATCH", json=asked)
        assert answer.status_code == 200, answer.text
        told: Json = answer.json()
        return told

    def refused(self, **asked: Any) -> tuple[int, str]:
        answer = self.ask("PATCH", json=asked)
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code, answer.json()["detail"]


@pytest.fixture
def script(page: Page, server: Server) -> Script:
    return Script(server, page.greet(LINK))


def test_a_script_reads_where_the_run_is(script: Script, page: Page) -> None:
    page.stepped(3)
    told = script.ask("GET").json()
    assert (told["epoch"], told["updates"], told["playing"], told["connected"]) == (3, 75, False, True)
    assert told["link"] == "dataset=xor&networkShape=3,2&seed=0.123"
    assert 0 < told["test_loss"] < 1
    assert 0 <= told["test_score"] <= 1


def test_a_change_is_told_to_the_page_and_can_be_undone_there(script: Script, page: Page) -> None:
    told = script.steer(config={"learningRate": 0.3})
    heard = page.answer("steered")
    assert told["config"]["learningRate"] == heard["config"]["learningRate"] == 0.3
    assert heard["message"] == "A script changed this run."
    assert page.ask("undo")["config"]["learningRate"] == 0.03


KEYS: Json = {
    "problem": "multiclass",
    "classDataset": "arms",
    "classes": 5,
    "loss": "hinge",
    "activations": ["relu", "sine"],
    "optimizer": "adam",
    "momentum": 0.8,
    "schedule": "cosine",
    "decayEpochs": 50,
    "initializer": "he",
    "weightSeed": "b",
    "normalize": True,
    "percValidationData": 20,
    "patience": 500,
    "minDelta": 0.001,
    "restoreBest": True,
    "reshuffle": True,
    "dropout": 0.1,
    "clipNorm": 1,
    "regularizationMode": "loss",
}


def test_a_script_sets_any_key_and_is_told_the_validation(script: Script, page: Page) -> None:
    before = script.ask("GET").json()
    assert (before["validation_loss"], before["validation_score"], before["reason"]) == (None, None, None)
    told = script.steer(config=KEYS)
    assert {key: told["config"][key] for key in KEYS} == KEYS
    heard = page.answer("steered")
    assert (heard["layout"]["shape"], len(heard["data"]["validation"])) == ([2, 3, 2, 5], 100)
    script.steer(step=3)
    page.frame(lambda frame: frame.epoch == 3 and not frame.playing)
    told = script.ask("GET").json()
    trainer = Trainer(Config.model_validate(told["config"]))
    trainer.train(3)
    assert told["theta_sha256"] == digest(trainer)
    assert told["validation_loss"] == trainer.measure().validation_loss
    assert script.steer(config={"loss": None})["config"]["loss"] is None


def test_a_script_learns_why_a_run_has_stopped_by_itself(script: Script, page: Page) -> None:
    patient = {"networkShape": [2], "noise": 50, "percTrainData": 10, "percValidationData": 20, "learningRate": 0.3}
    script.steer(config={"dataset": "circle", **patient, "patience": 5, "seed": "0.5"}, playing=True, speed="max")
    message = page.answer("stopped")["message"]
    told = script.ask("GET").json()
    assert (told["reason"], told["playing"]) == (message, False)
    script.steer(step=1)
    page.frame(lambda frame: frame.epoch > told["epoch"])
    assert script.ask("GET").json()["reason"] is None


def test_a_change_of_the_data_brings_the_page_the_new_points(script: Script, page: Page) -> None:
    script.steer(link="dataset=spiral&seed=1")
    heard = page.answer("steered")
    assert (heard["restarted"], heard["config"]["dataset"]) == ("data", "spiral")
    assert len(heard["data"]["train"]) == 250


def test_the_page_sees_the_epochs_that_a_script_steps(script: Script, page: Page) -> None:
    script.steer(step=4)
    assert page.frame(lambda frame: frame.epoch == 4 and not frame.playing).epoch == 4
    assert script.ask("GET").json()["epoch"] == 4
    script.steer(reset=True)
    assert page.frame(lambda frame: frame.epoch == 0).epoch == 0


def test_a_script_plays_and_pauses(script: Script, page: Page) -> None:
    assert script.steer(playing=True, speed="20")["playing"] is True
    page.frame(lambda frame: frame.epoch > 40)
    told = script.steer(playing=False)
    assert (told["playing"], told["speed"]) == (False, "20")


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        ({"config": {"learningRate": -1}}, 422, "learningRate: expected at least 0, got -1."),
        ({"config": {"colour": 1}}, 422, "colour: expected the name of a field, got 'colour'."),
        (
            {"config": {"loss": "huber"}},
            422,
            "loss: expected one of squared, crossEntropy, hinge, perceptron for the problem classification, "
            "got 'huber'.",
        ),
        ({"speed": "warp"}, 422, "speed: expected '1', '2', '5', '20', '100' or 'max', got 'warp'."),
        ({"step": 0}, 422, "step: expected at least 1, got 0."),
        ({"playing": "yes"}, 422, "playing: expected true or false, got 'yes'."),
        ({"fly": True}, 422, "fly: expected the name of a field, got 'fly'."),
    ],
)
def test_what_cannot_be_is_refused_by_its_field_and_changes_nothing(
    script: Script, asked: Json, status: int, sentence: str
) -> None:
    before = script.ask("GET").json()
    assert script.refused(**asked) == (status, sentence)
    assert script.ask("GET").json() == before


def test_a_bad_field_keeps_what_follows_it_from_being_done(script: Script) -> None:
    assert script.refused(config={"noise": 101}, playing=True)[0] == 422
    assert script.ask("GET").json()["playing"] is False


def test_nobody_steers_without_the_token(script: Script, page: Page) -> None:
    for answer in (script.ask("PATCH", token="guess", json={"playing": True}), httpx.get(script.url)):
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert script.token not in answer.text
    assert script.ask("GET").json()["playing"] is False


def test_a_session_that_is_none_is_not_found(server: Server) -> None:
    script = Script(server, {"id": public_id("none"), "session": "none"})
    assert script.ask("GET").status_code == 404


def test_a_run_is_steered_while_its_page_is_gone_and_the_page_comes_back_to_it(script: Script, page: Page) -> None:
    page.drop()
    while script.ask("GET").json()["connected"]:
        pass
    assert script.steer(config={"learningRate": 1})["connected"] is False


def test_a_change_survives_the_death_of_the_worker(script: Script, page: Page, server: Server) -> None:
    script.steer(config={"learningRate": 0.3})
    for worker in server.workers:
        os.kill(worker, signal.SIGKILL)
    assert page.answer("recovered")["config"]["learningRate"] == 0.3

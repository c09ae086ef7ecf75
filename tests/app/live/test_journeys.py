"""Over real websockets: changes taken back, runs saved and opened again, a person's own points, a point followed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from app.wire.frames import Frame
from engine import Config, Trainer, format_link, parse_link
from engine.data.datasets import Point
from engine.data.points import encode
from engine.tables.features import FEATURES
from tests.app.conftest import OpenPage
from tests.app.pages import Page
from tests.app.screen import bits
from tests.server import Server

LINK = (
    "dataset=xor&networkShape=3,2&learningRate=0.1&batchSize=7&regularization=L1&regularizationRate=0.1&seed=0.123"
    "&optimizer=adam&percValidationData=20&patience=500"
)
UPDATES = 35  # of an epoch of LINK
POINTS = [Point(1, 2, 1), Point(-3, 0.5, -1), Point(2, -2, 1), Point(0, 0, -1), Point(4, 4, 1)]


def at(link: str, updates: int) -> Trainer:
    trainer = Trainer(parse_link(link).config)
    trainer.step(updates)
    return trainer


def amid_an_epoch(page: Page) -> Frame:
    """A run, one epoch and ten updates old."""
    page.greet(LINK)
    page.stepped(1)
    page.ask("step", unit="update", count=10)
    return page.frame(lambda frame: frame.updates == UPDATES + 10)


def shown(page: Page, run: int) -> Frame:
    """The first frame of a run, by its number."""
    return page.frame(lambda frame: frame.run == run)


# --- saved ------------------------------------------------------------------------------------------------------------


def test_a_link_to_a_trained_network_opens_it_at_its_very_bits(server: Server, page: Page, open_page: OpenPage) -> None:
    frame = amid_an_epoch(page)
    link = page.ask("save")["saved"]["link"]
    other = open_page(server)
    hello = other.greet("#" + link)
    assert (hello["epoch"], hello["updates"], hello["notes"]) == (1, UPDATES + 10, [])
    assert hello["link"] == format_link(parse_link(LINK).config)  # of the configuration alone
    first = other.frame()
    assert first.theta.tobytes() == frame.theta.tobytes()
    assert first.measures == frame.measures
    assert other.stepped(3).theta.tobytes() == page.stepped(3).theta.tobytes() == bits(at(LINK, 4 * UPDATES))


def test_a_link_whose_state_does_not_fit_starts_from_the_first_weights_and_says_so(page: Page) -> None:
    hello = page.greet(LINK + "&state=AAAA")
    (note,) = hello["notes"]
    assert note == "state: expected a saved state, got 'AAAA'. The network starts from its first weights."
    assert hello["epoch"] == 0
    assert page.frame().theta.tobytes() == bits(at(LINK, 0))


def test_a_page_goes_to_a_link_with_a_state(page: Page, server: Server, open_page: OpenPage) -> None:
    frame = amid_an_epoch(page)
    link = page.ask("save")["saved"]["link"]
    other = open_page(server)
    other.greet("dataset=spiral")
    answer = other.ask("configure", link=link)
    assert (answer["restarted"], answer["updates"], answer["undo"]["what"]) == ("data", UPDATES + 10, "data")
    assert shown(other, answer["run"]).theta.tobytes() == frame.theta.tobytes()


def test_a_file_opens_a_run_at_its_very_bits_with_its_losses(server: Server, page: Page, open_page: OpenPage) -> None:
    frame = amid_an_epoch(page)
    file = page.ask("save")["saved"]["file"]
    other = open_page(server)
    other.greet("dataset=spiral")
    other.ask("play")
    opened = other.ask("open", file=file)
    assert (opened["epoch"], opened["updates"], opened["playing"]) == (1, UPDATES + 10, False)
    assert opened["config"] == page.ask("pause")["config"]
    first = shown(other, opened["run"])
    assert first.theta.tobytes() == frame.theta.tobytes()
    assert first.history.tolist() == file["history"]
    assert other.ask("save")["saved"]["file"] == file
    assert other.stepped(3).theta.tobytes() == bits(at(LINK, 4 * UPDATES))


def test_the_largest_network_is_saved_as_a_file_alone_and_opened(page: Page) -> None:
    shape: dict[str, Any] = {"networkShape": (64,) * 10, **dict.fromkeys(FEATURES, True)}
    config = Config(**shape, optimizer="adam", percValidationData=20)
    page.greet(format_link(config))
    page.ask("step", unit="update", count=2)
    trained = page.frame(lambda frame: frame.updates == 2)
    saved = page.ask("save")["saved"]
    assert saved["link"] is None
    page.ask("reset")
    opened = page.ask("open", file=saved["file"])
    assert shown(page, opened["run"]).theta.tobytes() == trained.theta.tobytes()


def refused(page: Page, text: str) -> Any:
    """The error with which a message is answered."""
    page.send(text)
    return page.hear(lambda heard: isinstance(heard, dict) and heard["type"] == "error")


def test_a_bad_file_is_refused_by_its_field_and_changes_nothing(page: Page) -> None:
    frame = amid_an_epoch(page)
    file = page.ask("save")["saved"]["file"]
    bad = {
        "file.state": {key: value for key, value in file.items() if key != "state"},
        "file.format": {**file, "format": "other"},
        "file.version": {**file, "version": 2},
        "file.config": {**file, "config": {"noise": float("nan")}},
        "file.history.0.1": {**file, "history": [[0, float("inf"), 0, 0, 0]]},
        "noise": {**file, "config": {**file["config"], "noise": 101}},
        "state": {**file, "config": {**file["config"], "networkShape": [3]}},
    }
    for field, spoilt in bad.items():
        answer = refused(page, json.dumps({"type": "open", "seq": 99, "file": spoilt}))
        assert (answer["problems"][0]["field"], answer["seq"]) == (field, 99)
        assert answer["message"].startswith(f"{field}: expected ")
    assert page.ask("save")["saved"]["file"] == file
    assert page.ask("pause")["undo"] is None
    assert page.stepped(1).theta.tobytes() == bits(at(LINK, 2 * UPDATES))
    assert frame.run == page.frames[-1].run


# --- taken back -------------------------------------------------------------------------------------------------------


def test_a_change_is_taken_back_to_the_very_bits_and_made_again(page: Page) -> None:
    before = amid_an_epoch(page)
    losses = page.ask("save")["saved"]["file"]["history"]
    page.ask("configure", set={"networkShape": [5]})
    after = page.stepped(2)
    undone = page.ask("undo")
    assert (undone["restarted"], undone["undo"], undone["redo"]["what"]) == ("network", None, "network")
    back = shown(page, undone["run"])
    assert (back.epoch, back.updates) == (1, UPDATES + 10)
    assert back.theta.tobytes() == before.theta.tobytes()
    assert back.history.tolist() == losses
    redone = page.ask("redo")
    assert shown(page, redone["run"]).theta.tobytes() == after.theta.tobytes()
    page.ask("undo")
    assert page.stepped(1).theta.tobytes() == bits(at(LINK, 2 * UPDATES))


def test_the_values_of_one_slider_are_taken_back_together(page: Page) -> None:
    before = amid_an_epoch(page)
    for noise in range(1, 31):
        last = page.say("configure", set={"noise": noise}, gesture=4)
    page.hear(lambda heard: isinstance(heard, dict) and heard.get("seq") == last)
    undone = page.ask("undo")
    assert (undone["config"]["noise"], undone["undo"]) == (0, None)
    assert shown(page, undone["run"]).theta.tobytes() == before.theta.tobytes()


def test_undo_with_nothing_to_take_back_is_answered_in_a_sentence(page: Page) -> None:
    page.greet(LINK)
    for control in ("undo", "redo"):
        page.say(control)
        assert page.answer("error")["message"].startswith(f"{control}: expected a change ")
    assert page.stepped(1).theta.tobytes() == bits(at(LINK, UPDATES))


def test_changes_can_be_taken_back_after_the_connection_was_lost(
    server: Server, page: Page, open_page: OpenPage
) -> None:
    before = amid_an_epoch(page)
    session = page.answers[0]["session"]
    page.ask("configure", set={"noise": 20})
    page.drop()
    again = open_page(server)
    assert again.resume(session)["undo"]["what"] == "data"
    assert shown(again, again.ask("undo")["run"]).theta.tobytes() == before.theta.tobytes()


# --- a person's own points --------------------------------------------------------------------------------------------


def use(page: Page, points: Sequence[Point], **fields: object) -> dict[str, Any]:
    return page.ask("configure", set={"dataset": "own", "points": encode(points), **fields})


@pytest.mark.parametrize(("points", "train", "test"), [(0, 0, 0), (1, 0, 1), (3, 1, 2)])
def test_few_points_of_ones_own_are_shown_and_trained_on(page: Page, points: int, train: int, test: int) -> None:
    page.greet()
    answer = use(page, POINTS[:points], showWorst=True, showTestData=True)
    assert (answer["restarted"], answer["notes"]) == ("data", [])
    assert (len(answer["data"]["train"]), len(answer["data"]["test"])) == (train, test)
    first = shown(page, answer["run"])
    assert (first.measures.train_loss == 0, first.measures.test_loss == 0) == (not train, not test)
    assert len(first.worst) == points
    last = page.stepped(2)
    assert last.updates == (2 if train else 0)
    assert (last.theta.tobytes() != first.theta.tobytes()) == (train > 0)
    assert np.isfinite(last.history[:, :5]).all()
    assert np.isnan(last.history[:, 5]).all()


def test_a_batch_larger_than_ones_own_points_trains_all_the_same(page: Page) -> None:
    page.greet("batchSize=30")
    answer = use(page, POINTS, percTrainData=80)
    assert (answer["config"]["batchSize"], answer["notes"]) == (30, [])
    page.ask("step", unit="update", count=3)
    last = page.frame(lambda frame: frame.updates == 3)
    assert last.change is not None
    trainer = Trainer(Config(dataset="own", points=encode(POINTS), percTrainData=80, batchSize=4))
    trainer.train(3)
    assert last.theta.tobytes() == bits(trainer)


def test_ones_own_points_come_and_go_and_come_back(page: Page) -> None:
    page.greet(LINK)

    def sizes(answer: Any) -> list[int]:
        return [len(answer["data"][part]) for part in ("train", "validation", "test")]

    assert sizes(use(page, POINTS[:3])) == [1, 0, 2]
    assert sizes(use(page, POINTS)) == [2, 1, 2]
    assert sizes(page.ask("configure", set={"dataset": "xor"})) == [250, 100, 150]
    assert sizes(page.ask("undo")) == [2, 1, 2]
    assert sizes(page.ask("undo")) == [1, 0, 2]


def test_a_link_carries_ones_own_points(server: Server, page: Page, open_page: OpenPage) -> None:
    page.greet()
    use(page, POINTS)
    page.stepped(4)
    hello = open_page(server).greet(page.ask("save")["saved"]["link"])
    assert (hello["epoch"], hello["notes"]) == (4, [])
    assert sorted([*hello["data"]["train"], *hello["data"]["test"]]) == sorted(map(list, POINTS))


def test_points_that_are_none_are_refused(page: Page) -> None:
    page.greet()
    answer = refused(page, json.dumps({"type": "configure", "seq": 1, "set": {"dataset": "own", "points": "AAAA"}}))
    assert answer["problems"] == [{"field": "points", "expected": "9 characters for each point", "got": "'AAAA'"}]


# --- a point followed -------------------------------------------------------------------------------------------------


def test_a_probed_place_is_followed_in_every_frame_until_it_is_let_go(page: Page) -> None:
    page.greet(LINK)
    page.ask("probe", x=1.5, y=-2, label=-1)
    seen = [page.frame(lambda frame: len(frame.probe)), page.stepped(1), page.stepped(1)]
    for frame in seen:
        layers, loss = at(LINK, frame.updates).probe(1.5, -2, -1)
        assert frame.probe.tolist() == [*np.concatenate(layers), loss]
    page.ask("probe")
    assert len(page.frame(lambda frame: not len(frame.probe)).probe) == 0


def test_a_step_is_shown_with_its_gradient_until_the_run_plays(page: Page) -> None:
    frame = amid_an_epoch(page)
    twin = at(LINK, UPDATES + 9)
    before = twin.network.theta.copy()
    twin.step()
    assert frame.change is not None
    np.testing.assert_array_equal(frame.change, [twin.gradient(), twin.network.theta - before])
    page.ask("play")
    assert page.frame(lambda frame: frame.playing).change is None

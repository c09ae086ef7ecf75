"""Live sessions over real websockets: what a page hears, and what becomes of a session when its page goes."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import InvalidStatus

from app.sessions.connection import MAX_VALUES
from app.sessions.endpoint import POLICY
from app.sessions.session import TAKEN_OVER
from app.wire.frames import Frame
from app.wire.limits import PROTOCOL, SPEEDS
from engine import Trainer, format_link, parse_link
from engine.config import LIMITS
from engine.config.field_types import MAX_LAYERS, MAX_UNITS
from engine.tables.features import FEATURES
from tests.app.conftest import OpenPage, Replay
from tests.app.pages import Page
from tests.app.screen import row
from tests.server import PATIENCE, Server, StartServer

LINK = "#dataset=xor&networkShape=3,2&learningRate=0.1&seed=0.123&percValidationData=20"
TOO_BIG = 1009  # a close code of the websocket protocol


def trained(link: str, epochs: int) -> bytes:
    """The bits of the parameters of a link after some epochs, trained without anybody looking."""
    trainer = Trainer(parse_link(link).config)
    trainer.train(epochs)
    return trainer.network.theta.tobytes()


# --- hello ------------------------------------------------------------------------------------------------------------


def test_hello_is_answered_by_all_that_a_page_shows(page: Page) -> None:
    page.send({"type": "hello", "protocol": PROTOCOL, "link": LINK})
    hello = page.next()
    assert isinstance(hello, dict)
    config = parse_link(LINK).config
    trainer = Trainer(config)
    assert (hello["type"], hello["protocol"], hello["resumed"], hello["message"]) == ("hello", PROTOCOL, False, None)
    assert (hello["epoch"], hello["updates"], hello["playing"], hello["speed"]) == (0, 0, False, "1")
    assert hello["config"] == config.model_dump(mode="json")
    assert hello["link"] == format_link(config)
    assert hello["notes"] == []
    assert [tuple(point) for point in hello["data"]["train"]] == trainer.train_data.points
    assert [tuple(point) for point in hello["data"]["test"]] == trainer.test_data.points
    assert hello["data"]["domain"] == [[-6, 6], [-6, 6]]
    assert hello["layout"]["shape"] == [2, 3, 2, 1]
    assert hello["layout"]["features"] == ["x", "y"]
    assert hello["layout"]["parameters"] == len(trainer.network.theta)


def test_hello_tells_the_limits_of_every_number(page: Page) -> None:
    limits = page.greet()["limits"]
    assert limits["layers"] == [0, MAX_LAYERS]
    assert limits["units"] == [1, MAX_UNITS]
    assert limits["speeds"] == list(SPEEDS)
    assert limits["noise"] == list(LIMITS["noise"])
    assert limits["learningRate"] == [0, None]


def test_hello_carries_a_picture_of_every_feature(page: Page) -> None:
    hello = page.greet()
    side = hello["layout"]["unitSide"]
    assert list(hello["data"]["features"]) == list(FEATURES)
    plane = np.frombuffer(base64.b64decode(hello["data"]["features"]["x"]["map"]), np.uint8).reshape(side, side)
    assert (np.diff(plane.astype(int), axis=1) > 0).all()  # x grows to the right
    assert (plane == plane[0]).all()


def test_the_first_frame_shows_the_first_weights_and_the_recorded_losses(page: Page, spiral: Replay) -> None:
    page.send({"type": "hello", "protocol": PROTOCOL, "link": spiral["link"]})
    heard = [page.next(), page.next()]
    assert isinstance(heard[0], dict)
    frame = heard[1]
    assert isinstance(frame, Frame)
    assert (frame.epoch, frame.updates, frame.run, frame.playing) == (0, 0, 1, False)
    recorded = spiral["trace"][0]
    assert frame.measures.train_loss == pytest.approx(recorded["train_loss"], rel=0, abs=1e-9)
    assert frame.measures.test_loss == pytest.approx(recorded["test_loss"], rel=0, abs=1e-9)
    assert frame.theta.tobytes() == trained(spiral["link"], 0)
    assert len(frame.units) == 24
    assert frame.outputs.shape == (1, 100, 100)


def test_what_a_link_asks_in_vain_is_told_in_notes(page: Page) -> None:
    hello = page.greet("noise=900&colour=red")
    assert len(hello["notes"]) == 2
    assert hello["config"]["noise"] == 50


def test_a_batch_that_never_fills_is_told_in_a_note(page: Page) -> None:
    (note,) = page.greet("batchSize=400")["notes"]
    assert "no update" in note


def test_another_version_of_the_protocol_is_refused(page: Page) -> None:
    page.send({"type": "hello", "protocol": PROTOCOL + 1})
    refusal = page.answer("error")
    assert refusal["problems"][0]["field"] == "protocol"
    assert "reload" in refusal["message"]
    assert page.closed().code == POLICY


# --- training ---------------------------------------------------------------------------------------------------------


def test_play_trains_until_pause(page: Page) -> None:
    page.greet(LINK)
    assert page.ask("play")["playing"] is True
    frames = [page.frame(lambda frame: frame.playing) for _ in range(5)]
    epochs = [frame.epoch for frame in frames]
    assert epochs == sorted(set(epochs))
    assert page.ask("pause")["playing"] is False
    last = page.frame(lambda frame: not frame.playing)
    assert last.epoch >= epochs[-1]
    assert last.theta.tobytes() == trained(LINK, last.epoch)
    assert page.ask("speed", speed="1")["epoch"] == last.epoch


def test_single_steps_lead_to_the_recorded_losses(page: Page, spiral: Replay) -> None:
    page.greet(spiral["link"])
    recorded = {moment["epoch"]: moment for moment in spiral["trace"]}
    for epoch in range(1, 11):
        frame = page.stepped(1)
        assert (frame.epoch, frame.playing) == (epoch, False)
        if epoch in recorded:
            assert frame.measures.train_loss == pytest.approx(recorded[epoch]["train_loss"], rel=0, abs=1e-9)
            assert frame.measures.test_loss == pytest.approx(recorded[epoch]["test_loss"], rel=0, abs=1e-9)
    assert max(recorded) > 10
    assert 10 in recorded


def test_frames_show_the_bits_that_a_trainer_reaches(page: Page, spiral: Replay) -> None:
    page.greet(spiral["link"])
    assert page.stepped(7).theta.tobytes() == trained(spiral["link"], 7)
    assert page.stepped(13).theta.tobytes() == trained(spiral["link"], 20)


def test_the_losses_of_all_frames_together_are_those_of_every_epoch(page: Page) -> None:
    page.greet(LINK)
    rows = {row[0]: row for row in page.frame().history.tolist()}
    for _ in range(5):
        rows |= {row[0]: row for row in page.stepped(1).history.tolist()}
    trainer = Trainer(parse_link(LINK).config)
    for epoch in range(6):
        assert rows[epoch] == row(trainer)
        trainer.train()


def test_a_restart_says_what_is_new_and_shows_it(page: Page) -> None:
    page.greet(LINK)
    page.stepped(3)
    answer = page.ask("configure", set={"networkShape": [5]})
    assert (answer["restarted"], answer["epoch"], answer["run"]) == ("network", 0, 2)
    assert answer["layout"]["shape"] == [2, 5, 1]
    frame = page.frame(lambda frame: frame.run == 2)
    assert (frame.epoch, frame.version) == (0, answer["version"])
    assert frame.theta.tobytes() == trained(answer["link"], 0)


def test_a_selected_unit_is_shown_at_full_size(page: Page) -> None:
    page.greet(LINK)
    page.ask("select", layer=1, unit=0)
    frame = page.frame(lambda frame: frame.selected)
    assert frame.selected == (1, 0)
    assert frame.selected_map is not None
    assert frame.selected_map.shape == (100, 100)


def test_a_run_that_leaves_the_finite_numbers_says_so_and_stops(page: Page) -> None:
    page.greet("problem=regression&activation=linear&learningRate=10")
    page.ask("play")
    said = page.answer("diverged")
    assert said["learningRate"] < 10
    last = page.frame(lambda frame: frame.diverged)
    assert (last.playing, last.epoch) == (False, said["epoch"])
    assert np.isfinite(last.theta).all()


# --- credit and visibility --------------------------------------------------------------------------------------------


def train_on(page: Page, epochs: int) -> None:
    """Wait until a run at full speed has trained so many epochs more, as the answers alone tell."""
    until = page.ask("speed", speed="max")["epoch"] + epochs
    while page.ask("speed", speed="max")["epoch"] < until:
        pass


def test_no_third_frame_is_sent_before_one_of_two_was_drawn(page: Page) -> None:
    page.draws = False
    page.greet(LINK)
    page.ask("play")
    second = page.frame(lambda frame: frame.number == 2)  # the first may have been left out for it
    train_on(page, 300)
    assert page.frames[-1] is second
    page.ack(page.frames[0])
    third = page.frame()
    assert third.number == 3
    assert third.epoch >= second.epoch + 300


def test_a_hidden_page_is_sent_no_frames_while_its_run_goes_on(page: Page) -> None:
    page.greet(LINK)
    page.frame()
    page.ask("visibility", visible=False)
    page.ask("play")
    train_on(page, 300)
    assert [frame.number for frame in page.frames] == [1]
    page.ask("visibility", visible=True)
    assert page.frame().epoch > 300


# --- what makes no sense ----------------------------------------------------------------------------------------------

BAD: list[tuple[str | bytes, int | None, str]] = [
    ('{"type": "dance", "seq": 5}', 5, "type"),
    ('{"seq": 5}', 5, "type"),
    ('{"type": "step", "seq": 5, "count": 0}', 5, "count"),
    ('{"type": "step", "seq": -5}', -5, "seq"),
    ('{"type": "weight", "seq": 5, "layer": 0, "unit": 0, "source": 0, "value": 1e999}', 5, "value"),
    ('{"type": "play", "loudly": true}', None, "loudly"),
    ('{"type": "play"', None, ""),
    ("", None, ""),
    ("[1, 2]", None, ""),
    ("[" * 60_000, None, ""),
    ('{"type": "play", "seq": 1' + "0" * 5_000 + "}", None, ""),
    (b'{"type": "play"}', None, "message"),
    (b"", None, "message"),
]


@pytest.mark.parametrize(("message", "seq", "field"), BAD, ids=lambda part: str(part)[:30])
def test_a_message_that_makes_no_sense_is_answered_and_the_session_goes_on(
    page: Page, message: str | bytes, seq: int | None, field: str
) -> None:
    page.greet(LINK)
    page.send(message)
    refusal = page.answer("error")
    assert refusal["seq"] == seq
    assert field in refusal["problems"][0]["field"]
    assert "expected" in refusal["message"]
    assert page.stepped(1).epoch == 1


def test_a_message_of_too_many_values_is_refused_unread_and_one_of_too_many_fields_in_a_sentence(page: Page) -> None:
    page.greet(LINK)
    page.send({"type": "configure", "set": {"networkShape": [1] * (MAX_VALUES + 1)}})
    assert page.answer("error")["message"] == "message: expected at most 20,000 values, got 20,001."
    page.send({"type": "play", **{f"key{number}": 0 for number in range(MAX_VALUES // 2)}})
    assert page.answer("error")["message"] == "message: expected at most 1,000 mistakes, got 10,000."
    assert page.stepped(1).epoch == 1


def test_before_hello_all_else_is_answered_by_what_was_expected(page: Page) -> None:
    before_hello = [message for message, _, _ in BAD] + [json.dumps({"type": "play", "seq": 1}), '{"type": "hello"}']
    for message in before_hello:
        page.send(message)
        heard = page.next()
        assert isinstance(heard, dict)
        assert heard["type"] == "error"
    assert page.greet(LINK)["epoch"] == 0


def test_whoever_asks_is_told_that_somebody_is_there(page: Page) -> None:
    page.greet()
    page.send({"type": "ping"})
    assert page.answer("pong") == {"type": "pong"}
    page.send({"type": "ping", "seq": 1})
    assert page.answer("error")["problems"][0]["field"] == "seq"
    assert page.stepped(1).epoch == 1


def test_a_second_hello_is_refused_and_changes_nothing(page: Page) -> None:
    page.greet(LINK)
    page.stepped(2)
    page.send({"type": "hello", "protocol": PROTOCOL})
    assert page.answer("error")["problems"][0]["field"] == "type"
    assert page.stepped(1).epoch == 3


def test_a_control_that_cannot_be_applied_says_where_the_run_stands(page: Page) -> None:
    page.greet(LINK)
    page.stepped(2)
    page.say("configure", set={"noise": 101})
    refusal = page.answer("error")
    assert refusal["problems"] == [{"field": "noise", "expected": "at most 100", "got": "101"}]
    assert (refusal["epoch"], refusal["config"]["noise"]) == (2, 0)


def test_a_number_beyond_all_numbers_is_refused_as_any_other(page: Page) -> None:
    page.greet(LINK)
    for number in ("1e999", "-1e999", "NaN", "Infinity"):
        page.send('{"type": "configure", "seq": 5, "set": {"noise": ' + number + "}}")
        assert page.answer("error")["seq"] == 5
    assert page.stepped(1).epoch == 1


def test_a_message_that_is_too_large_ends_the_connection_and_not_the_run(
    start_server: StartServer, open_page: OpenPage
) -> None:
    server = start_server(message_bytes=2_000, workers=1)
    page = open_page(server)
    session = page.greet(LINK)["session"]
    page.stepped(2)
    page.send("x" * 2_000)
    assert page.answer("error")["problems"]
    page.send("x" * 2_001)
    assert page.closed().code == TOO_BIG
    assert open_page(server).resume(session)["epoch"] == 2


def test_a_connection_that_never_says_hello_is_closed(start_server: StartServer, open_page: OpenPage) -> None:
    page = open_page(start_server(greeting_seconds=0.1, workers=1))
    end = page.closed()
    assert end.code == POLICY
    assert "hello" in end.reason


# --- resume -----------------------------------------------------------------------------------------------------------


def test_a_run_is_resumed_to_the_bit_after_the_connection_was_lost(
    server: Server, page: Page, open_page: OpenPage, spiral: Replay
) -> None:
    hello = page.greet(spiral["link"])
    page.ask("speed", speed="20")
    page.ask("select", layer=1, unit=2)
    stepped = page.stepped(12)
    page.drop()

    again = open_page(server)
    resumed = again.resume(hello["session"], after=12)
    assert (resumed["resumed"], resumed["session"]) == (True, hello["session"])
    assert (resumed["epoch"], resumed["speed"], resumed["config"]) == (12, "20", hello["config"])
    assert resumed["data"] == hello["data"]
    frame = again.frame()
    assert (frame.epoch, frame.selected) == (12, (1, 2))
    assert frame.theta.tobytes() == stepped.theta.tobytes() == trained(spiral["link"], 12)
    assert again.stepped(8).theta.tobytes() == trained(spiral["link"], 20)


def test_a_playing_run_plays_on_when_its_page_comes_back(server: Server, page: Page, open_page: OpenPage) -> None:
    session = page.greet(LINK)["session"]
    page.ask("play")
    page.frame(lambda frame: frame.epoch >= 5)
    page.drop()
    again = open_page(server)
    hello = again.resume(session)
    assert hello["playing"] is True
    assert hello["epoch"] >= 5
    again.frame(lambda frame: frame.epoch >= hello["epoch"] + 5)
    last = again.paused()
    assert last.theta.tobytes() == trained(LINK, last.epoch)


def test_a_resumed_page_is_sent_the_losses_that_it_lacks(server: Server, page: Page, open_page: OpenPage) -> None:
    session = page.greet(LINK)["session"]
    for _ in range(4):
        page.stepped(1)
    for after, epochs in ((-1, [0, 1, 2, 3, 4]), (2, [3, 4]), (4, [])):
        again = open_page(server)
        again.resume(session, after=after)
        assert again.frame().history[:, 0].tolist() == epochs
        again.ask("visibility", visible=True)  # so that it is known to have drawn that


def test_a_run_that_is_gone_starts_afresh_from_its_link_and_says_so(page: Page) -> None:
    hello = page.resume("no-such-session", link=LINK, after=40)
    assert hello["resumed"] is False
    assert hello["session"] != "no-such-session"
    assert "afresh" in hello["message"]
    assert (hello["epoch"], hello["config"]) == (0, parse_link(LINK).config.model_dump(mode="json"))
    frame = page.frame()
    assert (frame.epoch, frame.history[:, 0].tolist()) == (0, [0])
    assert frame.theta.tobytes() == trained(LINK, 0)


def test_a_run_opened_in_another_place_is_closed_in_the_first(server: Server, page: Page, open_page: OpenPage) -> None:
    session = page.greet(LINK)["session"]
    page.stepped(3)
    other = open_page(server)
    assert other.resume(session)["epoch"] == 3
    end = page.closed()
    assert end.code == TAKEN_OVER
    assert end.reason
    assert other.stepped(1).theta.tobytes() == trained(LINK, 4)


# --- room -------------------------------------------------------------------------------------------------------------


def refused(server: Server, open_page: OpenPage, **options: object) -> dict[str, Any]:
    """The problem with which a full server refuses a page."""
    with pytest.raises(InvalidStatus) as refusal:
        open_page(server, **options)
    answer = refusal.value.response
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body
    problem: dict[str, Any] = json.loads(answer.body)
    return problem


def let_in(server: Server, open_page: OpenPage, **options: object) -> Page:
    """A page that comes in as soon as there is room."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return open_page(server, **options)
        except InvalidStatus:
            assert time.monotonic() < end, "there is no room"


def gone(server: Server, open_page: OpenPage, session: str) -> None:
    """Until a server does not know a session any more. Asking for it by a handshake keeps nothing alive."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            open_page(server, subprotocols=[f"session.{session}"]).websocket.close()
        except InvalidStatus:
            return
    raise AssertionError("the session is still known")


def test_a_full_server_refuses_in_a_sentence_and_knows_its_own(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(max_sessions=1, workers=1)
    first = open_page(server)
    session = first.greet(LINK)["session"]
    assert refused(server, open_page)["detail"] == "The playground is full: all 1 places are taken."
    refused(server, open_page, subprotocols=["session.no-such-session"])
    assert first.stepped(1).epoch == 1
    again = open_page(server, subprotocols=[f"session.{session}"])  # before the server knows that the first has gone
    assert again.websocket.subprotocol == f"session.{session}"
    assert again.resume(session)["resumed"] is True


def test_a_session_ends_some_time_after_its_page_has_gone(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(max_sessions=1, resume_seconds=0.2, workers=1)
    first = open_page(server)
    session = first.greet(LINK)["session"]
    first.websocket.close()
    newcomer = let_in(server, open_page)
    gone(server, open_page, session)
    assert newcomer.resume(session)["resumed"] is False


def test_a_page_that_comes_back_in_time_keeps_its_session(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(max_sessions=2, resume_seconds=1, workers=1)
    first, other = open_page(server), open_page(server)
    session = first.greet(LINK)["session"]
    later = other.greet(LINK)["session"]
    first.websocket.close()
    again = let_in(server, open_page)
    assert again.resume(session)["resumed"] is True
    other.websocket.close()
    let_in(server, open_page)  # and does not greet, so that there is no room for another
    gone(server, open_page, later)
    # The other session left later, so when it is gone, the first one's time would have been over too.
    assert again.stepped(1).epoch == 1


@pytest.mark.long
def test_a_page_that_does_not_read_keeps_nobody_else_waiting(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(workers=1)
    page, other = open_page(server), open_page(server)
    page.greet("networkShape=8,8,8,8")
    for _ in range(2_000):
        page.say("select", layer=0, unit=0)
    other.greet(LINK)
    assert other.stepped(5).theta.tobytes() == trained(LINK, 5)
    assert page.ask("pause")["playing"] is False


def test_a_page_that_asks_for_much_keeps_nobody_else_waiting(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(workers=1)
    greedy, modest = open_page(server, max_queue=None), open_page(server)
    greedy.greet("numSamples=5000&networkShape=64,64,64,64,64,64,64,64,64,64")
    last = [greedy.say("bias", layer=0, unit=unit, value=0.5) for unit in range(60)][-1]
    modest.greet(LINK)
    assert modest.stepped(3).theta.tobytes() == trained(LINK, 3)
    # Whatever the greedy one was answered by now has come, and is little beside the sixty that it asked for.
    greedy.catch_up()
    assert last not in [answer.get("seq") for answer in greedy.answers]


def test_a_full_server_gives_a_newcomer_the_place_of_the_page_that_is_gone_for_longest(
    start_server: StartServer, open_page: OpenPage
) -> None:
    server = start_server(max_sessions=2, workers=1)
    first, second = open_page(server), open_page(server)
    left, stays = (page.greet(LINK)["session"] for page in (first, second))
    first.websocket.close()
    newcomer = let_in(server, open_page)
    newcomer.greet(LINK)
    refused(server, open_page, subprotocols=[f"session.{left}"])
    again = open_page(server, subprotocols=[f"session.{stays}"])
    assert again.resume(stays)["resumed"] is True
    assert newcomer.stepped(1).epoch == 1

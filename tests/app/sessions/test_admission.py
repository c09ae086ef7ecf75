"""Places, and the line of those that wait for one."""

from __future__ import annotations

import json

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from app.sessions.admission import MAX_WAITING, WAITER_SECONDS, Admission, WaitingList, named
from app.settings import Settings
from tests.app.conftest import OpenPage
from tests.server import Server, StartServer

# --- the line ---------------------------------------------------------------------------------------------------------


HERE, THERE = "192.0.2.7", "198.51.100.7"


def ahead(waiting_list: WaitingList, ticket: str | None) -> int:
    """How many are before a page, wherever they come from."""
    return waiting_list.before(ticket).total()


def test_who_comes_first_is_first_and_those_behind_move_up() -> None:
    waiting_list = WaitingList()
    first, second, third = (waiting_list.ask(None, HERE, now) for now in (0.0, 1.0, 2.0))
    assert [ahead(waiting_list, ticket) for ticket in (first, second, third)] == [0, 1, 2]
    assert waiting_list.ask(second, HERE, 3.0) == second
    waiting_list.leave(first)
    assert [ahead(waiting_list, ticket) for ticket in (second, third)] == [0, 1]
    assert len(waiting_list) == 2


def test_who_asks_no_more_has_left() -> None:
    waiting_list = WaitingList()
    first, second = waiting_list.ask(None, HERE, 0.0), waiting_list.ask(None, HERE, 0.0)
    waiting_list.ask(second, HERE, WAITER_SECONDS - 1)
    again = waiting_list.ask(first, HERE, WAITER_SECONDS + 1)
    assert again != first
    assert [ahead(waiting_list, ticket) for ticket in (second, again)] == [0, 1]


@pytest.mark.parametrize("ticket", [None, "", "of my own making"])
def test_a_ticket_that_was_never_given_is_replaced_by_one_at_the_end(ticket: str | None) -> None:
    waiting_list = WaitingList()
    waiting_list.ask(None, HERE, 0.0)
    assert ahead(waiting_list, ticket) == 1
    given = waiting_list.ask(ticket, HERE, 0.0)
    assert given != ticket
    assert ahead(waiting_list, given) == 1


def test_a_line_has_an_end() -> None:
    waiting_list = WaitingList()
    tickets = [waiting_list.ask(None, HERE, 0.0) for _ in range(MAX_WAITING + 2)]
    assert len(waiting_list) == MAX_WAITING
    assert ahead(waiting_list, tickets[-1]) == MAX_WAITING
    assert waiting_list.ask(tickets[5], HERE, 1.0) == tickets[5]


# --- the admission --------------------------------------------------------------------------------------------------


def test_places_of_all_and_of_one_address_are_counted() -> None:
    admission = Admission(Settings(max_sessions=3, sessions_per_address=2))
    admission.enter("a")
    admission.enter("a")
    refusal = admission.refusal("a", None)
    assert refusal
    assert (refusal.reason, refusal.sentence) == ("address", "All 2 places for pages from one address are taken.")
    assert admission.refusal("b", None) is None
    admission.enter("b")
    full = admission.refusal("c", None)
    assert full
    assert (full.reason, admission.free) == ("full", 0)
    admission.exit("a")
    assert admission.refusal("a", None) is None


def test_a_place_goes_to_the_head_of_the_line_and_not_to_who_comes_by() -> None:
    admission = Admission(Settings(max_sessions=1))
    admission.enter("a")
    first, second = admission.waiting_list.ask(None, "b", 0.0), admission.waiting_list.ask(None, "b", 0.0)
    admission.exit("a")
    assert [bool(admission.refusal("b", ticket)) for ticket in (None, second, first)] == [True, True, False]
    admission.enter("b", first)
    admission.exit("b")
    assert [bool(admission.refusal("b", ticket)) for ticket in (None, second)] == [True, False]


def test_those_who_may_not_come_in_are_not_waited_for() -> None:
    admission = Admission(Settings(max_sessions=4, sessions_per_address=2))
    admission.enter(HERE)
    crowd = [admission.waiting_list.ask(None, HERE, 0.0) for _ in range(5)]
    other = admission.waiting_list.ask(None, THERE, 0.0)
    assert [admission.ahead(HERE, ticket) for ticket in crowd] == [0, 1, 2, 3, 4]
    assert admission.ahead(THERE, other) == 1
    assert admission.refusal(THERE, other) is None
    admission.enter("a")
    admission.enter("b")
    full = admission.refusal(THERE, other)
    assert full
    assert full.reason == "full"  # the one place is for the first of the crowd
    admission.enter(HERE, crowd[0])
    admission.exit("a")
    assert admission.refusal(THERE, other) is None


def test_the_last_place_of_an_address_goes_to_who_has_waited_longest_there() -> None:
    admission = Admission(Settings(max_sessions=4, sessions_per_address=2))
    admission.enter(HERE)
    first, second = admission.waiting_list.ask(None, HERE, 0.0), admission.waiting_list.ask(None, HERE, 0.0)
    refusals = [admission.refusal(HERE, ticket) for ticket in (None, second, first)]
    assert [refusal and refusal.reason for refusal in refusals] == ["address", "address", None]


def test_what_a_handshake_names_is_found_by_its_prefix() -> None:
    assert named(["chat", "ticket.abc"], "ticket.") == "abc"
    assert named(["chat"], "ticket.") is None


# --- over real sockets ------------------------------------------------------------------------------------------------


def stand(server: Server, ticket: str | None = None) -> dict[str, object]:
    """Where one stands in the line."""
    answer = httpx.post(f"{server.address}/api/v1/line", json={"ticket": ticket})
    place: dict[str, object] = answer.raise_for_status().json()
    return place


def test_pages_that_wait_come_in_one_after_the_other(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(max_sessions=1, workers=1)
    inside = open_page(server)
    first = stand(server)
    second = stand(server)
    reason = "The playground is full: all 1 places are taken."
    assert (first["place"], first["waiting"], first["reason"]) == (1, 1, reason)
    assert (second["place"], second["waiting"], second["reason"]) == (2, 2, reason)
    inside.websocket.close()
    while stand(server, str(first["ticket"]))["reason"]:
        pass
    assert stand(server, str(second["ticket"]))["reason"] == reason
    for jumper in ([], [f"ticket.{second['ticket']}"], ["ticket.none"]):
        with pytest.raises(InvalidStatus):
            open_page(server, subprotocols=jumper or None)
    next_one = open_page(server, subprotocols=[f"ticket.{first['ticket']}"])
    assert next_one.greet()["session"]
    assert stand(server, str(second["ticket"]))["place"] == 1


def test_one_address_cannot_take_all_places(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(max_sessions=5, sessions_per_address=2, workers=1)
    here = [open_page(server) for _ in range(2)]
    with pytest.raises(InvalidStatus) as refusal:
        open_page(server)
    assert refusal.value.response.status_code == 503
    assert json.loads(refusal.value.response.body or b"")["detail"] == (
        "All 2 places for pages from one address are taken."
    )
    elsewhere = open_page(server, additional_headers={"X-Forwarded-For": "192.0.2.7"})
    assert elsewhere.greet()["session"]
    assert here[0].greet()["session"]


@pytest.mark.parametrize("body", [{"ticket": 5}, {"ticket": "x" * 65}, []])
def test_a_place_is_asked_for_with_a_ticket_or_none(server: Server, body: object) -> None:
    answer = httpx.post(f"{server.address}/api/v1/line", json=body)
    assert answer.status_code == 422
    assert ": expected " in answer.json()["detail"]

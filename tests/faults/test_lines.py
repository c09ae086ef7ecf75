"""Bad lines between a page and its server: what the page is promised holds over all of them."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from app.live.window import MAX_IN_FLIGHT
from tests.app.conftest import OpenPage
from tests.app.pages import Page
from tests.faults.conftest import OpenLine
from tests.faults.proxy import Way
from tests.faults.witness import LINK, answer_to, away, losses, trained, until, view, well
from tests.server import PATIENCE, Serve, Server

LARGE = f"{LINK}&networkShape=8,8,8,8,8,8"
"""A run whose frames are long."""


@pytest.fixture(scope="module")
def pinging(serve: Serve) -> Iterator[Server]:
    """A server that soon asks for a sign of life, and listens slowly."""
    with serve(workers=1, ping_seconds=1, messages_per_second=100) as started:
        yield started


def playing(page: Page, link: str = LINK, speed: str = "max") -> dict[str, object]:
    """Let a run train; gives its hello."""
    hello = page.greet(link)
    page.ask("speed", speed=speed)
    page.ask("play")
    page.frame(lambda frame: frame.epoch > 5)
    return hello


def comes_back(server: Server, page: Page, hello: dict[str, object], link: str = LINK) -> None:
    """See that a page whose line was lost finds its run paused, takes it up again, and goes on to the same bits."""
    paused = away(server, hello)
    assert paused["epoch"] >= page.frames[-1].epoch
    assert view(server, hello).json()["theta_sha256"] == paused["theta_sha256"]
    again = page.resume(str(hello["session"]), link=link)
    assert (again["resumed"], again["epoch"], again["message"]) == (True, paused["epoch"], None)
    last = page.paused()
    assert last.theta.tobytes() == trained(link, last.epoch)


# --- lost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["cut", "reset"])
def test_a_line_that_is_lost_while_a_run_trains_is_taken_up_again_to_the_bit(
    server: Server, open_page: OpenPage, open_line: OpenLine, how: str
) -> None:
    neighbour = open_page(server)
    neighbour.greet(LINK)
    line = open_line(server)
    page = open_page(line)
    hello = playing(page)
    getattr(line, how)()
    well(neighbour)
    again = open_page(line)
    again.frames = page.frames
    comes_back(server, again, hello)
    well(neighbour)


def test_a_tab_that_is_closed_in_the_middle_of_a_frame_leaves_its_run_whole(
    server: Server, open_page: OpenPage, open_line: OpenLine
) -> None:
    neighbour = open_page(server)
    neighbour.greet(LINK)
    line = open_line(server)
    page = open_page(line)
    page.draws = False
    hello = page.greet(LARGE)
    page.ask("speed", speed="max")
    page.ask("play")
    while not page.frames or page.frames[-1].number < MAX_IN_FLIGHT:  # after it nothing comes before one is drawn
        page.frame()
    frame, passed = 1_000, line.passed["down"]
    line.left = frame
    page.ack(page.frames[-1])
    until(lambda: line.left < 0)
    assert line.passed["down"] == passed + frame
    well(neighbour)
    again = open_page(server)
    again.frames = page.frames
    comes_back(server, again, hello, LARGE)
    well(neighbour)


def test_a_page_that_falls_silent_is_noticed_and_may_come_back(
    pinging: Server, open_page: OpenPage, open_line: OpenLine
) -> None:
    neighbour, line = open_page(pinging), open_line(pinging)
    neighbour.greet(LINK)
    page = open_page(line)
    hello = playing(page)
    line.stop()
    well(neighbour)
    again = open_page(pinging)
    again.frames = page.frames
    comes_back(pinging, again, hello)
    well(neighbour)  # which has answered every ping meanwhile


def test_a_page_that_falls_silent_with_much_on_its_way_is_noticed_too(
    pinging: Server, open_page: OpenPage, open_line: OpenLine
) -> None:
    neighbour, line = open_page(pinging), open_line(pinging, buffer=4096)
    neighbour.greet(LINK)
    page = open_page(line, ping_interval=None)
    hello = page.greet(f"{LINK}&numSamples=5000")
    line.stop("down")
    for _ in range(60):
        page.say("regenerate")  # each is answered with all points, far more than the system keeps for a connection
    away(pinging, hello)
    well(neighbour)


# --- controls on their way --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_page_that_comes_back_is_told_which_of_its_controls_have_arrived(
    server: Server, open_page: OpenPage, open_line: OpenLine, way: Way
) -> None:
    line = open_line(server)
    page = open_page(line)
    hello = page.greet(LINK)
    arrived = page.say("step", count=2)
    answer_to(page, arrived)
    page.frame(lambda frame: frame.epoch == 2)
    line.stop(way)
    asked = page.say("step", count=3)
    if way == "down":  # it is heard, and its answer gets lost
        until(lambda: view(server, hello).json()["epoch"] == 5)
    line.cut()
    away(server, hello)
    again = open_page(server).resume(str(hello["session"]))
    assert (again["taken"], again["epoch"]) == ((asked, 5) if way == "down" else (arrived, 2))


# --- slow -------------------------------------------------------------------------------------------------------------


def test_a_page_that_reads_nothing_for_long_gets_the_newest_frame_all_answers_and_a_history_without_gaps(
    server: Server, open_page: OpenPage, open_line: OpenLine
) -> None:
    neighbour = open_page(server)
    neighbour.greet(LINK)
    line = open_line(server, buffer=4096)
    page = open_page(line)
    hello = playing(page)
    line.stop("down")
    asked = [page.say("select", layer=0, unit=number % 3) for number in range(50)]
    stopped = view(server, hello).json()["epoch"]
    until(lambda: view(server, hello).json()["epoch"] > stopped + 2_000)
    well(neighbour)
    page.answers.clear()
    before = len(page.frames)
    line.go()
    while [answer["seq"] for answer in page.answers] != asked:
        page.next()
    page.frame(lambda frame: frame.epoch > stopped + 2_000)
    assert len(page.frames) - before <= 2 * MAX_IN_FLIGHT  # those that were on their way, and then the newest
    last = page.paused()
    assert last.theta.tobytes() == trained(LINK, last.epoch)
    fresh = open_page(server)
    fresh.resume(str(hello["session"]))
    fresh.frame()
    assert losses(page) == losses(fresh)


def test_over_a_line_of_50_kb_a_second_controls_are_answered_within_a_second_and_frames_come_newest_first(
    server: Server, open_page: OpenPage, open_line: OpenLine
) -> None:
    second = 50_000
    neighbour = open_page(server)
    neighbour.greet(LINK)
    line = open_line(server, bytes_per_second=second, buffer=4096)
    page = open_page(line)
    playing(page, LARGE)
    for unit in range(3):
        passed, frames = line.passed["down"], len(page.frames)
        answer = page.ask("select", layer=0, unit=unit)
        assert line.passed["down"] - passed < second
        frame = page.frame()
        while frame.selected != (0, unit):
            frame = page.frame()
        assert len(page.frames) - frames <= MAX_IN_FLIGHT + 1
        assert frame.epoch >= answer["epoch"]
        well(neighbour)
    epochs = [frame.epoch for frame in page.frames]
    assert epochs == sorted(epochs)
    assert page.paused().epoch >= epochs[-1]


def test_over_a_long_line_that_loses_pieces_all_is_answered_in_order_and_nothing_is_missing(
    server: Server, open_page: OpenPage, open_line: OpenLine
) -> None:
    line = open_line(server, delay=0.15, lost=7, again=0.2)
    page = open_page(line)
    hello = playing(page, speed="20")
    for _ in range(2):
        asked = [page.say("configure", set={"learningRate": rate / 1000}, gesture=1) for rate in range(1, 31)]
        answer = answer_to(page, asked[-1])
        assert answer["config"]["learningRate"] == 0.03
        while page.frame().version != answer["version"]:
            pass
    heard = [answer["seq"] for answer in page.answers if answer["type"] == "applied"]
    assert heard == sorted(set(heard))
    epochs = [frame.epoch for frame in page.frames]
    assert epochs == sorted(epochs)
    page.paused()
    fresh = open_page(server)
    assert fresh.resume(str(hello["session"]))["config"]["learningRate"] == 0.03
    fresh.frame()
    assert losses(page) == losses(fresh)
    assert fresh.frames[-1].theta.tobytes() == page.frames[-1].theta.tobytes()


# --- idle -------------------------------------------------------------------------------------------------------------


def test_a_paused_page_is_kept_through_a_proxy_that_cuts_what_is_silent(
    pinging: Server, open_page: OpenPage, open_line: OpenLine
) -> None:
    line = open_line(pinging, silence=3)
    page = open_page(line, ping_interval=None)
    page.greet(LINK)
    page.stepped(3)
    host, port = line.host.split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as silent:  # beside it, one that says nothing is cut
        assert silent.recv(1) == b""
    assert page.stepped(4).theta.tobytes() == trained(LINK, 7)


def test_a_page_that_says_too_much_is_not_taken_for_silent(pinging: Server, open_page: OpenPage) -> None:
    page, patient = open_page(pinging), open_page(pinging)
    page.greet(LINK)
    patient.greet(LINK)
    asked = [page.say("select", layer=0, unit=0) for _ in range(450)]  # more than are heard before two pings are over
    answer_to(page, asked[-1])
    assert [answer["seq"] for answer in page.answers if "seq" in answer] == asked
    well(patient)

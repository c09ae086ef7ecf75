"""A server that ends, is killed, or runs out of disk or descriptors: what its pages and the runs of scripts keep."""

from __future__ import annotations

import os
import resource
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidHandshake

from tests.app.conftest import OpenPage
from tests.app.pages import Page
from tests.app.scripted import LONG, XOR, engine_digest, problem, speaking
from tests.faults.conftest import OpenLine
from tests.faults.witness import LINK, trained, until, well
from tests.server import Serve, Server, StartServer, children, wait_for_end

GOING_AWAY = 1012  # a close code: the server restarts
END_SECONDS = 10
"""So soon a server has ended that was told to."""


def terminate(server: Server) -> int:
    """Tell a server to end, and see that it does in time; gives its exit code."""
    workers = children(server.process.pid)
    server.process.send_signal(signal.SIGTERM)
    code = server.process.wait(END_SECONDS)
    server.end()  # which has nothing left to end
    for worker in workers:
        wait_for_end(worker)
    return code


def playing(page: Page) -> Page:
    page.greet(LINK)
    page.ask("speed", speed="max")
    page.ask("play")
    page.frame(lambda frame: frame.epoch > 5)
    return page


# --- the server ends --------------------------------------------------------------------------------------------------


def test_a_server_under_load_that_is_told_to_end_tells_its_pages_and_ends_well(
    start_server: StartServer, open_page: OpenPage
) -> None:
    server = start_server(executed=True, workers=2)
    pages = [playing(open_page(server)) for _ in range(10)]
    assert terminate(server) == 0
    assert [page.closed().code for page in pages] == [GOING_AWAY] * len(pages)
    assert server.said == ""


def test_a_server_ends_as_well_though_a_page_reads_nothing_a_request_is_not_whole_and_events_are_watched(
    start_server: StartServer, open_page: OpenPage, open_line: OpenLine
) -> None:
    server = start_server(executed=True, workers=1, processes=1)
    page, stuck = playing(open_page(server)), open_page(line := open_line(server, buffer=4096))
    hello = stuck.greet(f"{LINK}&numSamples=5000")
    line.stop("down")
    for _ in range(60):
        stuck.say("regenerate")
    with socket.create_connection(("127.0.0.1", server.port)) as half, speaking(server) as api:
        half.sendall(b"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        with api.watching(api.start(**LONG)) as events:
            assert next(events).id == "0"
            assert terminate(server) == 0
    assert page.closed().code == GOING_AWAY
    assert hello["session"] not in server.said


def test_after_a_server_was_killed_its_pages_start_afresh_and_every_accepted_run_has_one_end(
    serve: Serve, open_page: OpenPage, tmp_path: Path
) -> None:
    with serve(workers=1, processes=1, data=tmp_path) as server, speaking(server) as api:
        pages = [playing(open_page(server)) for _ in range(3)]
        hellos = [page.answers[0] for page in pages]
        done = api.trained(link=XOR, epochs=1)
        running = api.start(link=XOR, epochs=1_000_000, record={"losses": 100})
        waiting = api.start(link=XOR, epochs=2)
        dropped = api.start(link=XOR, epochs=3)
        cancelled = api.post(f"/runs/{dropped}/cancel").json()
        api.reach(running, 0)
        server.end(signal.SIGKILL)
        port = server.port
    for page in pages:
        with pytest.raises(ConnectionClosedError):
            page.hear(lambda heard: False)
    with serve(workers=1, processes=1, data=tmp_path, port=port) as server, speaking(server) as api:
        for hello in hellos:
            again = open_page(server)
            afresh = again.resume(hello["session"], link=hello["link"])
            assert (afresh["resumed"], afresh["epoch"]) == (False, 0)
            assert "afresh" in afresh["message"]
            assert again.stepped(3).theta.tobytes() == trained(LINK, 3)
        for run, status in ((running, "interrupted"), (waiting, "succeeded")):
            (end,) = [event for event in api.events(run) if event.name == "end"]
            assert end.data["status"] == status
        assert api.run(done["id"])["finished"] == done["finished"]
        assert api.run(dropped)["finished"] == cancelled["finished"]
        told = {run["id"]: run["status"] for run in api.json("/runs")["runs"]}
        assert sorted(told.values()) == ["cancelled", "interrupted", "succeeded", "succeeded"]


# --- nothing is left --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def short(serve: Serve) -> Iterator[Server]:
    """A server that runs short of something again and again."""
    with serve(workers=1, processes=1) as started:
        yield started


def limit(server: Server, which: int, soft: int) -> None:
    """Let a running server take no more of something than that."""
    _, most = resource.prlimit(server.process.pid, which)
    resource.prlimit(server.process.pid, which, (soft, most))


def test_pages_go_on_and_outlive_their_worker_while_the_disk_is_full(short: Server, open_page: OpenPage) -> None:
    page = open_page(short)
    page.greet(LINK)
    page.stepped(4)
    page.ask("pause")  # what is acknowledged is saved
    before, _ = resource.prlimit(short.process.pid, resource.RLIMIT_FSIZE)
    limit(short, resource.RLIMIT_FSIZE, 4096)  # it can write no further into any file, root or not
    with speaking(short) as api:
        problem(api.post("/runs", {"link": XOR, "epochs": 5}), 503)
        os.kill(short.workers[0], signal.SIGKILL)
        assert page.answer("recovered")["epoch"] == 4
        assert page.stepped(2).theta.tobytes() == trained(LINK, 6)
        newcomer = open_page(short)
        newcomer.greet(LINK)
        well(newcomer)
        limit(short, resource.RLIMIT_FSIZE, before)
        assert api.trained(link=XOR, epochs=5)["progress"]["theta_sha256"] == engine_digest(XOR, 5)


def descriptors(server: Server) -> int:
    """How many a server has open."""
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def test_a_server_without_a_free_descriptor_serves_its_pages_and_new_ones_when_there_are_some_again(
    short: Server, open_page: OpenPage
) -> None:
    page = open_page(short)
    page.greet(LINK)
    most = descriptors(short) + 8
    limit(short, resource.RLIMIT_NOFILE, most)
    crowd = [socket.create_connection(("127.0.0.1", short.port)) for _ in range(20)]
    until(lambda: descriptors(short) == most)
    well(page)
    for one in crowd:
        one.close()
    newcomer = open_page(short)
    newcomer.greet(LINK)
    well(newcomer)
    well(page)
    assert len(short.said.splitlines()) < 20  # of a single trouble it need not be told a thousand times


def test_more_connections_than_there_may_be_are_told_so_and_have_room_when_others_are_gone(
    start_server: StartServer, open_page: OpenPage
) -> None:
    server = start_server(workers=1, processes=1, connections=5)
    page = open_page(server)
    page.greet(LINK)
    crowd = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(5)]
    refusal = crowd[-1].makefile("rb").read()
    assert refusal.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: " in refusal.lower()
    well(page)
    for one in crowd:
        one.close()
    newcomer = until(lambda: let_in(server, open_page))
    newcomer.greet(LINK)
    well(newcomer)
    well(page)


def let_in(server: Server, open_page: OpenPage) -> Page | None:
    """A new page, or None where it is refused."""
    try:
        return open_page(server)
    except InvalidHandshake:
        return None


def test_a_worker_that_dies_while_no_descriptor_is_free_is_replaced_later(short: Server, open_page: OpenPage) -> None:
    page = open_page(short)
    page.greet(LINK)
    page.stepped(4)
    page.ask("pause")  # what is acknowledged is saved
    before, _ = resource.prlimit(short.process.pid, resource.RLIMIT_NOFILE)
    limit(short, resource.RLIMIT_NOFILE, 3)
    (worker,) = short.workers
    os.kill(worker, signal.SIGKILL)
    wait_for_end(worker)
    until(lambda: "no worker can be started now" in short.said)
    asked = page.say("step", count=2)
    limit(short, resource.RLIMIT_NOFILE, before)
    assert page.answer("recovered")["epoch"] == 4
    assert page.answer("applied")["seq"] == asked
    assert page.frame(lambda frame: frame.epoch == 6).theta.tobytes() == trained(LINK, 6)
    newcomer = open_page(short)
    newcomer.greet(LINK)
    well(newcomer)

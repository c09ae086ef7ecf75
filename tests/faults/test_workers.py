"""What a run may do to the process that trains it, and what the runs beside it notice."""

from __future__ import annotations

import os
import signal

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close

from app.live.pace import FRAME_SECONDS
from app.sessions.session import FAILED
from tests.app.conftest import OpenPage
from tests.app.pages import Page
from tests.faults.witness import LINK, trained, view, well
from tests.server import Server, StartServer

LARGEST = "seed=0.5&numSamples=5000&batchSize=2500&networkShape=64,64,64,64,64,64,64,64,64,64"
"""A run that takes much memory."""
LARGE = "seed=0.5&numSamples=2000&batchSize=1000&networkShape=64,64,64,64,64,64"
"""A run that takes so long for an update that it is its turn almost all the time."""


def test_of_a_run_whose_worker_is_killed_no_more_is_repeated_than_is_trained_between_two_saves(
    start_server: StartServer, open_page: OpenPage
) -> None:
    saved_every = 0.2
    server = start_server(workers=1, save_seconds=saved_every, max_deaths=10)
    page, neighbour = open_page(server), open_page(server)
    page.greet(LINK)
    neighbour.greet(LINK)
    stood = neighbour.stepped(3)
    page.ask("play")  # an epoch for each frame
    for _ in range(2):
        for _ in range(30):
            last = page.frame()
        os.kill(server.workers[0], signal.SIGKILL)
        recovered = page.answer("recovered")
        assert f"epoch {recovered['epoch']}" in recovered["message"]
        assert recovered["epoch"] >= last.epoch - 2 * saved_every / FRAME_SECONDS  # the last save may be cut off
        assert neighbour.answer("recovered")["epoch"] == stood.epoch
    end = page.paused()
    assert end.theta.tobytes() == trained(LINK, end.epoch)


def ending(page: Page) -> Close | None:
    """How a page is closed, where it is before the largest run has trained an epoch."""
    try:
        page.greet(LARGEST)
        page.stepped(1)
    except ConnectionClosed as end:
        return end.rcvd
    return None


def test_a_run_that_takes_more_memory_than_there_is_ends_alone(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(workers=1, worker_megabytes=256)
    (worker,) = server.workers
    neighbour = open_page(server)
    neighbour.greet(LINK)
    large = [open_page(server)]
    while not (end := ending(large[-1])):
        assert len(large) < 20
        large.append(open_page(server))
    assert end.code == FAILED
    assert "memory" in end.reason
    well(neighbour)
    for page in large[:-1]:
        page.stepped(1)
    newcomer = open_page(server)
    newcomer.greet(LINK)
    well(newcomer)
    assert server.workers == [worker]


def harm(server: Server, page: Page, how: signal.Signals) -> None:
    """Kill or stop the worker whenever a run plays, until its page is closed."""
    for _ in range(5):  # though it is the run's turn almost all the time, it might just not be
        page.frame()
        os.kill(server.workers[0], how)
        page.answer("recovered")


@pytest.mark.parametrize(("how", "hang_seconds"), [(signal.SIGKILL, 600), (signal.SIGSTOP, 2)])
def test_a_run_in_whose_turn_its_worker_dies_or_hangs_again_is_ended_and_its_neighbours_go_on(
    start_server: StartServer, open_page: OpenPage, how: signal.Signals, hang_seconds: float
) -> None:
    server = start_server(workers=1, hang_seconds=hang_seconds)
    neighbours = [open_page(server) for _ in range(3)]
    for epochs, neighbour in enumerate(neighbours, 1):
        neighbour.greet(LINK)
        neighbour.stepped(epochs)
    page = open_page(server)
    hello = page.greet(LARGE)
    page.ask("speed", speed="max")
    page.ask("play")
    with pytest.raises(ConnectionClosed) as end:
        harm(server, page, how)
    assert end.value.rcvd
    assert end.value.rcvd.code == FAILED
    assert end.value.rcvd.reason == "The run was ended, because the process that trained it died in its turn again."
    assert view(server, hello).status_code == 404
    for epochs, neighbour in enumerate(neighbours, 1):
        assert neighbour.stepped(2).theta.tobytes() == trained(LINK, epochs + 2)


def test_a_run_that_diverges_is_told_why_and_nobody_else(server: Server, open_page: OpenPage) -> None:
    pages = [open_page(server) for _ in range(4)]
    for page in pages:
        page.greet(LINK)
    wild = open_page(server)
    wild.greet("problem=regression&activation=linear&learningRate=10&seed=0.5")
    wild.ask("play")
    said = wild.answer("diverged")
    assert "learning rate" in said["message"]
    assert not wild.frame(lambda frame: frame.diverged).playing
    for page in pages:
        well(page)
    tamed = wild.ask("configure", set={"learningRate": 0.001})
    wild.ask("reset")
    assert wild.stepped(3).theta.tobytes() == trained(tamed["link"], 3)

"""Workers that die or hang, and what becomes of the runs that they trained; and the end of all."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from app.wire.limits import PROTOCOL
from engine import Config, Trainer, parse_link
from tests.app.conftest import OpenPage
from tests.app.pages import Page
from tests.server import Serve, Server, StartServer

LINK = "dataset=xor&networkShape=3,2&seed=0.123"


def trained(link: str, epochs: int) -> bytes:
    trainer = Trainer(parse_link(link).config)
    trainer.train(epochs)
    return trainer.network.theta.tobytes()


@pytest.fixture(scope="module")
def server(serve: Serve) -> Iterator[Server]:
    """The server of all tests here that need no settings of their own: its one worker dies again and again."""
    with serve(workers=1, hang_seconds=0.5, save_seconds=0.05) as started:
        yield started


def playing(page: Page) -> Page:
    """A run in full swing, with some controls that were applied and acknowledged before it began."""
    page.greet(LINK)
    page.ask("configure", set={"learningRate": 0.1})
    page.ask("select", layer=0, unit=1)
    page.ask("probe", x=1, y=-2, label=1)
    page.ask("speed", speed="max")
    page.ask("play")
    page.frame(lambda frame: frame.epoch > 100)
    return page


def assert_goes_on(page: Page, least: int) -> None:
    """Hear of the recovery, and see that the run is where an undisturbed one would be."""
    recovered = page.answer("recovered")
    assert recovered["epoch"] >= least
    assert str(recovered["epoch"]) in recovered["message"]
    assert (recovered["playing"], recovered["speed"]) == (True, "max")
    assert recovered["config"] == Config(dataset="xor", networkShape=(3, 2), seed="0.123", learningRate=0.1).model_dump(
        mode="json"
    )
    assert (recovered["undo"], recovered["redo"]) == (None, None)  # what could be taken back went with the worker
    first = page.frame()
    assert first.selected == (0, 1)
    assert first.probe[:2].tolist() == [1, -2]
    page.frame(lambda frame: frame.epoch > recovered["epoch"] + 100)
    last = page.paused()
    assert last.theta.tobytes() == trained(LINK + "&learningRate=0.1", last.epoch)


def test_a_run_goes_on_where_it_was_saved_when_its_worker_is_killed(server: Server, open_page: OpenPage) -> None:
    page = playing(open_page(server))
    saved = page.ask("visibility", visible=True)["epoch"]  # whatever is acknowledged is saved
    (worker,) = server.workers
    os.kill(worker, signal.SIGKILL)
    assert_goes_on(page, saved)
    assert server.workers != [worker]


def test_a_run_goes_on_when_its_worker_hangs(server: Server, open_page: OpenPage) -> None:
    page = playing(open_page(server))
    saved = page.ask("visibility", visible=True)["epoch"]
    (worker,) = server.workers
    os.kill(worker, signal.SIGSTOP)
    assert_goes_on(page, saved)
    assert server.workers != [worker]


def test_a_training_run_is_saved_from_time_to_time(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.greet(LINK)
    page.ask("speed", speed="max")
    began = page.ask("play")["epoch"]
    # Long enough that a run which was only saved at its last control would be found there.
    page.frame(lambda frame: frame.epoch > began + 2_000)
    os.kill(server.workers[0], signal.SIGKILL)
    assert page.answer("recovered")["epoch"] > began


def test_a_run_that_has_stopped_by_itself_is_saved_as_it_stands(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(workers=1, save_seconds=3600)
    page = open_page(server)
    page.greet(LINK)
    page.stepped(4)
    os.kill(server.workers[0], signal.SIGKILL)
    assert page.answer("recovered")["epoch"] == 4


def test_all_runs_of_a_worker_go_on(server: Server, open_page: OpenPage) -> None:
    pages = [open_page(server) for _ in range(3)]
    for epochs, page in enumerate(pages, 1):
        page.greet(LINK)
        page.stepped(epochs)
        page.ask("pause")
    os.kill(server.workers[0], signal.SIGKILL)
    for epochs, page in enumerate(pages, 1):
        assert page.answer("recovered")["epoch"] == epochs
        assert page.frame().theta.tobytes() == trained(LINK, epochs)


def test_the_runs_of_the_other_workers_notice_nothing(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(workers=2)
    pages = [open_page(server), open_page(server)]
    for page in pages:
        page.greet(LINK)
    os.kill(server.workers[0], signal.SIGKILL)
    for page in pages:
        page.ask("pause")  # whoever is recovered hears of it before this is answered
    assert sorted([answer["type"] for answer in page.answers].count("recovered") for page in pages) == [0, 1]


def test_a_control_sent_while_the_worker_hangs_is_applied_by_the_next(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.greet(LINK)
    page.stepped(4)
    page.ask("pause")
    os.kill(server.workers[0], signal.SIGSTOP)
    first = page.say("bias", layer=0, unit=0, value=0.5)
    second = page.say("step", count=2)
    page.answer("recovered")
    assert [page.answer("applied")["seq"] for _ in range(2)] == [first, second]
    last = page.frame(lambda frame: frame.epoch == 6)
    expected = Trainer(parse_link(LINK).config)
    expected.train(4)
    expected.set_bias(0, 0, 0.5)
    expected.train(2)
    assert last.theta.tobytes() == expected.network.theta.tobytes()


def test_a_control_sent_while_the_worker_is_dead_is_applied_by_the_next(
    server: Server, open_page: OpenPage, worker_ended: Callable[[int], None]
) -> None:
    page = open_page(server)
    page.greet(LINK)
    page.stepped(4)
    page.ask("pause")
    (worker,) = server.workers
    os.kill(worker, signal.SIGKILL)
    worker_ended(worker)
    assert page.ask("configure", set={"learningRate": 0.3})["epoch"] == 4
    last = page.stepped(2)
    expected = Trainer(parse_link(LINK).config)
    expected.train(4)
    expected.reconfigure(parse_link(LINK + "&learningRate=0.3").config)
    expected.train(2)
    assert last.theta.tobytes() == expected.network.theta.tobytes()


def test_a_file_opened_while_the_worker_is_dead_is_opened_by_the_next(
    server: Server, open_page: OpenPage, worker_ended: Callable[[int], None]
) -> None:
    page = open_page(server)
    page.greet(LINK)
    page.stepped(4)
    file = page.ask("save")["saved"]["file"]
    page.ask("reset")
    (worker,) = server.workers
    os.kill(worker, signal.SIGKILL)
    worker_ended(worker)
    assert page.ask("open", file=file)["epoch"] == 4
    assert page.stepped(2).theta.tobytes() == trained(LINK, 6)


def test_a_session_begun_while_the_worker_is_dead_begins_with_the_next(
    server: Server, open_page: OpenPage, worker_ended: Callable[[int], None]
) -> None:
    (worker,) = server.workers
    os.kill(worker, signal.SIGKILL)
    worker_ended(worker)
    page = open_page(server)
    assert page.greet(LINK)["epoch"] == 0
    assert page.stepped(3).theta.tobytes() == trained(LINK, 3)


def test_a_run_whose_page_is_away_outlives_its_worker(
    server: Server, open_page: OpenPage, worker_ended: Callable[[int], None]
) -> None:
    page = open_page(server)
    session = page.greet(LINK)["session"]
    page.stepped(5)
    page.websocket.close()
    (worker,) = server.workers
    os.kill(worker, signal.SIGKILL)
    worker_ended(worker)
    again = open_page(server)
    again.send({"type": "resume", "protocol": PROTOCOL, "session": session})
    assert again.frame().theta.tobytes() == trained(LINK, 5)
    assert again.stepped(2).theta.tobytes() == trained(LINK, 7)


def test_a_page_that_comes_back_while_its_worker_hangs_is_told_all_that_it_needs_to_begin(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    session = page.greet(LINK)["session"]
    page.stepped(5)
    os.kill(server.workers[0], signal.SIGSTOP)
    page.drop()
    again = open_page(server)
    again.send({"type": "resume", "protocol": PROTOCOL, "session": session})
    again.ask("pause")
    assert "hello" in [answer["type"] for answer in again.answers]


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_the_server_ends_with_all_its_workers_when_it_is_told_to(
    start_server: StartServer, open_page: OpenPage, how: signal.Signals, code: int
) -> None:
    server = start_server(executed=True, workers=2)
    page = playing(open_page(server))
    assert len(server.workers) == 2
    server.end(how)
    assert server.process.returncode == code
    assert page.closed().code == 1012  # the server goes away
    assert server.said == ""


def test_the_server_ends_though_a_worker_has_much_to_say(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(executed=True, workers=1)
    page = open_page(server)
    page.greet("numSamples=5000")
    for _ in range(50):
        page.say("regenerate")
    page.answer("applied")
    server.end()


def test_the_workers_end_with_a_server_that_is_killed(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(executed=True, workers=2)
    playing(open_page(server))
    server.end(signal.SIGKILL)


def test_a_server_with_a_hanging_worker_ends_all_the_same(start_server: StartServer) -> None:
    server = start_server(executed=True, workers=1)
    os.kill(server.workers[0], signal.SIGSTOP)
    server.end()

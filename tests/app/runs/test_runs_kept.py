"""What becomes of accepted runs where the server, or a process of it, is killed; and of its store."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from pathlib import Path

import pytest

from app.schemas.run_request import RunRequest
from app.store.step import FINAL
from app.store.store import Store
from engine import Config
from tests.app.command import Command
from tests.app.scripted import ENDLESS, LONG, XOR, engine_digest, problem, speaking
from tests.server import SERVE, Serve, Server, children, wait_for_end

FEW = {"workers": 1, "processes": 1}


def trainers(server: Server) -> list[int]:
    """The processes that train scripted runs."""
    spawned = []
    for child in children(server.process.pid):
        command = Path(f"/proc/{child}/cmdline").read_bytes()
        if b"spawn_main" in command:
            spawned.append(child)
    return spawned


def refused_start(folder: Path, **playground: object) -> str:
    """What a server says that does not start."""
    ended = Command(folder, data=folder, **playground).process(*SERVE)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    return ended.stderr


# --- the server is killed ---------------------------------------------------------------------------------------------


@pytest.mark.long
def test_after_a_kill_what_waited_is_trained_and_what_trained_goes_on_to_the_same_bits(
    serve: Serve, tmp_path: Path
) -> None:
    with serve(**FEW, data=tmp_path) as server, speaking(server) as api:
        trained = api.trained(link=XOR, epochs=5)["id"]
        running = api.start(**LONG)
        waiting = [api.start(link=XOR, epochs=epochs) for epochs in (6, 7)]
        api.reach(running, 100)
        server.end(signal.SIGKILL)
    with serve(**FEW, data=tmp_path) as server, speaking(server) as api:
        assert [api.ended(run)["progress"]["theta_sha256"] for run in (trained, *waiting)] == [
            engine_digest(XOR, epochs) for epochs in (5, 6, 7)
        ]
        interrupted = api.run(running)
        assert interrupted["status"] == "interrupted"
        assert interrupted["reason"] == "The server ended while it was training."
        assert interrupted["progress"]["epoch"] >= 100
        assert api.ended(running)["status"] == "interrupted"
        assert api.post(f"/runs/{running}/resume").json()["status"] in ("queued", "running")
        ended = api.ended(running)
        assert ended["status"] == "succeeded"
        assert ended["progress"]["theta_sha256"] == engine_digest(XOR, 1_000)
        assert api.epochs(running) == list(range(0, 1_001, 20))  # nothing is missing, nothing is doubled
        problem(api.post(f"/runs/{running}/resume"), 409)
        assert {run["status"] for run in api.json("/runs")["runs"]} == {"succeeded"}


def test_who_heard_of_an_interruption_hears_of_the_resumed_run(serve: Serve, tmp_path: Path) -> None:
    with serve(**FEW, data=tmp_path) as server, speaking(server) as api:
        run = api.start(**ENDLESS, record={"losses": 1_000})
        api.reach(run, 0)
    with serve(**FEW, data=tmp_path) as server, speaking(server) as api:
        assert api.events(run)[-1].data["status"] == "interrupted"
        api.post(f"/runs/{run}/resume")
        with api.watching(run, after="end") as events:
            assert next(events).id == "0"
        api.post(f"/runs/{run}/cancel")


def test_a_server_that_ends_marks_what_it_trains_leaves_no_process_and_says_nothing(
    serve: Serve, tmp_path: Path
) -> None:
    with serve(workers=1, processes=2, data=tmp_path) as server, speaking(server) as api:
        runs = [api.start(**ENDLESS, record={"losses": 1_000}) for _ in range(3)]
        for run in runs[:2]:
            api.reach(run, 1_000)
        with api.watching(runs[0]) as events:
            next(events)
            server.end()  # which sees that all its processes are gone
            assert [event.name for event in events].count("end") == 0
        assert (server.process.returncode, server.said) == (0, "")
    with serve(**FEW, data=tmp_path) as server, speaking(server) as api:
        left = [run for run in runs if api.run(run)["status"] != "interrupted"]
        assert len(left) == 1  # whichever waited for its turn
        assert api.run(left[0])["status"] not in FINAL  # it goes on by itself
        api.post(f"/runs/{left[0]}/cancel")


def test_ctrl_c_ends_a_server_as_quietly(serve: Serve, tmp_path: Path) -> None:
    with serve(**FEW, data=tmp_path) as server, speaking(server) as api:
        api.reach(api.start(**ENDLESS), 0)
        server.end(signal.SIGINT)
        assert server.said == ""


# --- a process is killed ----------------------------------------------------------------------------------------------


def test_a_run_whose_process_is_killed_comes_to_the_same_bits(serve: Serve) -> None:
    with serve(**FEW) as server, speaking(server) as api:
        run = api.start(**LONG)
        for epoch in (20, 500):
            api.reach(run, epoch)
            for process in trainers(server):
                os.kill(process, signal.SIGKILL)
                wait_for_end(process)
        ended = api.ended(run)
        assert (ended["status"], ended["progress"]["theta_sha256"]) == ("succeeded", engine_digest(XOR, 1_000))
        assert api.epochs(run) == list(range(0, 1_001, 20))


def test_a_run_whose_processes_are_all_killed_fails_with_a_sentence(serve: Serve) -> None:
    with serve(**FEW) as server, speaking(server) as api:
        run = api.start(config={"networkShape": [64] * 10, "batchSize": 1, "numSamples": 5_000}, epochs=1_000)
        api.reach(run, 0)
        while api.run(run)["status"] == "running":
            for process in trainers(server):
                os.kill(process, signal.SIGKILL)
                wait_for_end(process)
        ended = api.ended(run)
        assert ended["status"] == "failed"
        assert ended["reason"] == "It could not be trained: the process that worked on it died 3 times."
        assert api.trained(link=XOR, epochs=5)["progress"]["theta_sha256"] == engine_digest(XOR, 5)


# --- the store --------------------------------------------------------------------------------------------------------


def test_a_second_server_on_the_same_data_is_refused_and_the_first_goes_on(serve: Serve, tmp_path: Path) -> None:
    with serve(**FEW, data=tmp_path) as server, speaking(server) as api:
        run = api.start(**LONG)
        said = refused_start(tmp_path)
        assert said == (
            f"The run store {tmp_path / 'runs.sqlite3'} cannot be opened: the playground at {server.address}/ (process "
            f"{server.process.pid}) serves it. Use that one with --server, or another folder with --data.\n"
        )
        assert api.ended(run)["progress"]["theta_sha256"] == engine_digest(XOR, 1_000)


@pytest.mark.long
def test_a_server_does_not_start_on_a_damaged_store_and_leaves_it_as_it_is(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    with closing(Store(path)) as store:
        for _ in range(30):
            store.add_run(RunRequest(link=XOR).spec(Config()), None, "", 30)
    data = path.read_bytes()
    half = len(data) // 2
    for bad in (b"damaged" * 1_000, data[:half] + bytes(4_096) + data[half + 4_096 :]):
        path.write_bytes(bad)
        said = refused_start(tmp_path)
        assert said.startswith(f"The run store {path} is damaged and was left as it is: ")
        assert "Move it away to start with an empty one, or put a copy of it back." in said
        assert path.read_bytes() == bad
    path.rename(tmp_path / "damaged")
    with serve(**FEW, data=tmp_path) as server, speaking(server) as api:
        assert api.json("/runs")["runs"] == []

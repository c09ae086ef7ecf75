"""The client of the HTTP API in an event loop, beside the one that waits."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Coroutine
from inspect import getdoc, signature
from typing import Any, TypeVar, assert_type

import pytest

from app.client import (
    AsyncPlaygroundClient,
    AsyncRun,
    AsyncSession,
    AsyncSweep,
    PlaygroundClient,
    PlaygroundError,
    Run,
    Session,
    Sweep,
)
from engine import Config, Trainer
from engine.restarts.restarts import weight_seeds
from engine.state import digest
from engine.training.record import record
from tests.app.conftest import OpenPage
from tests.app.scripted import engine_digest
from tests.app.unsteady import unsteady
from tests.server import Server

XOR = "dataset=xor&networkShape=3&seed=0.5"
T = TypeVar("T")
PAIRS = [(PlaygroundClient, AsyncPlaygroundClient), (Run, AsyncRun), (Sweep, AsyncSweep), (Session, AsyncSession)]
ONLY_WAITING = {"runs"}
"""A property, which cannot be awaited: `list_runs` can."""


def in_loop(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


@pytest.mark.parametrize(("waiting", "awaited"), PAIRS)
def test_both_clients_have_the_same_methods_parameters_and_words(waiting: type, awaited: type) -> None:
    missing = public(waiting) - public(awaited)
    assert missing <= (ONLY_WAITING if waiting is Sweep else set())
    assert public(awaited) <= public(waiting)
    for name in public(awaited):
        one, other = getattr(waiting, name), getattr(awaited, name)
        if callable(one) and not isinstance(one, type):
            assert signature(one).parameters == signature(other).parameters, name
            assert getdoc(one) == getdoc(other), name
            assert getdoc(one), name


def test_what_methods_give_is_known_to_type_checkers(server: Server) -> None:
    async def work() -> None:
        async with AsyncPlaygroundClient(server.address) as client:
            assert_type(await client.runs(limit=1), list[AsyncRun])
            assert_type(await client.start(XOR, epochs=1), AsyncRun)

    in_loop(work())
    with PlaygroundClient(server.address) as client:
        run = assert_type(client.train(XOR, epochs=1, on_progress=lambda now: now.progress.epoch), Run)
        assert_type(run.refresh(), Run)
        assert_type(run.model(), bytes)


def test_a_run_is_trained_watched_and_read_in_a_loop(server: Server) -> None:
    async def work() -> None:
        async with AsyncPlaygroundClient(server.address) as client:
            run = await client.start(XOR, epochs=30, record={"snapshots": 10})
            assert [entry.epoch async for entry in run.events()] == list(range(31))
            assert (run.status, run.ended) == ("succeeded", True)
            assert run.progress.theta_sha256 == engine_digest(XOR, 30)
            history = await run.history()
            assert history["test_loss"].tolist() == record(Trainer(run.config), 30)["test_loss"].tolist()
            assert digest(await run.trainer()) == engine_digest(XOR, 30)
            assert (await run.predict([(0.5, -1)])).outputs.shape == (1,)
            assert (await client.run(run.id)).view == run.view
            assert run.id in [one.id for one in await client.runs(limit=5)]
            assert repr(run).startswith(f"<AsyncRun {run.id}: succeeded")

    in_loop(work())


def test_several_runs_are_waited_for_at_once(server: Server) -> None:
    async def work() -> list[AsyncRun]:
        async with AsyncPlaygroundClient(server.address) as client:
            return await asyncio.gather(*(client.train(f"{XOR}&noise={noise}", epochs=20) for noise in (0, 10, 20)))

    assert [(run.status, run.config.noise) for run in in_loop(work())] == [("succeeded", n) for n in (0, 10, 20)]


def test_who_stops_listening_or_is_cancelled_leaves_the_run_and_the_client_alone(server: Server) -> None:
    async def work() -> None:
        async with AsyncPlaygroundClient(server.address) as client:
            run = await client.start(XOR, epochs=10_000_000)
            events = run.events()
            assert (await anext(events)).epoch == 0
            await events.aclose()
            listened = asyncio.Event()
            waiting = asyncio.create_task(run.wait(lambda _: listened.set()))
            await listened.wait()
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            assert (await run.cancel()).status == "cancelled"
            await run.delete()
            with pytest.raises(PlaygroundError, match="There is no run"):
                await run.refresh()

    in_loop(work())


def test_a_lost_connection_loses_and_doubles_no_event_in_a_loop(server: Server) -> None:
    async def work(address: str, cut: Any) -> list[int]:
        async with AsyncPlaygroundClient(address) as client:
            run, seen = await client.start(XOR, epochs=400, record={"losses": 1}), []
            async for entry in run.events():
                seen.append(entry.epoch)
                if entry.epoch in (3, 200):
                    cut()
            return seen

    with unsteady(server) as line:
        assert in_loop(work(line.address, line.cut)) == list(range(401))


def test_sweeps_are_waited_for_and_ranked_in_a_loop(server: Server) -> None:
    async def work() -> None:
        async with AsyncPlaygroundClient(server.address) as client:
            sweep = await client.sweep(XOR, grid={"noise": [0, 50]}, epochs=5)
            assert (await sweep.wait()).ended
            rows = await sweep.ranked("test_loss")
            assert [row["test_loss"] for row in rows] == sorted(row["test_loss"] for row in await sweep.results())
            best = await sweep.best("test_loss")
            assert isinstance(best, AsyncRun)
            assert best.id == rows[0]["id"]
            assert [run.id for run in await sweep.list_runs()] == [row["id"] for row in await sweep.results()]
            assert sweep.id in [one.id for one in await client.sweeps(limit=5)]
            await sweep.delete()

    in_loop(work())


def test_restarts_are_a_sweep_over_first_weights_of_which_the_first_are_the_runs_own(server: Server) -> None:
    with PlaygroundClient(server.address) as client:
        for source in (XOR, Config(dataset="xor", networkShape=(3,)), {"dataset": "xor", "networkShape": [3]}):
            sweep = client.restarts(source, 3, epochs=4).wait()
            config = Config(dataset="xor", networkShape=(3,))
            assert [row["weightSeed"] for row in sweep.results()] == weight_seeds(config, 3)
            assert sweep.runs[0].progress.theta_sha256 == engine_digest(XOR, 4)


def test_a_network_from_a_file_is_read_to_the_state_that_it_was_in(server: Server) -> None:
    with PlaygroundClient(server.address) as client:
        run = client.train(XOR, epochs=3)
        saved = client.read_model(run.model("npz"))
        assert Config.model_validate(saved.config) == run.config
        assert saved.state == client.read_model(run.model()).state
        with pytest.raises(PlaygroundError, match="expected"):
            client.read_model(b"tea")


def test_a_pages_run_is_steered_by_both_clients(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    hello = page.greet(XOR)

    async def work() -> AsyncSession:
        async with AsyncPlaygroundClient(server.address) as client:
            session = await client.session(hello["id"], hello["session"])
            return await session.steer(config={"learningRate": 0.3}, step=2)

    session = in_loop(work())
    assert (session.config.learningRate, session.id) == (0.3, hello["id"])
    with PlaygroundClient(server.address) as client:
        again = client.session(hello["id"], hello["session"])
        assert again.config == session.config
        assert again.steer(reset=True, playing=False).view.epoch == 0
        assert repr(again) == f"<Session {again.id}: at rest, epoch 0>"
        with pytest.raises(PlaygroundError, match="Authorization") as refused:
            client.session(hello["id"], "another")
    assert refused.value.status == 401


def test_the_client_loads_no_server() -> None:
    heavy = "{'fastapi', 'starlette', 'uvicorn', 'PIL', 'pandas', 'jinja2', 'prometheus_client'}"
    code = f"import sys, app.client; print(sorted({heavy} & {{name.partition('.')[0] for name in sys.modules}}))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"

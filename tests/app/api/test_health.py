"""Whether a server says that it is well, and that it is not."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import threading
from pathlib import Path

import httpx
import pytest

from app.api import health
from app.server.application import create_app
from app.settings import Settings
from engine.tapes import tape
from tests.app.scripted import XOR, engine_digest, problem, speaking
from tests.server import PATIENCE, Serve, Server, wait_for_end


def ask(server: Server, path: str) -> httpx.Response:
    return httpx.get(f"{server.address}{path}", trust_env=False, timeout=PATIENCE)


def test_a_server_is_ready_once_it_has_started(server: Server) -> None:
    updates = {"updates": "tape" if tape.is_used() else "numpy"}
    for path, more in (("/healthz", {}), ("/readyz", updates)):
        answer = ask(server, path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok", **more})


def test_a_server_is_not_ready_while_a_worker_is_missing(serve: Serve) -> None:
    with serve(workers=1, processes=1, hang_seconds=600) as server:
        (worker,) = server.workers
        os.kill(worker, signal.SIGKILL)
        wait_for_end(worker)
        while (answer := ask(server, "/readyz")).status_code == 200:  # until the server has heard of it
            pass
        assert problem(answer, 503)["detail"] == "A process that trains is starting."
        assert answer.headers["retry-after"]
        assert ask(server, "/healthz").status_code == 200


def test_a_server_whose_disk_is_full_says_so_loses_nothing_and_goes_on_when_there_is_room(serve: Serve) -> None:
    with serve(workers=1, processes=1) as server, speaking(server) as api:
        run = api.start(link=XOR, epochs=1_000, record={"losses": 10})
        api.reach(run, 10)
        before = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
        full = (4096, before[1])  # the server can write no further into any file, root or not
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, full)
        refuses(ask(server, "/readyz"))
        for answer in (
            api.post("/runs", {"link": XOR}),
            api.post("/sweeps", {"link": XOR}),
            api.post(f"/runs/{run}/cancel"),
        ):
            refuses(answer)
        assert api.run(run)["status"] == "running"  # it can still be read
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, before)
        assert ask(server, "/readyz").status_code == 200
        assert api.ended(run)["progress"]["theta_sha256"] == engine_digest(XOR, 1_000)
        assert api.epochs(run) == list(range(0, 1_001, 10))


def test_a_server_whose_store_hangs_is_not_ready_and_says_so_at_once_and_goes_on_when_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "STORE_SECONDS", 0.05)
    app, hanging = create_app(Settings(data=tmp_path), live=False), threading.Event()

    async def asked() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            hang = asyncio.create_task(app.state.runner.call(hanging.wait))
            await asyncio.sleep(0)
            answers = [await client.get(path) for path in ("/readyz", "/healthz")]
            hanging.set()
            await hang
            monkeypatch.setattr(health, "STORE_SECONDS", PATIENCE)  # a busy machine is no fault
            return [*answers, await client.get("/readyz")]

    try:
        unready, *well = asyncio.run(asked())
    finally:
        app.state.runner.store.close()
    refuses(unready)
    assert [answer.status_code for answer in well] == [200, 200]


def refuses(answer: httpx.Response) -> None:
    assert problem(answer, 503)["detail"].startswith("The run store ")
    assert int(answer.headers["retry-after"]) > 0

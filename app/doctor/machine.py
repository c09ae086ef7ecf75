"""Checks of this machine: port, worker processes, file descriptors, memory."""

from __future__ import annotations

import asyncio
import errno
import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.doctor.finding import Check, Finding, ok, problem, warning

if TYPE_CHECKING:
    from app.settings import Settings

WORKER_SECONDS, ANSWER_SECONDS = 30, 5
SPARE_FILES = 64
"""File descriptors of a server that are no page's; on two cores it has 22 at rest."""
SERVER_MEGABYTES, PROCESS_MEGABYTES, SESSION_MEGABYTES = 100, 60, 2
"""As measured: the server, each process beside it, and a session with a network of 8-8-8."""
CONTAINER = Path("/sys/fs/cgroup/memory.max")
"""What a container or a unit of systemd may take."""


def checks(settings: Settings) -> dict[str, Check]:
    """All that is looked at here, by what it is about."""
    return {
        "port": partial(port, settings),
        "worker": partial(worker, settings),
        "descriptors": partial(descriptors, settings),
        "memory": partial(memory, settings),
    }


def port(settings: Settings) -> Iterator[Finding]:
    """Whether a server could listen where it should, or does already."""
    from app.server.serve import bind

    where = f"{settings.host}:{settings.port}"
    try:
        bind(settings.host, settings.port).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            yield _who_listens(settings)
        else:
            yield problem("port", f"No server can listen at {where}: {error.strerror}. Set PLAYGROUND_HOST or _PORT.")
    else:
        yield ok("port", f"{where} is free." if settings.port else "Any free port will be taken.")


def _who_listens(settings: Settings) -> Finding:
    import httpx

    from app.settings import EVERYWHERE

    name = "127.0.0.1" if settings.host in EVERYWHERE else settings.host
    url = httpx.URL(scheme="http", host=name, port=settings.port)
    try:
        with httpx.Client(base_url=url, trust_env=False, timeout=ANSWER_SECONDS) as client:
            ours = client.get("/healthz").json() == {"status": "ok"}
            ready = client.get("/readyz")
    except (httpx.HTTPError, ValueError):
        ours = False
    if not ours:
        return problem("port", f"Something else listens at {url}: end it, or set PLAYGROUND_PORT to another port.")
    if ready.is_success:
        return ok("port", f"A playground serves at {url} and is ready.")
    return problem("port", f"A playground serves at {url} and is not ready: {ready.json()['detail']}")


def worker(settings: Settings) -> Iterator[Finding]:
    """Whether a process that trains for pages starts, and answers."""
    from app.metrics import Metrics
    from app.sessions.worker_pool import WorkerError, WorkerPool

    async def start() -> None:
        started = asyncio.Event()
        pool = WorkerPool(settings.model_copy(update={"workers": 1}), Metrics())
        tasks = [asyncio.create_task(pool.run(started.set)), asyncio.create_task(started.wait())]
        try:
            async with asyncio.timeout(WORKER_SECONDS):
                (first, *_), _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await first
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    began = time.perf_counter()
    try:
        asyncio.run(start())
    except TimeoutError:
        yield problem("worker", f"No process that trains has answered for {WORKER_SECONDS} seconds.")
    except WorkerError as error:
        yield problem("worker", str(error))
    else:
        yield ok("worker", f"A process that trains starts and answers within {time.perf_counter() - began:.1f} s.")


def descriptors(settings: Settings) -> Iterator[Finding]:
    """Whether as many files may be open as there may be connections."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    sessions, connections = settings.max_sessions, settings.connections
    files = f"{limit:,} files may be open at once"
    if limit == resource.RLIM_INFINITY or limit >= max(sessions + SPARE_FILES, connections):
        yield ok("descriptors", f"Enough files may be open at once for {connections:,} connections.")
    elif limit < sessions + SPARE_FILES:
        yield problem(
            "descriptors", f"Only {files}, too few for {sessions:,} sessions: ulimit -n {sessions + SPARE_FILES}"
        )
    else:
        yield warning(
            "descriptors",
            f"Only {files}, and PLAYGROUND_CONNECTIONS is {connections}: ulimit -n {connections + SPARE_FILES}",
        )


def memory(settings: Settings) -> Iterator[Finding]:
    """Whether there is memory for as many sessions as there may be."""
    there = _megabytes()
    if there is None:
        return
    fixed = SERVER_MEGABYTES + PROCESS_MEGABYTES * (settings.workers + settings.processes)
    needed = fixed + SESSION_MEGABYTES * settings.max_sessions
    said = f"{settings.max_sessions:,} sessions take about {needed:,} MB, of {there:,} MB"
    if needed > there:
        yield warning(
            "memory", f"{said}: set PLAYGROUND_MAX_SESSIONS to {max(1, (there - fixed) // SESSION_MEGABYTES)}."
        )
    elif settings.workers * settings.worker_megabytes > there:
        fair = max(256, (there - fixed) // settings.workers)
        yield ok("memory", f"{said}. So that large runs cannot take it all: PLAYGROUND_WORKER_MEGABYTES={fair}")
    else:
        yield ok("memory", f"{said}.")


def _megabytes() -> int | None:
    """The memory of this machine, or of this container; None where the system does not tell."""
    try:
        found = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        limit = CONTAINER.read_text().strip() if CONTAINER.exists() else "max"
    except (AttributeError, ValueError, OSError):
        return None
    return (found if limit == "max" else min(found, int(limit))) // 1_000_000

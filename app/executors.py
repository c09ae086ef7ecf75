"""Where scripted runs are trained: processes of this machine behind the live pages, or a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import NamedTuple

from app.pool import SINGLE_THREADED
from app.settings import Settings
from engine.problems import Problem


class Crew(NamedTuple):
    """Those who do tasks."""

    executor: Executor
    size: int
    """How many tasks they do at once."""
    end: Callable[[], None]
    """Sends them home, whatever they are doing."""


def local(processes: int) -> Crew:
    """Processes of this machine that train only while the live pages leave them time."""
    for name, value in SINGLE_THREADED.items():  # seen by the new processes before they import NumPy
        os.environ.setdefault(name, value)
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=_stand_back)

    def end() -> None:
        for process in list((pool._processes or {}).values()):  # it has no public way to end them at once
            process.kill()
        pool.shutdown()

    return Crew(pool, processes, end)


def _stand_back() -> None:
    """Run in each process before its first task."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which then ends us
    if hasattr(os, "SCHED_IDLE"):  # Linux
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    elif hasattr(os, "nice"):
        os.nice(19)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A server that is killed cannot end its processes, and they would wait for tasks for ever."""
    parent = multiprocessing.parent_process()
    assert parent
    wait([parent.sentinel])
    os._exit(1)


def starter(settings: Settings) -> Callable[[], Crew]:
    """What starts the crew that the settings ask for."""
    if settings.scheduler:
        return lambda: dask(settings.scheduler)
    return lambda: local(settings.processes)


def dask(address: str) -> Crew:
    """A Dask cluster's workers; ValueError where there are none."""
    try:
        from distributed import Client
    except ImportError:
        raise ValueError(
            str(Problem("scheduler", "the extra `dask` to be installed (neural-playground[dask])", "nothing"))
        ) from None
    try:
        client = Client(address, timeout="5s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ValueError(str(Problem("scheduler", "the address of a Dask scheduler", f"{address}: {error}"))) from None
    return Crew(client.get_executor(retries=3), max(1, sum(client.ncores().values())), client.close)

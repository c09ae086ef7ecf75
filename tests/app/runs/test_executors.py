"""Who trains scripted runs: processes that stand back behind live pages, or nobody, with a sentence that says so."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from unittest import mock

import pytest

from app.runs import executors
from app.settings import Settings
from tests.app.runs.test_runs_kept import refused_start, trainers
from tests.app.scripted import XOR, speaking
from tests.server import PATIENCE, Serve


def niceness(process: int) -> int:
    """How far a process stands back; 0 is the one that asks."""
    return os.getpriority(os.PRIO_PROCESS, process)


def test_processes_start_when_there_is_something_to_train_and_stand_back_behind_live_pages(serve: Serve) -> None:
    with serve(workers=1, processes=2) as server, speaking(server) as api:
        api.json("/runs")
        assert trainers(server) == []
        api.trained(link=XOR, epochs=1)
        (first, *_) = trainers(server)
        (worker,) = server.workers
        assert niceness(server.process.pid) < niceness(worker) < niceness(first)
        assert os.sched_getscheduler(first) == os.SCHED_OTHER  # the idle class gets nothing beside a busy program


def test_without_live_pages_processes_do_not_stand_back() -> None:
    with mock.patch.dict(os.environ), mock.patch.object(sys, "path", [*sys.path]):  # which the start makes safe
        pool = executors.starter(Settings(processes=1), live=False)()
        try:
            assert pool.executor.submit(niceness, 0).result(PATIENCE) == niceness(os.getpid())
        finally:
            pool.end()


def test_without_the_extra_a_scheduler_is_refused_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    start = executors.starter(Settings(scheduler="tcp://127.0.0.1:1"))
    with pytest.raises(
        ValueError, match=r"scheduler: expected the extra `dask` to be installed \(neural-playground\[dask\]\)"
    ):
        start()


def test_where_no_scheduler_answers_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    monkeypatch.setattr(executors, "CONNECT", "100ms")
    sentence = "scheduler: expected the address of a Dask scheduler, got tcp://127.0.0.1:1: "
    with pytest.raises(ValueError, match=f"^{sentence}"):
        executors.dask("tcp://127.0.0.1:1")


def test_a_server_does_not_start_where_there_is_no_scheduler(tmp_path: Path) -> None:
    sentence = "scheduler: expected an address as tcp://127.0.0.1:8786, got 'nowhere:?'."
    assert refused_start(tmp_path, scheduler="nowhere:?").startswith(sentence)

"""A server whose processes do not come up, and one that is told to end before it serves."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.test_ends import END_SECONDS
from tests.faults.witness import until
from tests.server import PATIENCE, ROOT, StartServer, children, clean_environment, wait_for_end

HANGING = "open({fifo!r}, 'w').close(); import time; time.sleep(1_000_000)"
"""Says by a pipe that it is there, and does nothing more."""
STUCK_WORKER = f"import app.sessions.worker_pool; app.sessions.worker_pool.WORKER_PROGRAM = {HANGING!r}"
STUCK_SERVER = (
    f"import app.server.application; app.server.application.create_app = lambda *given, **named: exec({HANGING!r})"
)
CODES = {signal.SIGTERM: 0, signal.SIGINT: 130}


@contextmanager
def starting(folder: Path, changed: str) -> Iterator[subprocess.Popen[str]]:
    """A server in which something was changed, in a group of processes of its own."""
    program = f"import sys; sys.path.append({str(ROOT)!r}); {changed}; from playground.command import main; main()"
    with subprocess.Popen(
        [sys.executable, "-P", "-c", program, "serve", "--no-open"],
        env=clean_environment(data=folder, workers=1),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("import os; os._exit(7)", "nothing, and ended with code 7."),
    ],
)
def test_a_server_whose_workers_never_come_up_ends_with_what_they_said(tmp_path: Path, program: str, said: str) -> None:
    with starting(
        tmp_path, f"import app.sessions.worker_pool; app.sessions.worker_pool.WORKER_PROGRAM = {program!r}"
    ) as process:
        out, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (1, "")
    assert errors == f"No process that trains for pages comes up. The last one said: {said}\n"


def wait_for_writer(fifo: Path) -> None:
    """Until somebody has opened a named pipe for writing, and closed it."""
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        readable, _, _ = select.select([reading], [], [], PATIENCE)
    finally:
        os.close(reading)
    assert readable, "nobody came"


def test_a_server_whose_worker_hangs_at_its_start_ends_in_seconds(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with starting(tmp_path, STUCK_WORKER.replace("{fifo!r}", repr(str(fifo)))) as process:
        wait_for_writer(fifo)
        out, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (1, "")
    assert errors == "No process that trains for pages comes up. The last one said: nothing, and got nowhere.\n"


@pytest.mark.parametrize("how", CODES)
@pytest.mark.parametrize("stuck", [STUCK_SERVER, STUCK_WORKER], ids=["server", "worker"])
def test_a_server_that_has_not_started_yet_ends_when_it_is_told_to(
    tmp_path: Path, stuck: str, how: signal.Signals
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with starting(tmp_path, stuck.replace("{fifo!r}", repr(str(fifo)))) as process:
        wait_for_writer(fifo)  # until it hangs
        workers = children(process.pid)
        os.killpg(process.pid, how)  # as a terminal does
        out, errors = process.communicate(timeout=END_SECONDS)
    assert (process.returncode, out, errors) == (CODES[how], "", "")
    for worker in workers:
        wait_for_end(worker)


def test_a_second_ctrl_c_ends_a_server_that_waits_for_a_request(start_server: StartServer) -> None:
    server = start_server(workers=1)
    with socket.create_connection(("127.0.0.1", server.port)) as half:
        half.sendall(b"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        server.process.send_signal(signal.SIGINT)
        until(lambda: not _listens(server.port))
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(END_SECONDS) == 130
    assert server.said == ""


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True

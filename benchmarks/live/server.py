"""A server as a person starts it, and what its processes take."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import httpx
import psutil
from prometheus_client.parser import text_string_to_metric_families

ROOT = Path(__file__).parents[2]
OURS = 100_000
"""Sessions that may come from one address: all of the simulated pages do."""


class Usage(NamedTuple):
    """What a server's processes took."""

    server: float  # processor seconds of the process that talks to pages
    workers: float  # of those that train
    megabytes: float  # of memory, in all of them together
    files: int  # open in the server's process


class Served:
    """A running server."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process, self.address = process, address
        self.url = address.replace("http", "ws", 1) + "/api/v1/live"
        self._server = psutil.Process(process.pid)

    def usage(self) -> Usage:
        """What it took so far."""
        children = [child for child in self._server.children() if "app.worker" in " ".join(child.cmdline())]
        everyone = [self._server, *children]
        return Usage(
            _seconds(self._server),
            sum(map(_seconds, children)),
            sum(process.memory_full_info().uss for process in everyone) / 1e6,
            self._server.num_fds(),
        )

    def metrics(self) -> dict[str, float]:
        """All its numbers, by their names and labels."""
        text = httpx.get(f"{self.address}/metrics").text
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return {"".join([sample.name, *sample.labels.values()]): sample.value for sample in samples}

    def sweep(self, runs: int) -> str:
        """Have so many short runs trained behind the pages; gives where to ask for them."""
        asked = {"config": {"dataset": "spiral", "networkShape": [8, 8]}, "epochs": 200, "seeds": 10}
        grid = {"learningRate": [0.01 + 0.001 * number for number in range(runs // 10)]}
        answer = httpx.post(f"{self.address}/api/v1/sweeps", json={**asked, "grid": grid})
        return str(self.address + answer.raise_for_status().headers["Location"])


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def serving(port: int = 0, **settings: object) -> Iterator[Served]:
    """A server with some settings, on a free port if none is named."""
    with TemporaryDirectory() as folder:
        settings = {"port": port, "data": folder, "sessions_per_address": OURS, **settings}
        named = {f"PLAYGROUND_{name.upper()}": str(value) for name, value in settings.items()}
        process = subprocess.Popen(
            [sys.executable, "-m", "playground", "serve", "--no-open"],
            cwd=ROOT,
            env={**os.environ, **named},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        try:
            found = re.search(r"http://[^\s/]+", process.stdout.readline())
            assert found, "the server did not start"
            yield Served(process, found[0])
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
            process.stdout.close()

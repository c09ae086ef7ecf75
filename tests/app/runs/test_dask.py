"""Sweeps on a Dask cluster: a scheduler and workers in processes of their own, some of which die."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.app.scripted import XOR, engine_digest, speaking
from tests.server import ROOT, Serve

pytest.importorskip("distributed", reason="the extra `dask` is not installed")

SWEEP = {
    "link": XOR,
    "epochs": 200,
    "grid": {"learningRate": [0.003, 0.01, 0.03]},
    "seeds": 2,
    "record": {"losses": 25},
}
QUIET = ["--host", "127.0.0.1", "--no-dashboard"]


class Cluster:
    """A scheduler and two workers of one thread each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("app.py", "engine.py"):  # a worker's folder may have files of these names
            (folder / name).write_text("raise RuntimeError('not the module that was meant')\n")
        self.scheduler, self.address = self._scheduler("0")
        self.workers = self._workers()

    def _scheduler(self, port: str) -> tuple[subprocess.Popen[str], str]:
        process = self._start("scheduler", "--port", port)
        return process, self._said(process, "Scheduler at:").split()[-1]

    def _workers(self) -> list[subprocess.Popen[str]]:
        once = ("--no-nanny", "--nthreads", "1", "--local-directory", str(self._folder))
        workers = [self._start("worker", self.address, *once) for _ in range(2)]
        for worker in workers:
            self._said(worker, "Registered to:")
        return workers

    def _start(self, role: str, *options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{role}", *QUIET, *options],
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )

    def _said(self, process: subprocess.Popen[str], words: str) -> str:
        """The line in which a process says something."""
        assert process.stderr
        return next(line for line in process.stderr if words in line)

    def restart(self) -> None:
        """Lose the scheduler, and the workers with it, and have others at the same address."""
        self.end()
        self.scheduler, _ = self._scheduler(self.address.rpartition(":")[2])
        self.workers = self._workers()

    def end(self) -> None:
        """End all its processes."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
            if process.stderr:
                process.stderr.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster, with no thread of Dask in this process."""
    with ExitStack() as stack:
        made = Cluster(tmp_path)
        stack.callback(made.end)
        yield made


def test_a_sweep_on_a_cluster_whose_worker_dies_comes_to_the_engines_bits(serve: Serve, cluster: Cluster) -> None:
    with serve(workers=1, scheduler=cluster.address) as server, speaking(server) as api:
        sweep = api.sweep(**SWEEP)
        api.reach(api.json(f"/sweeps/{sweep}")["runs"][1]["id"], 50)
        cluster.workers[0].kill()
        after = api.swept(sweep)
        assert after["counts"] == {"succeeded": 6}
        for run in after["runs"]:
            link = f"{XOR}&learningRate={run['place']['learningRate']}&seed={run['place']['seed']}"
            assert run["progress"]["theta_sha256"] == engine_digest(link, 200)
            assert api.epochs(run["id"]) == list(range(0, 201, 25))
        assert api.get(f"/runs/{run['id']}/boundary.png").status_code == 200
        server.end()
        assert (server.process.returncode, server.said) == (0, "")


def test_a_run_goes_on_to_the_same_bits_when_a_lost_scheduler_is_back(serve: Serve, cluster: Cluster) -> None:
    with serve(workers=1, scheduler=cluster.address) as server, speaking(server) as api:
        run = api.start(link=XOR, epochs=1_000, record={"losses": 50})
        api.reach(run, 50)
        cluster.restart()
        assert api.ended(run)["progress"]["theta_sha256"] == engine_digest(XOR, 1_000)
        assert api.epochs(run) == list(range(0, 1_001, 50))


def test_a_cluster_that_a_script_starts_beside_modules_of_its_own_trains_ours(tmp_path: Path) -> None:
    for name in ("app.py", "engine.py"):
        (tmp_path / name).write_text("raise RuntimeError('not the module that was meant')\n")
    script = tmp_path / "script.py"
    script.write_text(
        "import playground.ownership\n"
        "from distributed import LocalCluster\n"
        "from app.runs.executors import dask\n"
        "from app.process.resources import lower_priority\n"
        "if __name__ == '__main__':\n"
        "    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:\n"
        "        pool = dask(cluster.scheduler_address)\n"
        "        print(pool.size, pool.executor.submit(lower_priority, 0).result())\n"
        "        pool.end()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "1 None\n"), ran.stderr

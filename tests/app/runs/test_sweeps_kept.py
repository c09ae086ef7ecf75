"""A sweep whose server is killed in the middle: nothing is lost, nothing is doubled, the results are the same."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.app.runs.test_runs_kept import trainers
from tests.app.scripted import XOR, Api, Json, engine_digest, speaking
from tests.server import Serve, wait_for_end

SWEEP = {
    "link": XOR,
    "epochs": 200,
    "grid": {"learningRate": [0.003, 0.01, 0.03]},
    "seeds": 2,
    "record": {"losses": 25},
}


def told(api: Api, id: str) -> list[Json]:
    """The results without the seconds and the ids, and each run's recorded epochs."""
    rows = api.json(f"/sweeps/{id}/results")
    return [
        {name: value for name, value in row.items() if name not in ("id", "seconds")}
        | {"epochs": api.epochs(row["id"])}
        for row in rows
    ]


def test_a_sweep_whose_server_is_killed_ends_as_if_it_had_not_been(serve: Serve, tmp_path: Path) -> None:
    with serve(workers=1, processes=2, data=tmp_path) as server, speaking(server) as api:
        undisturbed = told(api, api.swept(api.sweep(**SWEEP))["id"])
        sweep = api.sweep(**SWEEP)
        second = api.json(f"/sweeps/{sweep}")["runs"][1]["id"]
        api.reach(second, 50)
        server.end(signal.SIGKILL)
    with serve(workers=1, processes=2, data=tmp_path) as server, speaking(server) as api:
        before = api.swept(sweep)
        assert set(before["counts"]) == {"interrupted", "succeeded"}  # what waited was trained
        assert sum(before["counts"].values()) == 6
        api.post(f"/sweeps/{sweep}/resume")
        after = api.swept(sweep)
        assert after["counts"] == {"succeeded": 6}
        assert told(api, sweep) == undisturbed
        assert [run["place"] for run in after["runs"]] == [run["place"] for run in before["runs"]]
        for run in after["runs"]:
            link = f"{XOR}&learningRate={run['place']['learningRate']}&seed={run['place']['seed']}"
            assert run["progress"]["theta_sha256"] == engine_digest(link, 200)


def test_a_sweep_whose_processes_are_killed_ends_as_if_they_had_not_been(serve: Serve) -> None:
    with serve(workers=1, processes=2) as server, speaking(server) as api:
        sweep = api.sweep(**SWEEP)
        for run in api.json(f"/sweeps/{sweep}")["runs"][:3]:
            api.reach(run["id"], 50)
            for process in trainers(server)[:1]:  # there may be none yet
                os.kill(process, signal.SIGKILL)
                wait_for_end(process)
        after = api.swept(sweep)
        assert after["counts"] == {"succeeded": 6}
        assert {tuple(row["epochs"]) for row in told(api, sweep)} == {tuple(range(0, 201, 25))}

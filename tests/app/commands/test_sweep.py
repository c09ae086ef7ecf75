"""`playground sweep`, `sweeps` and `runs`: here, in a store of one's own, and at a server."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pytest

from app.client import PlaygroundClient
from app.explain.notes import notes_on
from app.schemas.run_request import RunRequest
from app.schemas.sweep_request import DIFFERENT_LOSSES
from app.search.objective import TESTED
from app.store.owners import LONGEST_COMMAND
from app.store.store import Store
from engine import Config
from tests.app.command import Command, assert_refused, json_of
from tests.app.scripted import ENDLESS, engine_digest, speaking
from tests.faults.witness import until
from tests.server import PATIENCE, PLAYGROUND, Serve, Server

LINK = "dataset=xor&networkShape=3&seed=0.5"
GRID = ("sweep", LINK, "--grid", "learningRate=0.03,0.3", "--grid", "networkShape=2;4,2", "--epochs", "8")
LONG = ("sweep", LINK, "--grid", "learningRate=0.03,0.1,0.3", "--epochs", "2000", "--processes", "1")
"""Some seconds on one process, so that one of three runs waits while another trains."""


@pytest.fixture
def playground(tmp_path: Path) -> Command:
    """Runs the command in an empty folder."""
    return Command(tmp_path)


@pytest.fixture
def client(server: Server) -> Iterator[PlaygroundClient]:
    """The server of all tests."""
    with PlaygroundClient(server.address) as client:
        yield client


def stored(playground: Command) -> list[dict[str, Any]]:
    """The runs of a command's store, the oldest first."""
    with closing(Store(playground.folder / "data" / "runs.sqlite3")) as store:
        return store.runs(status=None, sweep=None, before=None, limit=100)[::-1]


# --- sweeps -----------------------------------------------------------------------------------------------------------


def test_a_grid_is_trained_here_and_its_best_runs_are_shown(playground: Command, tmp_path: Path) -> None:
    ran = playground(*GRID, "--seeds", "2", "--out", "results.csv")
    assert ran.returncode == 0
    assert ran.stderr == "All results are in results.csv.\n"
    with (tmp_path / "results.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {(row["learningRate"], row["networkShape"], row["seed"]) for row in rows} == {
        (rate, shape, seed) for rate in ("0.03", "0.3") for shape in ("2", "4,2") for seed in ("0.5", "0.5-2")
    }
    head, *table, chosen, end = ran.stdout.splitlines()
    assert chosen == TESTED
    assert head.split()[:4] == ["learningRate", "networkShape", "seed", "test"]
    shown = [line.split()[-1] for line in table]
    assert shown == [row["id"] for row in sorted(rows, key=lambda row: float(row["test_loss"]))]
    assert end.endswith(": 8 succeeded")
    runs = {row["id"]: row["progress"]["theta_sha256"] for row in stored(playground)}
    (one,) = [row for row in rows if (row["learningRate"], row["networkShape"], row["seed"]) == ("0.3", "2", "0.5")]
    assert runs[one["id"]] == engine_digest("dataset=xor&networkShape=2&seed=0.5&learningRate=0.3", 8)


def test_names_lists_and_nothing_are_tried_and_the_validation_is_told(playground: Command, tmp_path: Path) -> None:
    grid = ("--grid", "loss=none,hinge", "--grid", "activations=;relu,sine")
    told = ("--out", "results.csv", "--by", "test_score")
    ran = playground("sweep", LINK, *grid, "--set", "percValidationData=20", "--epochs", "3", *told)
    assert ran.returncode == 0, ran.stderr
    assert f"note: {DIFFERENT_LOSSES}" in ran.stderr.splitlines()
    with (tmp_path / "results.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["loss"], row["activations"]) for row in rows] == [
        ("", ""), ("", "relu,sine"), ("hinge", ""), ("hinge", "relu,sine")
    ]  # fmt: skip
    assert all(float(row["validation_loss"]) > 0 for row in rows)
    head, *table, _ = ran.stdout.splitlines()
    assert head.split()[3:9] == ["test", "score", "test", "loss", "train", "loss"]
    assert "validation loss" in head
    shown = [line.split()[-1] for line in table]
    assert shown == [row["id"] for row in sorted(rows, key=lambda row: -float(row["test_score"]))]
    assert {line.split()[0] for line in table} == {"none", "hinge"}
    configs = [Config.model_validate(row["spec"]["config"]) for row in stored(playground)]
    assert [config.loss_name for config in configs] == ["squared", "squared", "hinge", "hinge"]


def test_the_validation_decides_where_there_is_one(playground: Command, tmp_path: Path) -> None:
    ran = playground(*GRID, "--set", "percValidationData=20", "--out", "results.json")
    assert ran.returncode == 0, ran.stderr
    head, *table, _ = ran.stdout.splitlines()
    assert head.split()[3:7] == ["validation", "loss", "test", "loss"]
    rows = json.loads((tmp_path / "results.json").read_text())
    best = sorted(rows, key=lambda row: float(row["validation_loss"]))
    assert [line.split()[-1] for line in table] == [row["id"] for row in best]
    assert [row["rank"] for row in best] == [1, 2, 3, 4]
    assert TESTED not in ran.stdout


def test_what_may_surprise_about_a_sweep_is_noted(playground: Command) -> None:
    ran = playground("sweep", LINK, "--grid", "patience=0,5", "--epochs", "1", "--json")
    assert ran.returncode == 0
    assert ran.stderr == f"note: {notes_on(Config(patience=5))[0]}\n"


def test_a_random_search_at_a_server_draws_from_ranges_and_lists(
    playground: Command, server: Server, tmp_path: Path
) -> None:
    search = (
        "--random",
        "learningRate=0.001..1:log",
        "--random",
        "batchSize=1..30",
        "--random",
        "activation=tanh,relu",
    )
    ran = playground(
        "sweep",
        LINK,
        *search,
        "--samples",
        "5",
        "--epochs",
        "3",
        "--json",
        "--server",
        server.address,
        "--out",
        "r.json",
    )
    told = json_of(ran)
    assert json.loads((tmp_path / "r.json").read_text()) == told["results"]
    assert told["sweep"]["keys"] == ["learningRate", "batchSize", "activation"]
    assert len(told["results"]) == 5
    for row in told["results"]:
        assert 0.001 <= row["learningRate"] <= 1
        assert isinstance(row["batchSize"], int)
        assert row["activation"] in ("tanh", "relu")


BAD = [
    (["--grid", "colour=red"], "grid: expected keys of a configuration"),
    (["--grid", "noise"], "grid.noise: expected values after an equals sign"),
    (["--grid", "noise=1,much"], "grid.noise: expected a finite number, got 'much'"),
    (["--grid", "discretize=ture"], "grid.discretize: expected true or false"),
    (["--set", "colour=red"], "set: expected keys of a configuration"),
    (["--by", "seconds"], "by: expected one of train_loss, test_loss, train_score, test_score, validation_loss, "),
    (["--samples", "3"], "samples: expected what to draw from"),
    (["--grid", "noise=1", "--random", "noise=1..2"], "grid: expected either"),
    (["--output", "results.xls"], "output: expected a file"),
    (["--draw", "1"], "draw: expected what to draw from"),
    (["--processes", "2", "--scheduler", "tcp://127.0.0.1:9"], "processes: expected nothing beside --scheduler"),
    (
        ["--grid", "noise=1", "--data", "here", "--server", "http://127.0.0.1:9"],
        "data: expected nothing beside --server",
    ),
]


@pytest.mark.parametrize(("options", "sentence"), BAD, ids=lambda part: part if isinstance(part, str) else "")
def test_a_bad_sweep_is_refused_before_anything_is_opened(
    playground: Command, tmp_path: Path, options: list[str], sentence: str
) -> None:
    assert_refused(playground("sweep", LINK, *options), sentence)
    assert not (tmp_path / "data").exists()


def test_a_place_that_no_configuration_can_have_is_refused_by_the_playground(playground: Command) -> None:
    assert_refused(playground("sweep", LINK, "--grid", "noise=10,200"), "noise: expected at most 100, got 200")


# --- Ctrl+C -----------------------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_interrupts_a_sweep_which_goes_on_later_to_the_same_bits(playground: Command, times: int) -> None:
    ran = playground.interrupted(*LONG, "--json", at=r"best test loss 0\.", times=times)
    assert (ran.returncode, ran.stdout) == (130, "")
    assert "Traceback" not in ran.stderr
    *_, last = ran.stderr.split()
    assert f"To go on: playground sweeps resume {last}" in ran.stderr
    before = stored(playground)
    assert {row["status"] for row in before} <= {"interrupted", "succeeded"}  # the first may just have ended
    assert before[-1]["status"] == "interrupted"
    assert any(row["progress"] for row in before)
    if times == 1:
        told = json_of(playground("sweeps", "resume", last, "--json"))
        assert told["sweep"]["counts"] == {"succeeded": 3}
        digests = [row["progress"]["theta_sha256"] for row in stored(playground)]
        assert digests == [engine_digest(f"{LINK}&learningRate={rate}", 2_000) for rate in ("0.03", "0.1", "0.3")]


def test_ctrl_c_leaves_a_servers_sweep_alone_and_says_how_to_end_it(
    playground: Command, server: Server, client: PlaygroundClient
) -> None:
    there = ("--server", server.address)
    ran = playground.interrupted(*LONG[:-3], "100000", *there, at=r"best test loss 0\.")
    assert (ran.returncode, ran.stdout) == (130, "")
    (made,) = {word for line in ran.stderr.splitlines() for word in line.split() if len(word) == 16}
    assert f"To end it: playground sweeps cancel {made} --server {server.address}" in ran.stderr
    assert "interrupted" not in client.open_sweep(made).counts
    ended = json_of(playground("sweeps", "cancel", made, "--json", *there))
    assert ended["sweep"]["status"] == "ended"
    assert "cancelled" in ended["sweep"]["counts"]


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_commands_look_and_sweep_beside_a_server_of_the_same_folder_which_leaves_their_runs_alone(
    playground: Command, serve: Serve, tmp_path: Path
) -> None:
    with serve(workers=1, processes=1, data=tmp_path / "data") as server, speaking(server) as api:
        run = api.start(**ENDLESS)
        api.reach(run, 0)
        results = json_of(playground(*GRID, "--json"))["results"]
        assert [row["status"] for row in results] == ["succeeded"] * 4
        counts = {one["status"] for one in json_of(playground("runs", "list", "--json"))}
        assert counts == {"running", "succeeded"}
        assert json_of(playground("runs", "cancel", run, "--json"))["status"] == "cancelled"
        assert api.ended(run)["status"] == "cancelled"  # the server has noticed
        said = playground.process("serve", "--no-open", "--port", "0")
        assert_refused(said, f"the playground at {server.address}/ (process {server.process.pid}) serves it")


def test_two_sweeps_train_beside_each_other_each_its_own_runs(playground: Command) -> None:
    other = [*PLAYGROUND, *GRID, "--json"]
    with Popen(other, cwd=playground.folder, env=playground.environment, stdout=PIPE, text=True) as process:
        mine = json_of(playground(*GRID, "--json"))
        theirs, _ = process.communicate(timeout=PATIENCE)
    told = [mine, json.loads(theirs)]
    assert [one["sweep"]["counts"] for one in told] == [{"succeeded": 4}] * 2
    digests = [row["progress"]["theta_sha256"] for row in stored(playground)]
    assert sorted(digests) == sorted(2 * [*{*digests}])


@pytest.mark.long
def test_a_sweep_whose_process_was_killed_is_interrupted_for_whoever_looks_and_goes_on(playground: Command) -> None:
    with Popen([*PLAYGROUND, *LONG], cwd=playground.folder, env=playground.environment) as process:
        until(lambda: any(row["progress"] for row in _stored_so_far(playground)))
        (running,) = json_of(playground("sweeps", "list", "--json"))
        assert running["status"] == "running"
        process.kill()
    (told,) = json_of(playground("sweeps", "list", "--json"))
    assert (told["status"], set(told["counts"]) - {"succeeded"}) == ("ended", {"interrupted"})
    assert {row["reason"] for row in stored(playground) if row["status"] == "interrupted"} <= {
        f"The command that trained it ended: {shlex.join(['playground', *LONG])[:LONGEST_COMMAND]}",
        "The command that trained it was ended before its turn came.",
    }
    assert json_of(playground("sweeps", "resume", told["id"], "--json"))["sweep"]["counts"] == {"succeeded": 3}
    digests = [row["progress"]["theta_sha256"] for row in stored(playground)]
    assert digests == [engine_digest(f"{LINK}&learningRate={rate}", 2_000) for rate in ("0.03", "0.1", "0.3")]


def _stored_so_far(playground: Command) -> list[dict[str, Any]]:
    return stored(playground) if (playground.folder / "data" / "runs.sqlite3").exists() else []


def test_runs_of_ones_own_store_are_shown_exported_and_deleted(playground: Command, tmp_path: Path) -> None:
    (row,) = json_of(playground("sweep", LINK, "--epochs", "5", "--json", "--data", "kept"))["results"]
    kept = ("--data", "kept")
    shown = playground("runs", "show", row["id"], *kept)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert len([line for line in shown.stdout.splitlines() if line and set(line) <= set("@o. +#")]) == 20
    json_of(playground("export", row["id"], "--format", "npz", "-o", "model.npz", "--json", *kept))
    again = playground("train", LINK, "--from", "model.npz", "--epochs", "7", "--json")
    assert json_of(again)["theta_sha256"] == engine_digest(LINK, 7)
    assert_refused(playground("runs", "cancel", row["id"], *kept), "it is succeeded")
    (sweep,) = json_of(playground("sweeps", "list", "--json", *kept))
    assert json_of(playground("sweeps", "delete", sweep["id"], "--json", *kept)) == {"deleted": sweep["id"]}
    assert json_of(playground("runs", "list", "--json", *kept)) == []


def test_what_waits_in_ones_own_store_is_not_trained_by_who_only_looks(playground: Command) -> None:
    (playground.folder / "data").mkdir()
    spec = RunRequest(link=LINK).spec(Config())
    with closing(Store(playground.folder / "data" / "runs.sqlite3")) as store:
        run = store.add_run(spec, None, "", 10)
    (told,) = json_of(playground("runs", "list", "--json"))
    assert (told["id"], told["status"], told["progress"]["updates"]) == (run, "queued", 0)


def test_runs_of_a_server_are_listed_cancelled_and_deleted(
    playground: Command, server: Server, client: PlaygroundClient
) -> None:
    there = ("--server", server.address)
    run = client.start(LINK, epochs=10_000_000)
    listed = playground("runs", "list", "--limit", "1", *there)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert listed.stdout.splitlines()[1].split()[0] == run.id
    assert json_of(playground("runs", "cancel", run.id, "--json", *there))["status"] == "cancelled"
    assert_refused(playground("runs", "resume", run.id, *there), "it is cancelled")
    assert json_of(playground("runs", "delete", run.id, "--json", *there)) == {"deleted": run.id}
    assert_refused(playground("runs", "show", run.id, *there), "There is no run")


# --- a scheduler ------------------------------------------------------------------------------------------------------


def test_a_sweep_is_trained_by_the_workers_of_a_scheduler(playground: Command) -> None:
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 1, "threads_per_worker": 2, "processes": False, "dashboard_address": ":0"}
    with distributed.LocalCluster(**options, protocol="tcp://", host="127.0.0.1") as cluster:
        ran = playground(*GRID, "--json", "--scheduler", cluster.scheduler_address)
    results = json_of(ran)["results"]
    assert [row["status"] for row in results] == ["succeeded"] * 4

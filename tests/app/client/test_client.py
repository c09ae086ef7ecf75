"""The Python client against a real server, over steady and unsteady lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.client import PlaygroundClient, PlaygroundError, Run
from app.client.event_stream import Event, EventReader
from app.exports import FORMATS, read_model
from app.schemas.sweep_request import DIFFERENT_LOSSES
from app.search.objective import TESTED
from engine import Config, Trainer
from engine.state import digest
from engine.training.record import ROW, record
from tests.app.scripted import engine_digest
from tests.app.unsteady import unsteady
from tests.server import Server, StartServer

XOR = "dataset=xor&networkShape=3&seed=0.5"
ARMS = "problem=multiclass&classDataset=arms&classes=4&percValidationData=20&seed=0.5"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[PlaygroundClient]:
    """The server of all tests."""
    with PlaygroundClient(server.address) as client:
        yield client


@pytest.fixture(scope="module")
def run(client: PlaygroundClient) -> Run:
    """A run that has ended."""
    return client.train(XOR, epochs=30, record={"snapshots": 10})


# --- runs -------------------------------------------------------------------------------------------------------------


def test_a_run_is_trained_to_the_bits_of_the_engine(client: PlaygroundClient, run: Run) -> None:
    assert (run.status, run.reason, run.ended) == ("succeeded", "All epochs are trained.", True)
    assert run.progress.theta_sha256 == engine_digest(XOR, 30)
    assert digest(run.trainer()) == engine_digest(XOR, 30)
    assert client.run(run.id).view == run.view
    assert repr(run).startswith(f"<Run {run.id}: succeeded, 2-3-1 on xor, epoch 30 of 30, test loss 0.")


@pytest.mark.parametrize(
    "source", [Config(dataset="xor", noise=5), {"dataset": "xor", "noise": 5}, "dataset=xor&noise=5"]
)
def test_a_configuration_its_fields_and_a_link_are_taken_alike(
    client: PlaygroundClient, source: Config | dict[str, object] | str
) -> None:
    assert client.start(source, epochs=1).config == Config(dataset="xor", noise=5)


def test_values_of_numpy_and_seeds_that_are_numbers_are_handed_in_as_pythons(client: PlaygroundClient) -> None:
    fields = {"batchSize": np.int64(20), "networkShape": np.array([3, 2]), "noise": np.float32(5), "seed": 7}
    plan: dict[str, Any] = {"stop": {"test_loss": np.float32(0.001)}, "record": {"losses": np.int8(2)}}
    run = client.train(fields, epochs=np.int64(2), **plan)  # type: ignore[arg-type]
    assert run.config == Config(batchSize=20, networkShape=(3, 2), noise=5, seed="7")
    assert [entry[0] for entry in run.history()] == [0, 2]
    assert run.boundary_png(size=np.int64(20)) == run.boundary_png(size=20)  # type: ignore[arg-type]
    assert run.predict(np.array([[1, 2]], np.int8)).outputs.shape == (1,)


def test_a_sweep_takes_arrays_and_seeds_that_are_numbers(client: PlaygroundClient) -> None:
    grid: dict[str, Any] = {"learningRate": np.logspace(-2, 0, 2), "batchSize": np.arange(5, 7), "weightSeed": [1, 0.5]}
    sweep = client.sweep("dataset=xor", grid=grid, epochs=1, seeds=[1, np.int64(2)]).wait()
    configs = [run.config for run in sweep.runs]
    assert {(config.learningRate, config.batchSize) for config in configs} == {*product((0.01, 1), (5, 6))}
    assert {(config.seed, config.weightSeed) for config in configs} == {*product(("1", "2"), ("1", "0.5"))}
    assert "16 runs over learningRate, batchSize, weightSeed" in repr(sweep)
    random: dict[str, Any] = {"noise": np.array([5, 10]), "learningRate": {"low": np.float64(0.1), "high": np.int64(1)}}
    drawn = client.sweep("dataset=xor", random=random, samples=2, draw=3, seeds=np.int64(1), epochs=1)
    assert len(drawn.wait().runs) == 2


def test_progress_is_told_while_a_run_trains(client: PlaygroundClient) -> None:
    seen: list[tuple[str, int]] = []
    client.train(XOR, epochs=5, on_progress=lambda now: seen.append((now.status, now.progress.epoch)))
    assert seen == [("running", epoch) for epoch in range(6)]


def test_a_run_ends_by_a_rule(client: PlaygroundClient) -> None:
    run = client.train(XOR, epochs=5_000, stop={"test_loss": 0.2})
    assert (run.status, run.reason) == ("succeeded", "The test loss is under 0.2.")
    assert run.progress.test_loss is not None
    assert run.progress.test_loss < 0.2


def test_the_history_is_an_array_as_the_engine_makes_it(run: Run) -> None:
    expected = record(Trainer(run.config), 30)
    assert run.history().dtype == ROW
    for name in ROW.names or ():  # by field, because only so a number that there is not is equal to itself
        np.testing.assert_array_equal(run.history()[name], expected[name])


def test_the_history_is_a_table_of_pandas(run: Run) -> None:
    pytest.importorskip("pandas")
    frame = run.frame()
    assert list(frame.columns) == list(ROW.names or ())
    assert frame["epoch"].tolist() == list(range(31))


def test_without_pandas_a_sentence_says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        run.frame()


def test_a_run_of_many_classes_tells_their_probabilities_and_its_validation(client: PlaygroundClient) -> None:
    run = client.train(ARMS, epochs=3, stop={"validation_loss": 1e-9})
    np.testing.assert_array_equal(run.history(), record(Trainer(run.config), 3))
    points = run.points()
    assert [(points["part"] == part).sum() for part in ("train", "validation", "test")] == [250, 100, 150]
    found = run.predict([(0.5, -1), (2, 3)])
    assert found.outputs.shape == (2, 4)
    np.testing.assert_allclose(found.outputs.sum(axis=1), 1)
    np.testing.assert_array_equal(found.classes, found.outputs.argmax(axis=1))
    html = run._repr_html_()
    assert html is not None
    assert "in the colours of 4 classes" in html
    assert ", validation " in html
    assert "Accuracy: test " in html
    assert " %" in html


def test_a_run_that_is_stopped_early_has_succeeded(client: PlaygroundClient) -> None:
    fields = {"networkShape": [2], "noise": 50, "percTrainData": 10, "percValidationData": 20, "learningRate": 0.3}
    run = client.train({**fields, "patience": 5}, epochs=500)
    assert (run.status, run.ended) == ("succeeded", True)
    assert run.reason is not None
    assert run.reason.startswith(f"Stopped early at epoch {run.progress.epoch}: the validation loss")


def test_a_sweep_is_ranked_by_the_validation_too(client: PlaygroundClient) -> None:
    sweep = client.sweep(ARMS, grid={"loss": [None, "hinge"], "optimizer": ["sgd", "adam"]}, epochs=2)
    assert sweep.view.notes == [DIFFERENT_LOSSES]
    sweep.wait()
    assert sweep.objective == "validation_score"
    best = [row["validation_score"] for row in sweep.ranked()]
    assert best == sorted(best, reverse=True)
    losses = [row["validation_loss"] for row in sweep.ranked("validation_loss")]
    assert losses == sorted(losses)
    assert sweep.best("validation_loss").progress.validation_loss == losses[0]
    scores = [row["test_score"] for row in sweep.ranked("test_score")]
    assert scores == sorted(scores, reverse=True)


def test_a_run_leaves_models_pictures_points_and_predictions(run: Run) -> None:
    assert digest(run.trainer()) == run.progress.theta_sha256
    assert all(run.model(name) for name in ("json", "npz", "numpy") if name in FORMATS)
    assert (read_model(run.model(epoch=10)).state or "") != (read_model(run.model()).state or "")
    for png in (run.boundary_png(), run.boundary_png("1.2", size=60), run.loss_png(), run._repr_png_()):
        assert png is not None
        assert png.startswith(PNG)
    points, trainer = run.points(), Trainer(run.config)
    assert [tuple(point) for point in points[points["part"] == "train"][["x", "y", "label"]]] == [
        tuple(point) for point in trainer.train_data.points
    ]
    places = np.column_stack([points["x"], points["y"]])
    found = run.predict(places)
    assert found.classes is not None
    np.testing.assert_array_equal(found.classes, np.where(found.outputs >= 0, 1, -1))
    assert run.predict([(0.5, -1)]).outputs.shape == (1,)


def test_a_notebook_shows_the_boundary_the_losses_and_a_line_of_numbers(run: Run) -> None:
    html = run._repr_html_()
    assert html is not None
    assert html.count("data:image/png;base64,") == 2
    assert f"Run {run.id}: succeeded · Epoch 30 · Loss: test 0." in html


def test_the_page_of_a_run_is_an_address(client: PlaygroundClient, run: Run) -> None:
    assert run.page == f"{client.url}{run.view.page}"


def test_runs_are_listed_cancelled_and_deleted(client: PlaygroundClient) -> None:
    run = client.start(XOR, epochs=10_000_000)
    assert client.runs(limit=1)[0].id == run.id
    assert run.cancel().status == "cancelled"
    assert run.id in [one.id for one in client.runs(status="cancelled")]
    run.delete()
    with pytest.raises(PlaygroundError, match="There is no run"):
        run.refresh()


def test_a_list_of_many_pages_is_read_to_its_end(client: PlaygroundClient) -> None:
    sweep = client.sweep(XOR, seeds=[f"page-{number}" for number in range(51)], epochs=1, grid={"noise": [0, 1]})
    sweep.wait()
    assert [run.id for run in sweep.runs] == [row["id"] for row in sweep.results()]
    assert len(client.runs(sweep=sweep.id)) == 102
    assert len(client.runs(sweep=sweep.id, limit=101)) == 101
    sweep.delete()


# --- sweeps -----------------------------------------------------------------------------------------------------------


def test_a_sweep_is_waited_for_and_tells_its_best_run(client: PlaygroundClient) -> None:
    sweep = client.sweep(
        {"dataset": "xor"}, grid={"learningRate": [0.003, 0.3], "networkShape": [[2], [4, 2]]}, epochs=20
    )
    done: list[int] = []
    sweep.wait(lambda now: done.append(now.epochs_done))
    assert (sweep.status, sweep.counts, sweep.keys) == ("ended", {"succeeded": 4}, ["learningRate", "networkShape"])
    assert done == sorted(done)
    assert done[-1] == sweep.epochs_in_all == 80
    results = sweep.results()
    assert [(row["learningRate"], row["networkShape"]) for row in results] == [
        (0.003, [2]), (0.003, [4, 2]), (0.3, [2]), (0.3, [4, 2])
    ]  # fmt: skip
    best = min(results, key=lambda row: row["test_loss"])
    assert sweep.best().id == best["id"] == sweep.ranked()[0]["id"]
    assert (sweep.view.best, sweep.view.objective_note) == (best["id"], TESTED)
    assert TESTED in sweep._repr_html_()
    assert sweep.csv().splitlines()[0].startswith("learningRate,networkShape,seed,id")
    assert f"<td>{best['id']}</td>" in sweep._repr_html_()
    assert client.open_sweep(sweep.id).page == f"{client.url}/sweeps/{sweep.id}"


def test_a_sweep_draws_at_random_and_is_cancelled(client: PlaygroundClient) -> None:
    sweep = client.sweep(
        XOR,
        random={"learningRate": {"low": 0.001, "high": 1, "log": True}, "activation": ["tanh", "relu"]},
        samples=3,
        epochs=10_000_000,
    )
    assert len(sweep.view.runs) == 3
    assert sweep.cancel().counts == {"cancelled": 3}
    with pytest.raises(ValueError, match="expected a run that succeeded"):
        sweep.best()


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_a_refusal_is_an_error_with_the_playgrounds_sentence_and_its_problems(client: PlaygroundClient) -> None:
    with pytest.raises(PlaygroundError, match="noise: expected at most 100, got 101") as refused:
        client.start({"noise": 101})
    (problem,) = refused.value.problems
    assert (refused.value.status, problem.expected, problem.got) == (422, "at most 100", "101")
    assert not refused.value.for_now


def test_a_playground_that_is_full_is_an_error_for_now(start_server: StartServer) -> None:
    with PlaygroundClient(start_server(max_runs=1, workers=1, processes=1).address) as client:
        client.start(XOR, epochs=10_000_000)
        with pytest.raises(PlaygroundError, match="at most 1 that have not ended") as refused:
            client.start(XOR)
    assert (refused.value.status, refused.value.for_now, refused.value.retry_after) == (429, True, 5)


def test_where_nobody_is_that_is_said_at_once() -> None:
    with (
        PlaygroundClient("http://127.0.0.1:9") as client,
        pytest.raises(PlaygroundError, match="cannot be reached") as lost,
    ):
        client.runs()
    assert (lost.value.status, lost.value.for_now) == (None, True)


@pytest.mark.parametrize("address", ["", "127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://a:b"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="url: expected an address"):
        PlaygroundClient(address)


def test_something_else_than_a_playground_is_told_from_one(server: Server) -> None:
    with PlaygroundClient(f"{server.address}/documentation") as client, pytest.raises(PlaygroundError) as refused:
        client.runs()
    assert refused.value.status == 404


# --- lost connections -------------------------------------------------------------------------------------------------


def test_a_lost_connection_loses_and_doubles_no_event(server: Server) -> None:
    with unsteady(server) as line, PlaygroundClient(line.address) as client:
        run, seen = client.start(XOR, epochs=600, record={"losses": 1}), []
        for entry in run.events():
            seen.append(entry.epoch)
            if entry.epoch in (3, 50, 200):
                line.cut()
    assert seen == list(range(601))
    assert (run.status, run.progress.theta_sha256) == ("succeeded", engine_digest(XOR, 600))


def test_a_lost_answer_does_not_hand_a_run_in_twice(server: Server) -> None:
    with unsteady(server) as line, PlaygroundClient(line.address) as client:
        client.runs(limit=1)
        line.lose_next_answer()
        run = client.start("seed=answer-lost", epochs=1)
        line.lose_next_answer()
        sweep = client.sweep("seed=answer-lost", epochs=1)
        assert line.swallowed == 2
        assert [one.id for one in client.runs(limit=50) if one.config.seed == "answer-lost"] == [
            sweep.view.runs[0].id,
            run.id,
        ]


def test_a_run_outlives_its_server_and_goes_on_to_the_same_bits(start_server: StartServer, tmp_path: Path) -> None:
    first = start_server(data=tmp_path, workers=1, processes=1)
    with PlaygroundClient(first.address) as client:
        run = client.start(XOR, epochs=30_000, record={"losses": 10})
        events = run.events()
        assert next(events).epoch == 0
        assert next(events).epoch == 10
        first.end()
        start_server(data=tmp_path, workers=1, processes=1, port=first.port)
        epochs = [entry.epoch for entry in events]  # waits for the new server, and for what that says
        assert run.status == "interrupted"
        assert epochs == [20 + 10 * place for place in range(len(epochs))]
        assert run.resume().wait().status == "succeeded"
    assert run.progress.theta_sha256 == engine_digest(XOR, 30_000)


# --- server-sent events -----------------------------------------------------------------------------------------------


def test_signs_of_life_and_what_was_cut_off_are_no_events() -> None:
    lines = ["event: epoch", "id: 1", "data: {}", "", ": still there", "", "event: epoch", "id: 2"]
    reader = EventReader()
    assert [event for line in lines if (event := reader.feed(line))] == [Event("epoch", "1", "{}")]

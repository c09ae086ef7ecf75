"""Runs that are logged to TensorBoard and MLflow, read back by their own readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.commands.terminal import tracking
from app.commands.terminal.tracking import tracker
from engine import Trainer, parse_link
from tests.app.command import Command, assert_refused

LINK = "dataset=xor&networkShape=4,2&percValidationData=20&seed=0.5"


@pytest.fixture
def playground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the command in an empty folder."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    return Command(tmp_path)


@pytest.mark.filterwarnings("ignore")  # of packages that read
def test_tensorboard_reads_the_losses_of_every_epoch_and_the_configuration(playground: Command, tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    ran = playground("train", LINK, "--epochs", "6", "--log-to", "tensorboard:logs")
    assert ran.returncode == 0, ran.stderr
    (folder,) = (tmp_path / "logs").iterdir()
    read = EventAccumulator(str(folder)).Reload()
    trainer = Trainer(parse_link(LINK).config)
    losses = [trainer.losses().test]
    for _ in range(6):
        trainer.train()
        losses.append(trainer.losses().test)
    told = read.Scalars("test_loss")
    assert [one.step for one in told] == [*range(7)]
    assert [one.value for one in told] == pytest.approx(losses, rel=1e-6)  # single precision
    assert "validation_score" in read.Tags()["scalars"]
    content = read.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    assert b"networkShape" in content
    assert b"4,2" in content


@pytest.mark.filterwarnings("ignore")
def test_mlflow_reads_the_runs_of_a_sweep(playground: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlflow.tracking import MlflowClient

    uri = (tmp_path / "store").as_uri()
    ran = playground("sweep", LINK, "--grid", "noise=0,20", "--epochs", "3", "--json", "--log-to", f"mlflow:{uri}")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert ran.stderr == f"2 runs are logged under {told['sweep']['id']}.\n"
    client = MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name(tracking.EXPERIMENT)
    assert experiment
    found = {run.data.tags["run"]: run for run in client.search_runs([experiment.experiment_id])}
    assert set(found) == {row["id"] for row in told["results"]}
    for row in told["results"]:
        run = found[row["id"]]
        assert run.data.params["noise"] == f"{row['noise']:.1f}"
        assert (run.data.params["networkShape"], run.data.tags["sweep"]) == ("4,2", told["sweep"]["id"])
        history = client.get_metric_history(run.info.run_id, "validation_loss")
        assert [one.step for one in history] == [0, 1, 2, 3]
        assert history[-1].value == row["validation_loss"]


def test_a_place_that_nobody_logs_to_is_refused_before_anything_is_trained(playground: Command) -> None:
    for target in ("tensorbord:logs", "tensorboard", "mlflow:"):
        assert_refused(playground("train", LINK, "--log-to", target), "log-to: expected tensorboard:DIR or mlflow:URI")
    assert_refused(playground("sweep", LINK, "--log-to", "wandb:x"), "log-to: expected")


def test_without_the_package_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracking, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"pip install 'neural-playground\[mlflow\]'"):
        tracker("mlflow:file:///tmp/store")

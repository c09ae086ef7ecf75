"""Runs in the logs of other programs: TensorBoard's event files, or an MLflow tracking store."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from app.store.step import COLUMNS, HistoryRow
from engine import Config
from engine.errors import InputError, Problem, shown, with_suggestion

EXPERIMENT = "Neural playground"
AT_ONCE = 500
"""Numbers that are handed to MLflow in one piece, which takes at most 1,000."""


class Tracked(NamedTuple):
    """A run as other programs know it."""

    name: str
    config: Config
    rows: list[HistoryRow]
    tags: Mapping[str, str] = {}

    @property
    def parameters(self) -> dict[str, Any]:
        """Its configuration; a list as a link writes it."""
        found = self.config.model_dump(mode="json")
        return {key: ",".join(map(str, one)) if isinstance(one, list) else one for key, one in found.items()}

    def series(self) -> Iterator[tuple[str, int, float]]:
        """Each measure at each epoch where there is one."""
        for row in self.rows:
            for name, value in zip(COLUMNS[1:], row[1:], strict=True):
                if value is not None:
                    yield name, row[0], float(value)


class Tracker(Protocol):
    """Where runs are logged."""

    def log(self, run: Tracked) -> None:
        """Log a whole run."""


class TensorBoard:
    """A folder of event files, one folder for each run."""

    def __init__(self, place: str) -> None:
        self._folder = Path(place)

    def log(self, run: Tracked) -> None:
        """Scalars for each epoch, and the configuration as hyperparameters beside the last ones."""
        from tensorboardX import SummaryWriter
        from tensorboardX.summary import hparams

        last: dict[str, float] = {}
        with SummaryWriter(str(self._folder / run.name), write_to_disk=True) as writer:
            for name, epoch, value in run.series():
                writer.add_scalar(name, value, epoch)
                last[f"last/{name}"] = value
            known = {key: "" if one is None else one for key, one in run.parameters.items()}
            for summary in hparams(known, last):  # into the same file: `add_hparams` writes another of the same name
                writer.file_writer.add_summary(summary)


class MlFlow:
    """A tracking server or store by its address, as file:///runs, sqlite:///runs.db or http://127.0.0.1:5000."""

    def __init__(self, place: str) -> None:
        from mlflow.tracking import MlflowClient

        self._client = MlflowClient(tracking_uri=place)
        found = self._client.get_experiment_by_name(EXPERIMENT)
        self._experiment = found.experiment_id if found else self._client.create_experiment(EXPERIMENT)

    def log(self, run: Tracked) -> None:
        """Metrics for each epoch, with it as their step, and the configuration as parameters."""
        from mlflow.entities import Metric, Param

        now = int(1000 * time.time())
        made = self._client.create_run(self._experiment, run_name=run.name, tags=dict(run.tags)).info.run_id
        known = [Param(key, str(one)) for key, one in run.parameters.items()]
        for first in range(0, len(known), 100):
            self._client.log_batch(made, params=known[first : first + 100])
        metrics = [Metric(name, value, now, epoch) for name, epoch, value in run.series()]
        for first in range(0, len(metrics), AT_ONCE):
            self._client.log_batch(made, metrics=metrics[first : first + AT_ONCE])
        self._client.set_terminated(made)


TRACKERS: dict[str, tuple[str, Callable[[str], Tracker]]] = {
    "tensorboard": ("tensorboardX", TensorBoard),
    "mlflow": ("mlflow", MlFlow),
}
"""By the word before the colon: the package that it needs, and who logs there."""


def tracker(target: str) -> Tracker:
    """Who logs to `tensorboard:DIR` or `mlflow:URI`; ValueError with a sentence where there is nobody, or the package
    for it is missing, or the place cannot be used."""
    kind, colon, place = target.partition(":")
    if kind not in TRACKERS or not place or not colon:
        near = shown(target) if kind in TRACKERS else with_suggestion(kind, TRACKERS)
        raise InputError(Problem("log-to", "tensorboard:DIR or mlflow:URI", near))
    package, made = TRACKERS[kind]
    if find_spec(package) is None:
        install = f"the package {package}, as pip install 'neural-playground[{kind}]' has it"
        raise InputError(Problem("log-to", install, "no such package"))
    try:
        return made(place)
    except Exception as error:  # whatever a package raises for a place that it cannot use
        raise ValueError(f"log-to: {place} cannot be used: {error}") from error

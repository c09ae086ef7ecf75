"""The objective of a sweep: a measure of the validation points, or of the test points where there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from app.explain.notes import points_in
from engine.tables.tasks import TASKS

if TYPE_CHECKING:
    from app.schemas.sweep_request import SweepRequest

TESTED = "Chosen by the test: set percValidationData to keep the test honest."
"""The note where only the test points can decide which run is the best."""
WORDS = {"train": "training"}


Measured = TypeVar("Measured", bound=Mapping[str, Any])


def deciding_measure(request: SweepRequest, progress: Iterable[Mapping[str, Any]]) -> str:
    """The measure that a sweep's runs are compared by, a field of `engine.Measures`: their loss, or their score where
    the losses themselves differ; of the validation where all of them have one, else of the test.

    `progress` is where the runs are: a few points of one's own may leave none that validate.
    """
    base, _, _ = request.opened
    validated = all(
        points_in(base.model_copy(update={"numSamples": samples}), share)
        for share in request.tried("percValidationData")
        for samples in request.tried("numSamples")
    )
    measured = (now for now in progress if now.get("test_loss") is not None)
    validated = validated and all(now.get("validation_loss") is not None for now in measured)
    losses = {loss or TASKS[problem].loss for problem in request.tried("problem") for loss in request.tried("loss")}
    return f"{'validation' if validated else 'test'}_{'loss' if len(losses) == 1 else 'score'}"


def maximizes(measure: str) -> bool:
    """Whether more of a measure is better: true of scores, not of losses."""
    return measure.endswith("_score")


def label(measure: str) -> str:
    """A measure in words: "validation loss"."""
    part, _, kind = measure.partition("_")
    return f"{WORDS.get(part, part)} {kind}"


def note(measure: str) -> str | None:
    """The note where the test points decide; None where they do not."""
    return TESTED if measure.startswith("test") else None


def ranked(rows: Iterable[Measured], measure: str) -> list[Measured]:
    """The rows that succeeded and have the measure, the best first; equally good ones keep their order."""
    good = [row for row in rows if row["status"] == "succeeded" and row.get(measure) is not None]
    return sorted(good, key=lambda row: float(row[measure]), reverse=maximizes(measure))

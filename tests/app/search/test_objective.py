"""What decides which run of a sweep is the best: the validation where there is one, else the test, and it is said."""

from __future__ import annotations

from typing import Any

import pytest

from app.schemas.sweep_request import SweepRequest
from app.search.objective import TESTED, deciding_measure, label, maximizes, note, ranked

VALIDATED = "dataset=xor&percValidationData=20"


@pytest.mark.parametrize(
    ("asked", "measure"),
    [
        ({"link": VALIDATED}, "validation_loss"),
        ({"link": "dataset=xor"}, "test_loss"),
        ({"link": "dataset=xor", "grid": {"percValidationData": [10, 20]}}, "validation_loss"),
        ({"link": VALIDATED, "grid": {"percValidationData": [0, 20]}}, "test_loss"),
        ({"link": VALIDATED, "grid": {"loss": [None, "hinge"]}}, "validation_score"),
        ({"link": VALIDATED, "grid": {"loss": [None, "squared"]}}, "validation_loss"),
        ({"link": "dataset=xor", "grid": {"loss": ["squared", "hinge"]}}, "test_score"),
        ({"link": "percValidationData=1", "grid": {"numSamples": [10, 200]}}, "test_loss"),
        (
            {
                "link": "dataset=xor",
                "random": {"samples": 2, "keys": {"percValidationData": {"low": 5, "high": 20}}},
            },
            "validation_loss",
        ),
    ],
)
def test_the_validation_decides_where_all_runs_have_one_and_scores_where_losses_differ(
    asked: dict[str, Any], measure: str
) -> None:
    assert deciding_measure(SweepRequest.model_validate(asked), []) == measure


def test_the_test_decides_where_the_data_leave_no_validation_points() -> None:
    asked = SweepRequest.model_validate({"link": VALIDATED})
    assert deciding_measure(asked, [{"test_loss": 0.1, "validation_loss": None}]) == "test_loss"
    assert deciding_measure(asked, [{"test_loss": 0.1, "validation_loss": 0.2}, {}]) == "validation_loss"


def test_it_is_said_where_the_test_was_used_to_choose() -> None:
    assert note("test_loss") == note("test_score") == TESTED
    assert note("validation_loss") is None
    assert (label("validation_score"), label("train_loss")) == ("validation score", "training loss")


def test_runs_are_ranked_by_the_least_loss_or_the_highest_score() -> None:
    told = (("a", "succeeded", 0.3), ("b", "failed", 0.1), ("c", "succeeded", 0.2), ("d", "succeeded", None))
    rows = [{"id": name, "status": status, "test_loss": value, "test_score": value} for name, status, value in told]
    assert [row["id"] for row in ranked(rows, "test_loss")] == ["c", "a"]
    assert [row["id"] for row in ranked(rows, "test_score")] == ["a", "c"]
    assert not maximizes("test_loss")

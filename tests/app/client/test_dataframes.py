"""Sweeps as tables of pandas: every column can be grouped and sorted by, and every number is one."""

from __future__ import annotations

import math
from typing import Any

import pytest

from app.client.dataframes import sweep_dataframe

pytest.importorskip("pandas")


def row(**values: Any) -> dict[str, Any]:
    unknown = dict.fromkeys(("epoch", "updates", "seconds", "train_loss", "test_loss", "validation_loss"))
    return {"id": "a", "status": "queued", **unknown, **values}


RESULTS = [
    row(networkShape=[8, 8], activations=[], numSamples=None, loss=None, epoch=3, test_loss=0.5, normalize=True),
    row(networkShape=[4], activations=["relu"], numSamples=200, loss="hinge", epoch=3, test_loss=0.25, normalize=False),
    row(networkShape=[8, 8], activations=[], numSamples=None, loss=None, epoch=3, test_loss=None, normalize=True),
]


def test_a_frame_is_grouped_by_any_key() -> None:
    frame = sweep_dataframe(RESULTS)
    assert frame.groupby("networkShape")["test_loss"].mean().to_dict() == {"4": 0.25, "8,8": 0.5}
    assert frame["activations"].tolist() == ["", "relu", ""]
    assert set(frame.groupby(["networkShape", "activations", "normalize"]).groups) == {
        ("4", "relu", False),
        ("8,8", "", True),
    }


def test_missing_numbers_are_nan_in_columns_of_numbers() -> None:
    frame = sweep_dataframe(RESULTS)
    assert {
        name: str(frame[name].dtype) for name in ("test_loss", "validation_loss", "numSamples", "seconds")
    } == dict.fromkeys(("test_loss", "validation_loss", "numSamples", "seconds"), "float64")
    assert math.isnan(frame["test_loss"][2])
    assert frame["test_loss"].mean() == 0.375
    assert frame["numSamples"].isna().tolist() == [True, False, True]
    assert str(frame["epoch"].dtype) == "int64"
    assert str(frame["normalize"].dtype) == "bool"
    assert frame["loss"].isna().tolist() == [True, False, True]


def test_a_run_that_has_not_begun_has_no_epoch() -> None:
    frame = sweep_dataframe([row(), row(epoch=7)])
    assert str(frame["epoch"].dtype) == "float64"
    assert frame["epoch"].isna().tolist() == [True, False]


def test_a_sweep_of_nothing_is_an_empty_frame() -> None:
    assert len(sweep_dataframe([])) == 0

"""Results and histories as Parquet files, which pandas reads as they were."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

from app.client import PlaygroundClient
from app.exports.files import parquet
from app.exports.files.parquet import as_parquet
from engine.errors import InputError
from tests.app.command import Command
from tests.app.scripted import XOR
from tests.server import Server


def test_results_and_history_come_back_as_they_were(server: Server) -> None:
    grid: dict[str, list[Any]] = {"networkShape": [[2], []], "loss": [None, "hinge"], "xSquared": [True, False]}
    with PlaygroundClient(server.address) as client:
        sweep = client.sweep(XOR, grid=grid, epochs=3).wait()
        rows, table = sweep.results(), pd.read_parquet(io.BytesIO(sweep.parquet()))
        assert list(table) == list(rows[0])
        assert [list(shape) for shape in table["networkShape"]] == [row["networkShape"] for row in rows]
        assert table["xSquared"].tolist() == [row["xSquared"] for row in rows]
        assert table["test_loss"].tolist() == [row["test_loss"] for row in rows]  # to the last bit
        assert table["validation_loss"].isna().all()
        assert table["validation_loss"].dtype == table["test_loss"].dtype == "float64"
        assert table["epoch"].dtype == "int64"
        run = client.run(rows[0]["id"])
        answer = httpx.get(f"{server.address}/api/v1/runs/{run.id}/history?format=parquet")
        assert answer.headers["content-type"] == parquet.MEDIA_TYPE
        history = pd.read_parquet(io.BytesIO(answer.content))
        assert history["epoch"].tolist() == [0, 1, 2, 3]
        assert history["train_loss"].tolist() == run.history()["train_loss"].tolist()


def test_the_command_writes_parquet_by_the_files_ending(tmp_path: Path) -> None:
    ran = Command(tmp_path)("sweep", XOR, "--grid", "noise=0,10", "--epochs", "2", "--output", "results.parquet")
    assert ran.returncode == 0, ran.stderr
    assert pd.read_parquet(tmp_path / "results.parquet")["noise"].tolist() == [0, 10]


def test_values_of_several_kinds_are_text_and_a_table_without_rows_has_its_columns() -> None:
    rows: list[dict[str, Any]] = [
        {"seed": "1", "value": 1},
        {"seed": "2", "value": "fast"},
        {"seed": "3", "value": None},
    ]
    table = pd.read_parquet(io.BytesIO(as_parquet(["seed", "value"], rows)))
    assert table["value"].tolist()[:2] == ["1", "fast"]
    assert list(pd.read_parquet(io.BytesIO(as_parquet(["seed", "value"], [])))) == ["seed", "value"]


def test_without_pyarrow_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'neural-playground\[parquet\]'"):
        as_parquet(["seed"], [])

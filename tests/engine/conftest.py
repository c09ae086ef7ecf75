"""What the engine's tests share: the recorded runs of the original playground."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.data.datasets import DATASETS, Point
from engine.tapes import tape

Replay = dict[str, Any]
REPLAYS: list[Replay] = json.loads((Path(__file__).parents[1] / "golden" / "replays.json").read_text())
TRAINING = ("engine.trainer", "engine.training", "engine.restarts", "tests.engine.runs", "tests.engine.training")
"""Where a test module has its names from that trains."""
WAYS = {"tapes": True, "calls": False} if tape.IS_BUILT else {"calls": False}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what trains both ways: from tapes, and as NumPy calls."""
    origins = {getattr(value, "__module__", None) or "" for value in vars(metafunc.module).values()}
    if any(origin.startswith(TRAINING) for origin in origins) and not metafunc.definition.get_closest_marker("long"):
        metafunc.fixturenames.append("way")
        metafunc.parametrize("way", WAYS, indirect=True, scope="module")


@pytest.fixture(scope="module")
def way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Updates from tapes, or as NumPy calls."""
    with tape.used(WAYS[request.param]):
        yield


def _keys(replay: Replay) -> dict[str, str]:
    return dict(pair.split("=") for pair in replay["link"].split("&"))


def _name(replay: Replay) -> str:
    keys = _keys(replay)
    data = keys["dataset"] if keys["problem"] == "classification" else keys["regDataset"]
    return f"{data}-{keys['activation']}-{keys.get('regularization', 'none')}-batch{keys['batchSize']}-{keys['seed']}"


def _is_chaotic(replay: Replay) -> bool:
    """A batch of one at these learning rates blows every rounding up, so such a run is followed less far."""
    return _keys(replay)["batchSize"] == "1"


@pytest.fixture(params=REPLAYS, ids=_name)
def replay(request: pytest.FixtureRequest) -> Replay:
    """A recorded run, field by field as the golden file has it."""
    record: Replay = request.param
    return record


@pytest.fixture(params=[replay for replay in REPLAYS if not _is_chaotic(replay)], ids=_name)
def steady_replay(request: pytest.FixtureRequest) -> Replay:
    """A recorded run that can be followed to its end."""
    record: Replay = request.param
    return record


@pytest.fixture
def one_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plane as a data set whose every point is x1 = 1, x2 = 2 with the label 0."""
    single = replace(DATASETS["reg-plane"], make=lambda n, noise, stream, classes: [Point(1, 2, 0)] * n)
    monkeypatch.setitem(DATASETS, "reg-plane", single)

"""What a configuration may say, and how much may be asked, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.requests import MAX_EPOCHS
from app.sweep_pages import TABLES
from engine import Config
from engine.config import LIMITS
from engine.datasets import DATASETS, Dataset
from engine.tasks import TASKS
from tests.app.scripted import Api, speaking
from tests.server import Server


@pytest.fixture
def api(server: Server) -> Iterator[Api]:
    """The shared server's API."""
    with speaking(server) as api:
        yield api


def test_the_schema_is_that_of_a_configuration(api: Api) -> None:
    schema = api.json("/schema")
    assert schema == Config.model_json_schema()
    keys = schema["properties"]
    for key, table in TABLES.items():
        names = [name for name, one in table.items() if table is not DATASETS or _takes(key, one)]
        told = keys[key].get("items") or keys[key].get("anyOf", [keys[key]])[0]
        assert told["enum"] == names, key


def _takes(key: str, dataset: object) -> bool:
    """Whether a key names data sets of this one's kind."""
    assert isinstance(dataset, Dataset)
    return TASKS[dataset.problem].dataset == key


def test_the_limits_are_those_of_configurations_and_of_this_server(api: Api) -> None:
    limits = api.json("/limits")
    for name, (least, most) in LIMITS.items():
        assert limits[name] == {"least": least, "most": None if most == float("inf") else most}
    assert limits["classes"] == {"least": 2, "most": 6}
    assert limits["epochs"] == {"least": 1, "most": MAX_EPOCHS}
    assert limits["sweep runs"] == {"least": 1, "most": 1_000}
    assert api.refused("/runs", {"config": {}, "epochs": MAX_EPOCHS + 1})["errors"][0]["field"] == "epochs"

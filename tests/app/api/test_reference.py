"""What a configuration may say, and how much may be asked, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from app.page.sweeps import TABLES
from app.schemas.run_request import MAX_EPOCHS
from app.settings import Settings
from engine import Config
from engine.config import LIMITS
from engine.data.datasets import DATASETS, Dataset
from engine.tables.tasks import TASKS
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


def bodies(most: int) -> dict[str, Any]:
    """What of each name in /limits may be asked for in such a number."""
    keys = [name for name in Config.model_fields if name not in LIMITS][:most]
    values = {name: [Config.model_fields[name].get_default()] for name in keys}
    return {
        "layers": ("/runs", {"config": {"networkShape": [1] * most}, "epochs": 1}),
        "units": ("/runs", {"config": {"networkShape": [most]}, "epochs": 1}),
        "epochs": ("/runs", {"config": {}, "epochs": most}),
        "snapshots": ("/runs", {"config": {}, "epochs": most, "record": {"snapshots": 1} if most else {}}),
        "sweep keys": ("/sweeps", {"config": {}, "epochs": 1, "grid": values}),
        "sweep values": ("/sweeps", {"config": {}, "epochs": 1, "grid": {"noise": [0] * most}}),
        "sweep seeds": ("/sweeps", {"config": {}, "epochs": 1, "seeds": most}),
    }


@pytest.mark.parametrize("name", bodies(1))
def test_every_number_of_the_limits_is_accepted_and_none_beyond(api: Api, name: str) -> None:
    limits = api.json("/limits")[name]
    least, most = (int(limits[end]) for end in ("least", "most"))
    for number in (least, most):
        path, body = bodies(number)[name]
        if body["epochs"] == 0:  # no snapshots of none
            body["epochs"] = 1
        answer = api.post(path, body)
        assert answer.status_code == 202, answer.text
        assert api.post(f"{path}/{answer.json()['id']}/cancel").status_code in (200, 409)
    for number in [most + 1] + ([least - 1] if least else []):
        path, body = bodies(number)[name]
        assert api.post(path, body).status_code == 422, number


def test_as_many_rows_of_a_history_may_be_asked_for_as_the_limits_say(api: Api) -> None:
    run, limits = api.trained(link="networkShape=1", epochs=1)["id"], api.json("/limits")["history rows"]
    for number, status in {1: 200, int(limits["most"]): 200, int(limits["most"]) + 1: 422, 0: 422}.items():
        assert api.get(f"/runs/{run}/history?limit={number}").status_code == status


def test_the_limits_of_what_a_server_has_are_its_settings(api: Api) -> None:
    limits, settings = api.json("/limits"), Settings()
    for name, most in {
        "sweep runs": settings.max_sweep,
        "waiting runs": settings.max_runs,
        "body bytes": settings.body_bytes,
        "live sessions": settings.max_sessions,
    }.items():
        assert limits[name]["most"] == most
    most = int(limits["body bytes"]["most"])
    for size, status in ((most, 422), (most + 1, 413)):
        head, tail = b'{"link": "', b'"}'
        body = head + b"x" * (size - len(head) - len(tail)) + tail
        assert api.http.post("/runs", content=body, headers={"Content-Type": "application/json"}).status_code == status


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_of_a_configuration_is_accepted_and_nothing_beyond(name: str) -> None:
    least, most = LIMITS[name]
    whole = isinstance(least, int) and "integer" in str(Config.model_json_schema()["properties"][name])
    step = 1 if whole else 1e-9
    around = {"percTrainData": 1} if name == "percValidationData" else {}
    for value in (least, most):
        if value != float("inf"):
            assert getattr(Config.model_validate({**around, name: value}), name) == value
    for value in (least - step, most + step):
        with pytest.raises(ValidationError):
            Config.model_validate({**around, name: value})


LENGTHS = [
    (name, key)
    for name, schema in Config.model_json_schema()["properties"].items()
    for key in ("minLength", "maxLength", "maxItems")
    if key in schema and name != "hide"  # of which each name may come once
]


@pytest.mark.parametrize(("name", "key"), LENGTHS)
def test_the_lengths_of_the_schema_are_those_that_are_accepted(name: str, key: str) -> None:
    item: Any = {"networkShape": [1], "activations": ["relu"]}.get(name, "1")
    length = Config.model_json_schema()["properties"][name][key]
    assert Config.model_validate({name: item * length})
    with pytest.raises(ValidationError):
        Config.model_validate({name: item * (length - 1 if key == "minLength" else length + 1)})

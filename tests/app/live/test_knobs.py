"""Knobs whose values a gallery can compare."""

from __future__ import annotations

from typing import Any

import pytest

from app.live.knobs import DISPLAY_ONLY, compared, knobs
from app.wire.limits import MAX_COMPARED_VALUES
from app.wire.messages import INCOMING
from engine import Config
from engine.config import LIMITS
from engine.names import ProblemName
from engine.tables.features import FEATURES
from tests.app.live.galleries import CONFIG
from tests.app.talk import apply, run_at


def refused(kind: str, config: Config = CONFIG, **fields: Any) -> str:
    run = run_at(0, config)
    answer = apply(run, kind, **fields)
    assert answer["type"] == "error"
    assert run.gallery is None
    return str(answer["message"])


def test_every_number_flag_and_table_that_leaves_the_data_as_they_are_can_be_compared() -> None:
    data = {"dataset", "regDataset", "classDataset", "classes", "problem", "noise", "numSamples", "seed", "images"}
    data |= {"percTrainData", "percValidationData"}
    other_kinds = {"networkShape", "activations", "hide", "points", "tutorial", "weightSeed"}
    twice = {"initZero"}  # the initializer has it
    assert set(knobs()) == set(Config.model_fields) - data - other_kinds - twice - DISPLAY_ONLY
    assert set(FEATURES) <= set(knobs())


@pytest.mark.parametrize("name", knobs())
def test_the_values_that_a_knob_offers_make_runs_on_the_same_data(name: str) -> None:
    values = knobs()[name].values[:MAX_COMPARED_VALUES]
    assert len(values) > 1
    problem: ProblemName = "regression" if name == "outputActivation" else "classification"
    fitting = [value for value in values if value not in ("softmax", "step", "huber")]
    config = Config(problem=problem)
    configs = list(compared(config, name, fitting))
    assert len(set(configs)) == len(fitting)
    assert {config.data_identity for config in configs} == {config.data_identity}
    assert knobs()[name].is_number == (name in LIMITS)


def test_the_activation_is_compared_in_all_layers() -> None:
    config = Config(networkShape=(3, 3), activations=("relu",))
    (one, _) = compared(config, "activation", ["sine", "tanh"])
    assert one.hidden_activations == ("sine", "sine")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"knob": "noise", "values": [0, 10]}, "knob: expected a number, a flag or a table"),
        ({"knob": "colour", "values": [0, 10]}, "got 'colour'"),
        ({"knob": "learningRate", "values": [0.1, -1]}, "learningRate: expected at least 0, got -1"),
        ({"knob": "activation", "values": ["tanh", "cosh"]}, "got 'cosh'"),
        ({"knob": "loss", "values": ["hinge", "huber"]}, "loss: expected one of"),
        ({"knob": "learningRate", "values": [0.1, 0.1]}, "values: expected different ones, got 0.1 twice"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(fields: dict[str, Any], expected: str) -> None:
    assert expected in refused("compare", **fields)


def test_more_than_fits_into_memory_is_refused() -> None:
    config = Config(networkShape=(64,) * 10, numSamples=5_000, batchSize=2_500)
    assert "count: expected at most" in refused("restarts", config, count=64)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "restarts", "count": 1},
        {"type": "restarts", "count": 65},
        {"type": "restarts", "epochs": 0},
        {"type": "compare", "knob": "dropout", "values": [0.1]},
        {"type": "compare", "knob": "dropout", "values": [0.01 * place for place in range(9)]},
        {"type": "compare", "knob": "dropout", "values": [[1], [2]]},
        {"type": "adopt", "member": -1},
        {"type": "gallery", "playing": 1},
    ],
)
def test_messages_that_ask_for_too_much_are_refused(message: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        INCOMING.validate_python(message)

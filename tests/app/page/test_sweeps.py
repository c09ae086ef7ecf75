"""What the keys of a configuration and their values are called on the pages about sweeps."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from app.page.sweeps import TABLES, VALUES, described, label, value_text
from app.schemas.sweep_request import SweepRequest
from engine import Config
from engine.tables import OneOf


def request(**asked: Any) -> dict[str, Any]:
    """A row of the store for a sweep."""
    kept = SweepRequest.model_validate({"config": {}} | asked).model_dump(mode="json", exclude_defaults=True)
    return {"id": "1" * 16, "request": kept, "created": 0.0}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("learningRate", "Learning rate"),
        ("networkShape", "Hidden layers"),
        ("classDataset", "Data set"),
        ("percValidationData", "Ratio of validation data"),
        ("optimizer", "Optimizer"),
        ("decayRate", "Factor of the schedule"),
        ("decayEpochs", "Period of the schedule"),
        ("patience", "Patience"),
        ("weightSeed", "Seed of the first weights"),
        ("outputActivation", "Activation of the output"),
        ("activations", "Activations"),
        ("sinX", "sin x1"),
        ("loss", "Loss"),
    ],
)
def test_a_key_is_called_what_a_person_calls_it(key: str, words: str) -> None:
    assert label(key) == words


def test_no_key_is_called_by_its_own_name() -> None:
    assert [key for key in Config.model_fields if re.search(r"[a-z][A-Z]|^perc|_", label(key))] == []


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("optimizer", "adam", "Adam"),
        ("loss", None, "default"),
        ("loss", "crossEntropy", "Cross-entropy"),
        ("activations", ["relu", "leakyRelu"], "ReLU,Leaky ReLU"),
        ("activations", [], "none"),
        ("networkShape", [4, 2], "4,2"),
        ("classDataset", "arms", "Arms"),
        ("regularization", "none", "None"),
        ("normalize", True, "on"),
        ("numSamples", None, "default"),
        ("momentum", 0.9, "0.9"),
    ],
)
def test_a_value_is_called_what_the_engines_tables_call_it(key: str, value: object, words: str) -> None:
    assert value_text(key, value) == words


def test_every_key_whose_values_are_names_has_words_for_them() -> None:
    named = {key for key, field in Config.model_fields.items() if "OneOf" in str(field) and key != "hide"}
    assert named == set(TABLES) == set(VALUES)
    assert OneOf(TABLES["loss"]).names == list(VALUES["loss"])
    json.dumps(VALUES)


def test_a_sweep_over_new_keys_is_told_in_words() -> None:
    grid = {"loss": [None, "hinge"], "activations": [[], ["relu", "sine"]], "patience": [0, 5]}
    entry = described(request(config={"problem": "multiclass", "classDataset": "rings"}, grid=grid, seeds=3))
    assert entry.title == "Rings: loss, activations, patience and seeds"
    assert entry.knobs == [
        ("Loss", "default, Hinge"),
        ("Activations", "none; ReLU,Sine"),
        ("Patience", "0, 5"),
        ("Seeds", "3"),
    ]
    assert entry.runs == 24

"""Refused values as a person reads them."""

from __future__ import annotations

import contextlib
import math
import pickle
import re
from datetime import date
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from pydantic import BaseModel, Field, RootModel, ValidationError

from engine.config import Config
from engine.errors import (
    EXPECTED,
    MAX_ERRORS,
    MAX_LISTED,
    InputError,
    InvalidConfigError,
    Problem,
    nearest,
    problems,
    shown,
)

SIGNS = EXPECTED["string_pattern_mismatch"]


class Message(BaseModel):
    """A model with a field that has to be there."""

    title: str
    config: Config = Config()


def refused(model: type[BaseModel], text: str) -> list[Problem]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate_json(text)
    return problems(caught.value)


def test_a_problem_reads_as_a_sentence() -> None:
    assert str(Problem("noise", "a number", "'x'")) == "noise: expected a number, got 'x'."


def test_every_refused_value_is_named_by_its_field() -> None:
    found = refused(Message, '{"title": 5, "config": {"batchSize": 0, "networkShape": [4, 0]}}')
    assert found == [
        ("title", "text", "5"),
        ("config.batchSize", "at least 1", "0"),
        ("config.networkShape.1", "at least 1", "0"),
    ]


def test_a_missing_value_is_no_value_of_any_kind() -> None:
    assert refused(Message, "{}") == [("title", "a value", "nothing")]


def test_what_is_not_json_is_said_to_be_no_json() -> None:
    assert refused(Config, "{") == [("value", "JSON", "'{'")]


def test_a_short_value_is_shown_whole() -> None:
    assert shown("it's") == '"it\'s"'
    assert shown((1, 2)) == "[1, 2]"
    assert shown(None) == "null"


@pytest.mark.parametrize(
    "value", ["a" * 100_000, b"a" * 100_000, 10**300, ["a" * 100_000], [0] * 100_000, {"a": "b" * 99}]
)
def test_a_long_value_is_cut(value: object) -> None:
    assert len(shown(value)) <= 60


def test_a_long_collection_is_counted() -> None:
    assert shown([0] * 1000) == "a list of 1000"
    assert shown(dict.fromkeys(range(16))) == "an object of 16"


def test_the_largest_number_is_shown_too() -> None:
    assert len(shown(10**5000)) <= 60


def test_an_error_of_the_engine_has_its_problems_in_another_process_too() -> None:
    found = (
        Problem("unit", "0 to 3 in layer 1", "7"),
        Problem("config", "the same data as before", "a change: of noise"),
    )
    error = pickle.loads(pickle.dumps(InputError(*found)))
    assert error.problems == found
    assert str(error) == f"{found[0]} {found[1]}"


ANYTHING: list[Any] = [
    *(None, True, 5, -5, 2000.0, 5.5, math.nan, math.inf, 10**300, "", "words", "x" * 999, b"bytes"),
    *([], [None], [2000.0], (100,), ((100,),), [{}] * 99, {}, {"a": (1, None)}, {"a": {"b": [[[[1]]]]}}, {5}),
    *(object(), date(2026, 1, 1), np.float32(2000), np.array([1.0, 2.0]), np.bool_(False)),
]
INNER_WORDS = re.compile(
    r"\b(None|True|False|NoneType|tuple|dict|valid|integer|boolean|string|array|Input|Value error|Config|float|int)\b"
    r"|<|datetime|\(\d+,|\d\.0\b"
)


@pytest.mark.parametrize("field", Config.model_fields)
def test_no_sentence_about_any_value_has_words_of_python_or_pydantic(field: str) -> None:
    for value in ANYTHING:
        with contextlib.suppress(InvalidConfigError):
            Config(**{field: value})
            continue
        with pytest.raises(InvalidConfigError) as refused:
            Config(**{field: value})
        for problem in refused.value.problems:
            sentence = (
                str(problem)
                .replace(SIGNS, "")
                .replace("a whole number, got 2000.0", "")
                .replace("a whole number, got 1.0", "")
            )
            assert problem.field.partition(".")[0] == field
            assert not INNER_WORDS.search(sentence), sentence


@pytest.mark.parametrize("depth", [10, 100_000])
def test_lists_within_lists_are_shown_as_far_as_a_person_reads(depth: int) -> None:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    assert shown(value) == "[[[a list of 1]]]"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("spirl", "spiral"), ("SPIRAL", "spiral"), ("circel", "circle"), ("linear", None), ("", None), (5, None)],
)
def test_the_nearest_name_is_one_that_is_like_it(name: object, expected: str | None) -> None:
    assert nearest(name, ["circle", "spiral", "inverse", "xor"]) == expected


class Play(BaseModel):
    """One kind of message."""

    type: Literal["play"]


class Pause(BaseModel):
    """Another kind of message."""

    type: Literal["pause"]


class Envelope(RootModel[Annotated[Play | Pause, Field(discriminator="type")]]):
    """A message of either kind."""


def test_a_message_of_no_known_type_is_told_the_types() -> None:
    assert refused(Envelope, '{"type": "fly"}') == [("type", "one of 'play', 'pause'", "{'type': 'fly'}")]
    assert refused(Envelope, "{}") == [("type", "an object with a type", "{}")]


def test_of_very_many_mistakes_the_first_are_told_and_how_many_there_are() -> None:
    with pytest.raises(ValidationError) as refusal:
        Config.model_validate({f"key{number}": 0 for number in range(MAX_LISTED + 30)})
    found = problems(refusal.value)
    assert [problem.field for problem in found] == [*(f"key{number}" for number in range(MAX_LISTED)), "value"]
    assert str(found[-1]) == "value: expected no more mistakes, got 30 more."


def test_countless_mistakes_are_only_counted() -> None:
    with pytest.raises(ValidationError) as refusal:
        Config.model_validate({f"key{number}": 0 for number in range(MAX_ERRORS + 1)})
    assert problems(refusal.value) == [Problem("value", "at most 1,000 mistakes", "1,001")]


@pytest.mark.parametrize("field", ["networkShape", "activations", "hide"])
def test_of_a_list_the_first_mistake_is_told(field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Config.model_validate({field: [{}] * 100_000})
    assert [problem.field for problem in problems(refusal.value)] == [f"{field}.0"]

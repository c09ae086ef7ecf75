"""Refused values as a person reads them."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, RootModel, ValidationError

from engine.config import Config
from engine.problems import COUNTLESS, MOST, Problem, problems, shown


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


@pytest.mark.parametrize(
    "problem",
    [Problem("unit", "0 to 3 in layer 1", "7"), Problem("config", "the same data as before", "a change: of noise")],
)
def test_an_error_of_the_engine_is_a_problem_again(problem: Problem) -> None:
    assert Problem.of(ValueError(str(problem).removesuffix("."))) == problem


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
        Config.model_validate({f"key{number}": 0 for number in range(MOST + 30)})
    found = problems(refusal.value)
    assert [problem.field for problem in found] == [*(f"key{number}" for number in range(MOST)), "value"]
    assert str(found[-1]) == "value: expected no more mistakes, got 30 more."


def test_countless_mistakes_are_only_counted() -> None:
    with pytest.raises(ValidationError) as refusal:
        Config.model_validate({f"key{number}": 0 for number in range(COUNTLESS + 1)})
    assert problems(refusal.value) == [Problem("value", "at most 1,000 mistakes", "1,001")]


@pytest.mark.parametrize("field", ["networkShape", "activations", "hide"])
def test_of_a_list_the_first_mistake_is_told(field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Config.model_validate({field: [{}] * 100_000})
    assert [problem.field for problem in problems(refusal.value)] == [f"{field}.0"]

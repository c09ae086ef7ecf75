"""What no configuration can be is refused with the field, what was expected, and what came."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from engine.config import Config
from engine.tables.losses import LOSSES, Loss
from engine.tables.outputs import OUTPUTS, Output
from engine.tables.tasks import TASKS
from tests.engine.config.configs import refusals


def test_an_output_and_a_loss_are_refused_where_the_problem_has_no_use_for_them() -> None:
    for problem in TASKS:
        tables: dict[str, Mapping[str, Output | Loss]] = {"outputActivation": OUTPUTS, "loss": LOSSES}
        for field, table in tables.items():
            fitting = [name for name in table if problem in table[name].problems]
            for name in table.keys() - fitting:
                expected = f"one of {', '.join(fitting)} for the problem {problem}"
                assert refusals(problem=problem, **{field: name}) == [(field, expected, repr(name))]


def test_a_part_of_the_data_is_left_that_tests() -> None:
    assert Config(percTrainData=60, percValidationData=39).percValidationData == 39
    beyond = math.nextafter(39.0, 40)
    refused = ("percValidationData", "at most 39 beside 60 % that train", repr(beyond))
    assert refusals(percTrainData=60, percValidationData=beyond) == [refused]


def test_where_one_share_is_no_number_the_other_is_not_blamed_for_the_sum() -> None:
    assert [problem.field for problem in refusals(percTrainData="99", percValidationData=98)] == ["percTrainData"]


TEXT = "ASCII letters, digits and signs but"


@pytest.mark.parametrize(
    ("field", "value", "expected", "got"),
    [
        ("batchSize", True, "a whole number", "true"),
        ("batchSize", "10", "a whole number", "'10'"),
        ("batchSize", 10.0, "a whole number", "10.0"),
        ("batchSize", None, "a whole number", "null"),
        ("numSamples", True, "a whole number", "true"),
        ("numSamples", "500", "a whole number", "'500'"),
        ("learningRate", True, "a number", "true"),
        ("learningRate", "0.1", "a number", "'0.1'"),
        ("learningRate", math.nan, "a finite number", "nan"),
        ("learningRate", -math.inf, "a finite number", "-inf"),
        ("regularizationRate", math.inf, "a finite number", "inf"),
        ("noise", math.nan, "a finite number", "nan"),
        ("percTrainData", [50], "a number", "[50]"),
        ("x", 1, "true or false", "1"),
        ("x", "true", "true or false", "'true'"),
        ("showTestData", None, "true or false", "null"),
        ("activation", "Tanh", "'relu', 'tanh'", "'Tanh'"),
        ("activation", 3, "'relu', 'tanh'", "3"),
        ("regularization", None, "'none', 'L1' or 'L2'", "null"),
        ("dataset", "reg-plane", "'circle', 'xor'", "'reg-plane'"),
        ("regDataset", "circle", "'reg-plane', 'reg-gauss' or 'reg-own'", "'circle'"),
        ("problem", "clustering", "'classification', 'multiclass', 'regression' or 'images'", "'clustering'"),
        ("loss", "cubic", "'squared', 'crossEntropy', 'hinge', 'perceptron' or 'huber'", "'cubic'"),
        ("outputActivation", "relu", "'tanh', 'linear', 'step' or 'softmax'", "'relu'"),
        ("activations", "relu", "a list", "'relu'"),
        ("activations", ("relu",) * 11, "at most 10 items", "['relu', "),
        ("optimizer", "Adam", "'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam' or 'adamw'", "'Adam'"),
        ("schedule", None, "'constant', 'step', 'exponential', 'inverse' or 'cosine'", "null"),
        ("initializer", "glorot", "'uniform', 'zero', 'normal', 'xavier' or 'he'", "'glorot'"),
        ("classDataset", "circle", "'blobs', 'arms', 'quadrants', 'rings' or 'class-own'", "'circle'"),
        ("weightSeed", "a b", TEXT, "'a b'"),
        ("reshuffle", 1, "true or false", "1"),
        ("seed", "", "at least 1 character", "''"),
        ("tutorial", 5, "text", "5"),
        ("seed", True, "text", "true"),
        ("seed", math.nan, "text", "nan"),
        ("weightSeed", 2**2000, "text", "a whole number of 2001 bits"),
        ("dataset", "spirl", "'circle', 'xor'", "'spirl' (did you mean 'spiral'?)"),
        ("learninRate", 1, "the name of a field", "'learninRate' (did you mean 'learningRate'?)"),
        ("seed", "a b", TEXT, "'a b'"),
        ("seed", "a&b", TEXT, "'a&b'"),
        ("seed", "a=b", TEXT, "'a=b'"),
        ("seed", "a#b", TEXT, "'a#b'"),
        ("seed", "naïve", TEXT, "'naïve'"),
        ("seed", "a\n", TEXT, r"'a\n'"),
        ("seed", "x" * 257, "at most 256 characters", "'xxx"),
        ("tutorial", "<b>", TEXT, "'<b>'"),
        ("networkShape", 4, "a list", "4"),
        ("networkShape", "4,2", "a list", "'4,2'"),
        ("networkShape", [1] * 11, "at most 10 items", "[1, 1,"),
        ("hide", "noise", "a list", "'noise'"),
        ("hide", ("noise",) * 33, "at most 32 items", "a list of 33"),
        ("points", 5, "text", "5"),
        ("points", "gAAgAAgA", "9 characters for each point", "'gAAgAAgA'"),
        ("points", "gAAgAAgAA\n", "letters, digits, - and _ alone", r"'gAAgAAgAA\n'"),
        ("points", "gAAgAAgA+", "letters, digits, - and _ alone", "'gAAgAAgA+'"),
        ("points", "gAAgAAgA\u0661", "letters, digits, - and _ alone", "'gAAgAAgA\u0661'"),
        ("points", "gAAgAAgAA" * 3001, "at most 3000 points", "'gAAgAA"),
        ("epochs", 5, "the name of a field", "'epochs'"),
        ("features", ("x",), "the name of a field", "'features'"),
    ],
)
def test_a_refusal_names_the_field_what_was_expected_and_what_came(
    field: str, value: object, expected: str, got: str
) -> None:
    (problem,) = refusals(**{field: value})
    assert problem.field == field
    assert problem.expected.startswith(expected)
    assert problem.got.startswith(got)


@pytest.mark.parametrize(
    ("field", "value", "place", "expected", "got"),
    [
        ("networkShape", (4, 0), "networkShape.1", "at least 1", "0"),
        ("networkShape", (129,), "networkShape.0", "at most 128", "129"),
        ("networkShape", (4, True), "networkShape.1", "a whole number", "true"),
        ("networkShape", (4, 2.0), "networkShape.1", "a whole number", "2.0"),
        ("activations", ("relu", "cubic"), "activations.1", "'relu', 'tanh'", "'cubic'"),
        ("hide", ("noise", "everything"), "hide.1", "'showTestData', 'discretize'", "'everything'"),
    ],
)
def test_a_refusal_within_a_list_names_the_place(
    field: str, value: object, place: str, expected: str, got: str
) -> None:
    (problem,) = refusals(**{field: value})
    assert (problem.field, problem.got) == (place, got)
    assert problem.expected.startswith(expected)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = refusals(batchSize=0, noise="loud", networkShape=(3, 129), nonsense=1)
    assert {problem.field for problem in found} == {
        "batchSize",
        "noise",
        "networkShape.1",
        "nonsense",
    }

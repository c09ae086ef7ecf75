"""Characters and numbers in the values of links."""

from __future__ import annotations

import pytest

from engine.config import Config
from engine.link.link import format_link
from tests.engine.link.links import quiet, read


@pytest.mark.parametrize(
    ("text", "seed"),
    [
        ("é", "%C3%A9"),
        ("a b", "a%20b"),
        ('"<>`', "%22%3C%3E%60"),
        ("%C3%A9", "%C3%A9"),  # as it is: the original does not decode
        ("100%", "100%"),
        ("a+b", "a+b"),
        ("😀", "%F0%9F%98%80"),
        ("\0", "%00"),
    ],
)
def test_a_seed_is_read_as_the_browser_writes_it_into_its_address(text: str, seed: str) -> None:
    assert quiet(f"#seed={text}&noise=5") == Config(seed=seed, noise=5)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("5.0", 5),
        ("+5", 5),
        ("5.", 5),
        (".5", 0.5),
        ("1e1", 10),
        ("1E+1", 10),
        ("50e-1", 5),
        ("-0", 0),
        ("007", 7),
    ],
)
def test_a_number_is_written_in_any_usual_way(text: str, number: float) -> None:
    assert quiet(f"noise={text}") == Config(noise=number)


NO_NUMBERS = [
    "1_000",
    "١٢",
    "１２",
    "nan",
    "inf",
    "-Infinity",
    "1e400",
    "-1e400",
    "0x10",
    "5 5",
    "5,5",
    "1e",
    ".",
    "e5",
    "--5",
    "1" * 32_000 + "x",
]


@pytest.mark.parametrize("name", ["noise", "batchSize", "networkShape"])
@pytest.mark.parametrize("text", [text for text in NO_NUMBERS if text != "5,5"])
def test_what_is_no_finite_decimal_number_is_noted(name: str, text: str) -> None:
    config, (note,) = read(f"{name}={text}&discretize=true")
    assert config == Config(discretize=True)
    assert note.startswith(f"{name}: expected a finite number, got ")


@pytest.mark.parametrize("text", ["1e308", "9" * 300, "1e-400", "0." + "0" * 5000 + "1"])
@pytest.mark.parametrize("name", ["learningRate", "batchSize", "networkShape", "numSamples"])
def test_a_number_of_any_size_is_taken_moved_or_noted(name: str, text: str) -> None:
    config, notes = read(f"{name}={text}")
    assert quiet(format_link(config)) == config
    assert all(len(note) < 200 for note in notes)


def test_a_whole_number_in_another_form_is_a_whole_number() -> None:
    assert quiet("batchSize=1e1&networkShape=3.0,2e0") == Config(batchSize=10, networkShape=(3, 2))

"""Strict reading: what a link does not mean is refused with the nearest name, and what keeps its meaning is a note."""

from __future__ import annotations

import pytest

from engine import Config, parse_link
from engine.errors import Problem
from engine.link.link import LinkError
from engine.link.notes import KEEPS_MEANING, Note, refused

PROBLEMS = "'classification', 'multiclass', 'regression' or 'images'"
EMPTY = "link: expected a link that says something, as seed=0.5 for the run at all defaults, got "
HIDE = "link: expected controls of this playground to hide, got 'nois_hide' (did you mean 'noise_hide'?)."


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("regularization=l3", "regularization: expected 'none', 'L1' or 'L2', got 'l3'."),
        ("problem=regresion", f"problem: expected {PROBLEMS}, got 'regresion' (did you mean 'regression'?)."),
        ("datset=spiral", "link: expected keys of this playground, got 'datset' (did you mean 'dataset'?)."),
        ("noise=5&foo=1", "link: expected keys of this playground, got 'foo'."),
        ("nois_hide=true", HIDE),
        ("batchSize=ten", "batchSize: expected a finite number, got 'ten'."),
        ("batchSize=9999", "batchSize: expected 1 to 5000, got 9999."),
        ("percTrainData=100", "percTrainData: expected 1 to 99, got 100."),
        ("networkShape=100", "networkShape: expected at most 10 layers of 1 to 64 units, got [100]."),
        ("dataset=", "dataset: expected a value, got none."),
        ("dataset", "dataset: expected a value, got none."),
        ("x=0", "x: expected true or false, got '0'."),
        ("noise=5=6", "noise: expected one value, got '5=6'."),
        ("seed=1&v=2", "v: expected 1, got '2'."),
        ("noise=5 and some more", "link: expected a link alone, or one that begins with #, got 'and some more'."),
        ("spiral", "link: expected keys of this playground, got 'spiral'."),
        *((empty, f"{EMPTY}{empty!r}.") for empty in ("", "#", "https://playground.tensorflow.org/")),
    ],
)
def test_what_a_link_does_not_mean_is_refused(link: str, sentence: str) -> None:
    with pytest.raises(LinkError) as error:
        parse_link(link, strict=True)
    assert str(error.value) == sentence
    parse_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "dataset=spiral&hideText=false)",
        "https://playground.tensorflow.org/#noise=90&batchSize=10",
        "xTimesY=true&xTimesY_hide=true",
        "cosX=true",
        "See https://playground.tensorflow.org/#dataset=xor.",
    ],
)
def test_what_keeps_its_meaning_is_a_note(link: str) -> None:
    strict = parse_link(link, strict=True)
    assert strict.notes
    assert strict == parse_link(link)


@pytest.mark.parametrize("link", ["seed=0.5", "#noise=5", "state=AA", "learningRate=0.1&seed=7&learningRate=0.3"])
def test_a_link_that_means_what_it_says_is_taken_without_a_note(link: str) -> None:
    assert parse_link(link, strict=True).notes == []


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(LinkError) as error:
        parse_link("activation=rely&datset=xor&noise=loud", strict=True)
    assert [problem.field for problem in error.value.problems] == ["link", "noise", "activation"]


def test_a_note_is_refused_just_where_its_kind_does_not_keep_the_meaning() -> None:
    problem = Problem("noise", "less", "more")
    for kind, keeps in KEEPS_MEANING.items():
        assert refused([Note(kind, problem)]) == ([] if keeps else [problem])


def test_a_strict_link_is_read_as_a_lenient_one() -> None:
    assert parse_link("dataset=xor&networkShape=", strict=True).config == Config(dataset="xor", networkShape=())

"""The rule of an update has lines for whatever can be chosen."""

from __future__ import annotations

import re

import pytest

from app.explain.mathml import mathml
from app.explain.update_rule import UPDATE_RULE, RuleLine
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.penalties import PENALTIES

MARKS = {
    *OPTIMIZERS,
    "clip",
    "free",
    *(f"{mode}-{name}" for mode in ("loss", "decay") for name in PENALTIES if name != "none"),
}


def test_every_choice_has_a_line_and_every_line_a_choice() -> None:
    assert {mark for line in UPDATE_RULE for mark in line.when.split()} == MARKS


def lines(*marks: str) -> list[RuleLine]:
    return [line for line in UPDATE_RULE if set(line.when.split()) & set(marks)]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_ends_with_its_step_and_shows_what_it_remembers(name: str) -> None:
    own = [line.latex for line in lines(name)]
    assert own[-1].startswith(r"w \coloneqq w - \eta")
    remembered = {latex[0] for latex in own if re.match(r"[vs] \\coloneqq", latex)}
    assert len(remembered) == OPTIMIZERS[name].memory


@pytest.mark.parametrize("penalty", ["free", *sorted(MARKS & {"decay-L1", "decay-L2", "loss-L1", "loss-L2"})])
def test_a_gradient_stands_first_and_once_with_the_penalty_in_it_or_in_a_line_of_its_own(penalty: str) -> None:
    first, *others = [line.latex for line in lines(penalty, "sgd")]
    assert first.startswith("g = ")
    assert not any(latex.startswith("g = ") for latex in others)
    assert (r"\lambda" in first) == penalty.startswith("loss-")
    assert any(r"\lambda" in latex for latex in others) == penalty.startswith("decay-")


@pytest.mark.parametrize("line", UPDATE_RULE, ids=lambda line: line.when)
def test_every_line_converts(line: RuleLine) -> None:
    assert "\\" not in mathml(line.latex)

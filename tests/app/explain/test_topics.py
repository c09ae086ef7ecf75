"""What the page explains in place, and its formulas as MathML."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from app.explain.mathml import mathml
from app.explain.topic import Explanation
from app.explain.topics import EXPLANATIONS, FIRST_BIAS
from app.page.templates import page
from engine.tables.features import FEATURES
from engine.tables.hideable_controls import CONTROLS

every_explanation = pytest.mark.parametrize("explanation", EXPLANATIONS.values(), ids=EXPLANATIONS)


@every_explanation
def test_every_topic_has_a_title_and_two_sentences(explanation: Explanation) -> None:
    sentences = re.split(r"(?<=[.!?]) ", explanation.text)
    assert len(sentences) == 2
    assert explanation.title[0].isupper()
    for sentence in sentences:
        assert sentence[0].isupper()
        assert sentence.endswith(".")


@every_explanation
def test_every_formula_converts(explanation: Explanation) -> None:
    listed = [entry.latex for entry in explanation.entries.values() if entry]
    for latex in filter(None, [explanation.latex, *listed]):
        formula = ElementTree.fromstring(mathml(latex))
        assert formula.tag == "math"
        assert "\\" not in "".join(formula.itertext())  # the mark of a command that was not understood


def test_no_two_topics_share_a_title() -> None:
    titles = {explanation.title for explanation in EXPLANATIONS.values()}
    assert len(titles) == len(EXPLANATIONS)


def test_every_control_that_a_link_can_hide_is_explained() -> None:
    parts = {*FEATURES, "settings"}  # a feature is a part of the network, and the sheet has an explanation in each row
    assert set(CONTROLS) - parts <= set(EXPLANATIONS)


def test_the_first_bias_is_the_engines() -> None:
    assert f" {FIRST_BIAS} " in EXPLANATIONS["bias"].text


def test_the_page_has_each_explanation_once_and_every_mark_opens_one() -> None:
    html = page("playground.html")
    assert re.findall(r'<div popover id="about-(\w+)"', html) == list(EXPLANATIONS)
    marks = re.findall(r'<button [^>]*popovertarget="about-(\w+)"', html)
    assert {"learningRate", "activation", "batchSize"} <= set(marks) <= set(EXPLANATIONS)


def test_no_mark_stands_inside_a_label() -> None:
    for label in re.findall(r"<label.*?</label>", page("playground.html"), re.DOTALL):
        assert 'class="about"' not in label

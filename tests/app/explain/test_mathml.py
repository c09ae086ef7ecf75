"""LaTeX as MathML for HTML."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from app.explain.mathml import mathml


def test_a_formula_becomes_a_math_element_that_needs_no_namespace() -> None:
    assert re.match(r'<math display="block"><mrow><mfrac>.*</mfrac></mrow></math>$', mathml(r"\frac{1}{2}", "block"))
    assert mathml("z") == '<math display="inline"><mrow><mi>z</mi></mrow></math>'


@pytest.mark.parametrize(
    ("latex", "left", "right"),
    [
        (r"\sin x", "0", "0.17em"),
        (r"3 \sin x", "0.17em", "0.17em"),
        (r"\sin(x)", "0", "0"),
        (r"2\max(0, z)", "0.17em", "0"),
    ],
)
def test_a_function_is_set_off_by_a_thin_space_but_not_from_its_bracket(latex: str, left: str, right: str) -> None:
    (name,) = (one for one in ElementTree.fromstring(mathml(latex)).iter("mo") if one.text in ("sin", "max"))
    assert (name.get("lspace"), name.get("rspace")) == (left, right)

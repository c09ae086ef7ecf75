"""A lesson's prose as HTML: paragraphs, *emphasis* and $formulas$; whatever else it holds is shown as it is written."""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree

from app.explain.mathml import mathml

# fmt: off
ELEMENTS = frozenset([
    "math", "menclose", "mfenced", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom",
    "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd",
    "mtext", "mtr", "munder", "munderover", "none",
])
# fmt: on
FORBIDDEN = ("href", "style", "class", "id")
"""What a formula's elements may not carry: they would lead or look elsewhere."""
MARKS = re.compile(r"\$([^$]+)\$|\*([^*\n]+)\*")


def formula(latex: str, display: str = "inline") -> str:
    """LaTeX as MathML; ValueError where it cannot be set as it stands."""
    try:
        set_as = mathml(latex, display)
        elements = list(ElementTree.fromstring(set_as).iter())
    except Exception:  # the converter raises errors of a dozen kinds that have nothing in common
        raise ValueError("LaTeX that can be set as a formula") from None
    foreign = any(element.tag not in ELEMENTS for element in elements)
    led = any(name in FORBIDDEN or name.startswith("on") for element in elements for name in element.attrib)
    if foreign or led or "\\" in set_as:  # an unknown command stays as it is
        raise ValueError("LaTeX that can be set as a formula")
    return set_as


def sentence(text: str) -> str:
    """A piece of prose as HTML."""
    parts, end = [], 0
    for mark in MARKS.finditer(text):
        latex, stressed = mark.groups()
        parts += [escape(text[end : mark.start()]), formula(latex) if latex else f"<em>{escape(stressed)}</em>"]
        end = mark.end()
    return "".join([*parts, escape(text[end:])])


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text as HTML, without their <p>."""
    return [sentence(" ".join(part.split())) for part in re.split(r"\n\s*\n", text.strip())]

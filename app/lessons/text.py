"""A lesson's prose as HTML: paragraphs, *emphasis*, $formulas$ and [words](learningRate) that show a part of the page;
whatever else it holds is shown as it is written."""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree

from app.explain.mathml import mathml
from engine.config import Config
from engine.errors import with_suggestion
from engine.tables.hideable_controls import CONTROLS

# fmt: off
ELEMENTS = frozenset([
    "math", "menclose", "mfenced", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom",
    "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd",
    "mtext", "mtr", "munder", "munderover", "none",
])
# fmt: on
FORBIDDEN = ("href", "style", "class", "id")
"""What a formula's elements may not carry: they would lead or look elsewhere."""
MARKS = re.compile(r"\$([^$]+)\$|\*([^*\n]+)\*|\[([^\]\n]+)\]\((\w+)\)")
PARTS = ("data", "network", "output", "losses", "details")
"""Parts of the page that words can show, beside its controls and the keys of links that have one."""
SHOWN = frozenset([*PARTS, *CONTROLS, *Config.model_fields])


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


def sentence(text: str, *, in_link: bool = False) -> str:
    """A piece of prose as HTML; in a link its words show nothing, as one press can only do one thing."""
    parts, end = [], 0
    for mark in MARKS.finditer(text):
        latex, stressed, words, shown = mark.groups()
        made = formula(latex) if latex else f"<em>{escape(stressed)}</em>" if stressed else _showing(words, shown)
        if in_link and words:
            made = escape(words)
        parts += [escape(text[end : mark.start()]), made]
        end = mark.end()
    return "".join([*parts, escape(text[end:])])


def _showing(words: str, name: str) -> str:
    """Words that light up a part of the page; ValueError where it has none of that name."""
    if name not in SHOWN:
        raise ValueError(f"the name of a part of the page behind [{words}], not {with_suggestion(name, sorted(SHOWN))}")
    return f'<button type="button" class="in-text shows" data-shows="{name}">{escape(words)}</button>'


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text as HTML, without their <p>."""
    return [sentence(" ".join(part.split())) for part in re.split(r"\n\s*\n", text.strip())]

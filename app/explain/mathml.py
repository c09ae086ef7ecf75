"""Formulas as MathML, which browsers set by themselves."""

from __future__ import annotations

import re
from functools import cache

from latex2mathml.converter import convert

FUNCTION = re.compile(r"(<mrow>)?<m([io])>([a-z]{2,})</m\2>(?=((?:<mrow>)?<mo[^>]*>&#x00028;)?)")
"""The name of a function, and whether it stands first in its row and a bracket follows."""


@cache
def mathml(latex: str, display: str = "inline") -> str:
    """A formula as a <math> element for HTML."""
    math = convert(latex, display=display).replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "")
    return FUNCTION.sub(_spaced, math)


def _spaced(function: re.Match[str]) -> str:
    """The name of a function with a thin space on both sides, as between 3 and sin x, but for a bracket's."""
    first, _, name, bracket = function.groups()
    left, right = ("0" if there else "0.17em" for there in (first, bracket))
    return f'{first or ""}<mo lspace="{left}" rspace="{right}">{name}</mo>'

"""Numbers as they are written."""

from __future__ import annotations

import math

import pytest

from engine.numbers import percent, short


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0000"),
        (0.000312, "0.000312"),
        (0.03125, "0.0312"),
        (1.2, "1.20"),
        (-1.3, "−1.30"),
        (134.4, "134"),
        (99_999.0, "99999"),
        (1e5, "1.00e5"),
        (-2.5e-7, "−2.50e-7"),
        (3.8e171, "3.80e171"),
        (math.inf, "infinite"),
        (math.nan, "–"),
    ],
)
def test_a_number_is_written_by_three_digits_that_matter(value: float, text: str) -> None:
    assert short(value) == text


def test_a_share_is_written_in_percent_or_as_a_dash() -> None:
    assert (percent(0.9962), percent(1.0), percent(math.nan)) == ("99.6 %", "100.0 %", "–")

"""The colours: one truth with the page's own files."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from engine import colors
from engine.colors import INK, NEGATIVE, NEUTRAL, POSITIVE, SCALE, SURFACE, places

STATIC = Path(__file__).parents[2] / "static"
SCRIPT = (STATIC / "colors.js").read_text(encoding="utf-8")
STYLES = "".join(path.read_text(encoding="utf-8") for path in sorted((STATIC / "styles").glob("*.css")))


def script_color(name: str) -> tuple[int, ...]:
    found = re.search(rf"{name} = 'rgb\((\d+), (\d+), (\d+)\)'", SCRIPT)
    assert found
    return tuple(map(int, found.groups()))


def light_color(name: str) -> tuple[int, ...]:
    found = re.search(rf"--{name}: light-dark\(#(\w{{6}}),", STYLES)
    assert found
    return tuple(bytes.fromhex(found[1]))


def test_the_ends_are_those_of_the_pages_first_palette() -> None:
    assert "original: { label: 'Orange to blue'" in SCRIPT
    assert "ends: [ORANGE, BLUE] },\n  swapped" in SCRIPT
    assert [script_color("ORANGE"), script_color("BLUE")] == [NEGATIVE, POSITIVE]


def test_the_neutral_and_the_edges_are_those_of_the_light_page() -> None:
    assert [light_color(name) for name in ("neutral", "surface", "ink")] == [NEUTRAL, SURFACE, INK]


@pytest.mark.parametrize("table", ["TO_CONES", "TO_LAB", "FROM_LAB", "FROM_CONES"])
def test_the_numbers_of_the_colour_space_are_those_of_the_page(table: str) -> None:
    written = {float(number) for number in re.findall(r"\d+\.\d{9,}", SCRIPT)}
    numbers = np.abs(getattr(colors, table))
    assert set(numbers[numbers != 1].tolist()) <= written


def test_the_scale_is_the_one_that_browsers_compute() -> None:
    computed = {  # by static/colors.js itself
        0: (245, 147, 34),
        1: (245, 147, 34),
        64: (242, 193, 150),
        100: (238, 218, 200),
        128: (233, 236, 238),
        129: (231, 235, 238),
        200: (122, 170, 212),
        255: (8, 119, 189),
    }
    assert SCALE.shape == (256, 3)
    assert {place: tuple(SCALE[place].tolist()) for place in computed} == computed


def test_nobody_changes_the_scale() -> None:
    with pytest.raises(ValueError, match="read-only"):
        SCALE[0] = 0


def test_a_value_has_the_nearest_place_and_the_ends_hold_all_beyond() -> None:
    values = np.array([-np.inf, -7.0, -1.0, -0.5, -0.003, 0.0, 0.003, 0.01, 0.5, 1.0, np.inf])
    assert places(values).tolist() == [1, 1, 1, 65, 128, 128, 128, 129, 192, 255, 255]

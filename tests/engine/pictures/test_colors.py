"""The colours: one truth with the page's own files."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from engine.data.points import MAX_CLASSES
from engine.pictures import colors
from engine.pictures.colors import (
    CLASS_SCALES,
    CLASSES,
    INK,
    LABEL_SCALE,
    MAP_SHARE,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    SCALE,
    SURFACE,
    mixed,
    places,
)
from tests.colours import VISIONS, contrast, distance

STATIC = Path(__file__).parents[3] / "static"
SCRIPT = (STATIC / "draw" / "colors.js").read_text(encoding="utf-8")
STYLES = "".join(path.read_text(encoding="utf-8") for path in sorted(STATIC.rglob("*.css")))


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
    computed = {  # by static/draw/colors.js itself
        0: (244, 180, 123),
        1: (244, 180, 123),
        64: (240, 209, 182),
        100: (236, 224, 213),
        128: (233, 236, 238),
        129: (232, 235, 238),
        200: (161, 193, 222),
        255: (105, 161, 208),
    }
    assert SCALE.shape == (256, 3)
    assert {place: tuple(SCALE[place].tolist()) for place in computed} == computed


def test_labels_go_all_the_way_to_the_ends_and_maps_so_far_that_points_stay_visible() -> None:
    assert [LABEL_SCALE[place].tolist() for place in (1, 128, 255)] == [list(NEGATIVE), list(NEUTRAL), list(POSITIVE)]
    share = re.search(r"MAP_SHARE = ([\d.]+);", SCRIPT)
    assert share
    assert 0.6 <= MAP_SHARE == float(share[1]) <= 0.7
    for label, place in ((NEGATIVE, 1), (POSITIVE, 255), *zip(CLASSES, [255] * MAX_CLASSES, strict=True)):
        ground = SCALE[place] if label in (NEGATIVE, POSITIVE) else CLASS_SCALES[CLASSES.index(label), place]
        assert distance(np.array(label) / 255, ground / 255, "normal") > 0.06, label


def test_nobody_changes_the_scale() -> None:
    with pytest.raises(ValueError, match="read-only"):
        SCALE[0] = 0


def test_a_value_has_the_nearest_place_and_the_ends_hold_all_beyond() -> None:
    values = np.array([-np.inf, -7.0, -1.0, -0.5, -0.003, 0.0, 0.003, 0.01, 0.5, 1.0, np.inf])
    assert places(values).tolist() == [1, 1, 1, 65, 128, 128, 128, 129, 192, 255, 255]


# --- many classes -----------------------------------------------------------------------------------------------------

SEEN = {name for name in VISIONS if name != "grey print"}
LEAST_APART, LEAST_OF_THREE = 0.14, 0.15  # in OKLab, where orange and blue of the first palette are 0.36 apart
ON_WHITE, ON_DARK = 2.3, 3.0  # contrasts with the pages; the first palette's orange has 2.3 on white, too


def dark_color(name: str) -> tuple[int, ...]:
    found = re.search(rf"--{name}: light-dark\(#\w{{6}}, #(\w{{6}})\)", STYLES)
    assert found
    return tuple(bytes.fromhex(found[1]))


def test_the_classes_have_the_colours_that_they_have_on_the_page() -> None:
    table = re.search(r"CLASSES = \[(.*?)\];", SCRIPT, re.DOTALL)
    assert table
    written = re.findall(r"rgb\((\d+), (\d+), (\d+)\)", table[1])
    assert [tuple(map(int, color)) for color in written] == list(CLASSES)
    assert len(CLASSES) == MAX_CLASSES


@pytest.mark.parametrize("vision", sorted(SEEN))
def test_classes_stay_apart_in_every_kind_of_colour_vision(vision: str) -> None:
    colors = np.array(CLASSES) / 255
    apart = {(i, j): distance(colors[i], colors[j], vision) for i, j in combinations(range(len(colors)), 2)}
    assert min(apart.values()) > LEAST_APART, apart
    assert min(apart[pair] for pair in combinations(range(3), 2)) > LEAST_OF_THREE


@pytest.mark.parametrize(("ground", "least"), [("white", ON_WHITE), ("page", ON_DARK), ("surface", ON_DARK)])
def test_every_class_is_seen_on_the_page(ground: str, least: float) -> None:
    behind = np.array(SURFACE if ground == "white" else dark_color(ground)) / 255
    assert (contrast(np.array(CLASSES) / 255, behind) >= least).all()


def test_the_scale_of_a_class_runs_from_the_neutral_to_its_colour() -> None:
    assert CLASS_SCALES.shape == (6, 256, 3)
    assert CLASS_SCALES[:, [0, 128]].tolist() == [[list(NEUTRAL)] * 2] * 6
    assert len({tuple(color) for color in CLASS_SCALES[:, 255].tolist()}) == len(CLASSES)
    with pytest.raises(ValueError, match="read-only"):
        CLASS_SCALES[0] = 0


@pytest.mark.parametrize("count", range(2, 7))
def test_a_certain_class_has_its_colour_and_where_all_are_alike_nothing_is_said(count: int) -> None:
    assert mixed(np.eye(count)).tolist() == CLASS_SCALES[:count, 255].tolist()
    assert mixed(np.full((count, 1, 2), 1 / count)).tolist() == [[list(NEUTRAL)] * 2]


def test_of_two_classes_the_likelier_one_is_as_strong_as_on_its_scale() -> None:
    p = np.linspace(0, 1, 256)
    scales = np.where((p > 0.5)[:, None], CLASS_SCALES[0][places(2 * p - 1)], CLASS_SCALES[1][places(1 - 2 * p)])
    assert np.abs(mixed(np.stack([p, 1 - p])).astype(int) - scales).max() <= 2  # a scale has 127 steps


def test_a_mixture_is_the_one_that_browsers_compute() -> None:
    probabilities = np.array([[0.6, 0.4, 0.0], [0.5, 0.5, 0.0], [0.34, 0.33, 0.33], [0.1, 0.2, 0.7], [0.0, 0.45, 0.55]])
    computed = [[188, 192, 223], [204, 188, 204], [232, 235, 238], [208, 216, 174], [219, 206, 176]]
    bytes_ = (
        np.floor(probabilities * 127 + 0.5) / 127
    )  # what static/plane/classcolors.js, which computed them, was given
    assert np.abs(mixed(bytes_.T).astype(int) - computed).max() <= 1

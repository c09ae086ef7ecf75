"""The palettes, to every kind of eye and on both themes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.colours import VISIONS, Palette, contrast, distance, lab, palettes, parsed
from tests.page.conftest import Tabs
from tests.server import Server

Theme = tuple[str, dict[str, str], dict[str, Palette]]
ORANGE, BLUE = "rgb(245 147 34)", "rgb(8 119 189)"
LIGHTEST_ON_WHITE = 2.3  # the contrast of the original's orange, which is what it is


@pytest.fixture(scope="module", params=["light", "dark"])
def theme(request: pytest.FixtureRequest, tabs: Tabs, server: Server) -> Theme:
    """A theme by its name, its colours, and the palettes upon it."""
    page = tabs.take({"color_scheme": request.param})
    page.goto(server.address)
    page.locator("body.ready").wait_for()
    found = palettes(page)
    tabs.give_back(page, {"color_scheme": request.param})
    return request.param, *found


def test_the_first_two_palettes_run_through_the_neutral_of_the_theme(theme: Theme) -> None:
    _, colors, found = theme
    original, swapped = found["original"].css, found["swapped"].css
    assert [original[0], original[255]] == [ORANGE, BLUE]
    assert [swapped[0], swapped[255]] == [BLUE, ORANGE]
    assert original[128] == swapped[128] == colors["neutral"].replace(",", "")
    assert contrast(parsed([original[128]]), parsed([colors["page"]])) < 1.4


def test_high_contrast_grows_darker_all_the_way(theme: Theme) -> None:
    _, _, found = theme
    lightness = lab(found["contrast"].colors)[:, 0]
    assert (np.diff(lightness[::5]) < 0).all()


def test_high_contrast_survives_every_kind_of_vision_and_grey_print(theme: Theme) -> None:
    _, _, found = theme
    low, middle, high = found["contrast"].ends
    for vision in VISIONS:
        assert distance(low, high, vision) > 0.35, vision
        assert min(distance(low, middle, vision), distance(middle, high, vision)) > 0.17, vision


def test_the_ends_of_all_palettes_stay_apart_in_every_kind_of_colour_vision(theme: Theme) -> None:
    _, _, found = theme
    for name, palette in found.items():
        low, _, high = palette.ends
        apart = {vision: distance(low, high, vision) for vision in VISIONS if vision != "grey print"}
        assert min(apart.values()) > 0.27, (name, apart)


def test_full_strength_is_seen_on_the_page(theme: Theme) -> None:
    name, colors, found = theme
    for ground in parsed([colors["page"], colors["surface"]]):
        assert (contrast(found["contrast"].colors, ground) >= 3).all()  # at any strength
        for palette in found.values():
            for place in (0, 255):
                least = LIGHTEST_ON_WHITE if name == "light" and palette.css[place] == ORANGE else 3
                assert contrast(palette.colors[place], ground) >= least, palette.css[place]


def test_text_reads_well_upon_every_colour(theme: Theme) -> None:
    _, _, found = theme
    inks = {"black": np.zeros(3), "white": np.ones(3)}
    for name, palette in found.items():
        ink = np.array([inks[ink] for ink in palette.inks])
        assert (contrast(palette.colors, ink) >= 4.5).all(), name

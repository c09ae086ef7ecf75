"""The palettes, to every kind of eye and on both themes; and the menu that chooses one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import FloatRect, Page, expect

from tests.colours import VISIONS, Color, contrast, distance, lab, parsed
from tests.drawing import in_module

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
LINK = "dataset=spiral&networkShape=8,8,8&seed=0.68609&xTimesY=true&xSquared=true&ySquared=true&sinX=true&sinY=true"
THEMES = ["light", "dark"]
ORANGE, BLUE = "rgb(245 147 34)", "rgb(8 119 189)"
LIGHTEST_ON_WHITE = 2.3  # the contrast of the original's orange, which is what it is
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
WHITE, NIGHT = "rgb(255, 255, 255)", "rgb(21, 24, 28)"
SCALES = """({ createScale, inkOn, PALETTES }, neutral) => Object.keys(PALETTES).map((name) => {
  const scale = createScale(neutral, name);
  return [name, scale.css, scale.css.map((_, place) => inkOn(scale, (place - 128) / 127))];
})"""
COLOURS = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height), counts = new Map();
  for (let i = 0; i < data.length; i += 4) {
    const color = `rgb(${data[i]} ${data[i + 1]} ${data[i + 2]})`;
    if (data[i + 3] === 255) counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([color]) => color);
}"""
"""The opaque colours of a canvas, the commonest first."""


@dataclass
class Palette:
    """A palette upon a theme."""

    css: list[str]
    inks: list[str]

    @property
    def colors(self) -> Color:
        """Its 256 colours."""
        return parsed(self.css)

    @property
    def ends(self) -> tuple[Color, Color, Color]:
        """The most negative, the neutral and the most positive."""
        low, middle, high = self.colors[[0, 128, 255]]
        return low, middle, high


def palettes(page: Page) -> tuple[dict[str, str], dict[str, Palette]]:
    """The theme's colours and the palettes upon them."""
    theme: dict[str, str] = in_module(page, "look", "({ readTheme }) => readTheme()")
    scales: list[Any] = in_module(page, "colors", SCALES, theme["neutral"])
    return theme, {name: Palette(css, inks) for name, css, inks in scales}


def shown(page: Page, selector: str) -> list[str]:
    """The colours of a canvas of the page."""
    colours: list[str] = page.eval_on_selector(selector, COLOURS)
    return colours


def choose(page: Page, name: str, value: str) -> None:
    """Choose by mouse and close the menu."""
    page.click("#look")
    page.click(f"#look-menu label:has([name={name}][value={value}])")
    page.keyboard.press("Escape")


def box(page: Page, selector: str) -> FloatRect:
    found = page.locator(selector).bounding_box()
    assert found
    return found


# --- palettes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
def test_the_first_two_palettes_run_through_the_neutral_of_the_theme(open_page: Open, theme: str) -> None:
    colors, found = palettes(open_page(color_scheme=theme))
    original, swapped = found["original"].css, found["swapped"].css
    assert [original[0], original[255]] == [ORANGE, BLUE]
    assert [swapped[0], swapped[255]] == [BLUE, ORANGE]
    assert original[128] == swapped[128] == colors["neutral"].replace(",", "")
    assert contrast(parsed([original[128]]), parsed([colors["page"]])) < 1.4


@pytest.mark.parametrize("theme", THEMES)
def test_high_contrast_grows_darker_all_the_way(open_page: Open, theme: str) -> None:
    _, found = palettes(open_page(color_scheme=theme))
    lightness = lab(found["contrast"].colors)[:, 0]
    assert (np.diff(lightness[::5]) < 0).all()


@pytest.mark.parametrize("theme", THEMES)
def test_high_contrast_survives_every_kind_of_vision_and_grey_print(open_page: Open, theme: str) -> None:
    _, found = palettes(open_page(color_scheme=theme))
    low, middle, high = found["contrast"].ends
    for vision in VISIONS:
        assert distance(low, high, vision) > 0.35, vision
        assert min(distance(low, middle, vision), distance(middle, high, vision)) > 0.17, vision


@pytest.mark.parametrize("theme", THEMES)
def test_the_ends_of_all_palettes_stay_apart_in_every_kind_of_colour_vision(open_page: Open, theme: str) -> None:
    _, found = palettes(open_page(color_scheme=theme))
    for name, palette in found.items():
        low, _, high = palette.ends
        apart = {vision: distance(low, high, vision) for vision in VISIONS if vision != "grey print"}
        assert min(apart.values()) > 0.27, (name, apart)


@pytest.mark.parametrize("theme", THEMES)
def test_full_strength_is_seen_on_the_page(open_page: Open, theme: str) -> None:
    colors, found = palettes(open_page(color_scheme=theme))
    for ground in parsed([colors["page"], colors["surface"]]):
        assert (contrast(found["contrast"].colors, ground) >= 3).all()  # at any strength
        for palette in found.values():
            for place in (0, 255):
                least = LIGHTEST_ON_WHITE if theme == "light" and palette.css[place] == ORANGE else 3
                assert contrast(palette.colors[place], ground) >= least, palette.css[place]


@pytest.mark.parametrize("theme", THEMES)
def test_text_reads_well_upon_every_colour(open_page: Open, theme: str) -> None:
    _, found = palettes(open_page(color_scheme=theme))
    inks = {"black": np.zeros(3), "white": np.ones(3)}
    for name, palette in found.items():
        ink = np.array([inks[ink] for ink in palette.inks])
        assert (contrast(palette.colors, ink) >= 4.5).all(), name


# --- what the choice does ---------------------------------------------------------------------------------------------


def test_the_menu_offers_every_palette_with_its_colours(open_page: Open) -> None:
    page = open_page()
    page.click("#look")
    _, found = palettes(page)
    offered = page.eval_on_selector_all("[name=palette]", "all => all.map(radio => radio.value)")
    assert offered == list(found)
    words = in_module(page, "colors", "({ PALETTES }) => Object.values(PALETTES).map(p => [p.label, p.hint])")
    for (name, palette), (label, hint) in zip(found.items(), words, strict=True):
        row = f"#look-menu label:has([value={name}])"
        assert page.inner_text(f"{row} span") == label
        assert page.inner_text(f"{row} small") == hint
        assert set(shown(page, f"{row} canvas")) == set(palette.css)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["original", "swapped", "contrast"])
def test_map_points_and_legend_take_the_palette(open_page: Open, name: str, theme: str) -> None:
    page = open_page("dataset=xor&discretize=true&seed=1", color_scheme=theme)
    choose(page, "palette", name)
    _, found = palettes(page)
    ends = {found[name].css[0], found[name].css[255]}
    page.wait_for_function(  # until the next picture
        f"([selector, ends]) => ({COLOURS})(document.querySelector(selector)).slice(0, 2).every(c => ends.includes(c))",
        arg=["#output .plane > canvas", list(ends)],
    )
    assert ends <= set(shown(page, "#output .plane > canvas:nth-of-type(2)"))
    assert set(shown(page, ".legend canvas")) == set(found[name].css)


@pytest.mark.parametrize("name", [*THEMES, "swapped", "contrast"])
def test_every_look_can_be_looked_at(open_page: Open, keep: Keep, name: str) -> None:
    page = open_page(LINK)
    kind = "theme" if name in THEMES else "palette"
    choose(page, kind, name)
    page.click("#look")
    expect(page.locator(f"[name={kind}][value={name}]")).to_be_checked()
    keep(page, f"look-{name}")


def test_a_choice_lasts_over_a_reload(open_page: Open) -> None:
    page = open_page()
    choose(page, "theme", "dark")
    choose(page, "palette", "swapped")
    page.reload()
    page.locator("body.ready").wait_for()
    assert page.evaluate(BACKGROUND) == NIGHT
    assert in_module(page, "look", "({ readPalette }) => readPalette()") == "swapped"
    expect(page.locator("[name=theme][value=dark]")).to_be_checked()
    expect(page.locator("[name=palette][value=swapped]")).to_be_checked()


def test_what_was_kept_and_is_not_known_counts_as_nothing(open_page: Open) -> None:
    page = open_page()
    page.evaluate("() => { localStorage.setItem('theme', 'neon'); localStorage.setItem('palette', 'rainbow') }")
    page.reload()
    page.locator("body.ready").wait_for()
    assert page.evaluate(BACKGROUND) == WHITE
    assert in_module(page, "look", "({ readPalette }) => readPalette()") == "original"


def test_the_look_can_be_chosen_where_nothing_may_be_kept(open_page: Open) -> None:
    page = open_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    page.reload()
    page.locator("body.ready").wait_for()
    choose(page, "theme", "dark")
    assert page.evaluate(BACKGROUND) == NIGHT


def test_the_page_follows_the_system_until_a_theme_is_chosen(open_page: Open) -> None:
    page = open_page(color_scheme="light")
    neutral = f"dark => ({COLOURS})(document.querySelector('.legend canvas')).includes(dark)"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(neutral, arg="rgb(42 48 55)")
    assert "rgb(42 48 55)" in shown(page, "#look-menu label:has([value=original]) canvas")
    choose(page, "theme", "light")
    assert page.evaluate(BACKGROUND) == WHITE
    assert "rgb(42 48 55)" not in shown(page, ".legend canvas")


# --- the menu ---------------------------------------------------------------------------------------------------------


def test_the_menu_works_by_keyboard(open_page: Open) -> None:
    page = open_page(color_scheme="dark")
    page.focus("#look")
    page.keyboard.press("Enter")
    expect(page.locator("[name=theme][value=system]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(BACKGROUND) == WHITE
    page.keyboard.press("ArrowUp")
    assert page.evaluate(BACKGROUND) == NIGHT
    page.keyboard.press("Tab")
    expect(page.locator("[name=palette][value=original]")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=palette][value=swapped]")).to_be_checked()
    assert page.inner_text("#epoch") == "000,000"  # the arrow that steps elsewhere
    page.keyboard.press("Escape")
    expect(page.locator("#look-menu")).to_be_hidden()
    expect(page.locator("#look")).to_be_focused()
    assert in_module(page, "look", "({ readPalette }) => readPalette()") == "swapped"


def test_a_click_beside_the_menu_closes_it(open_page: Open) -> None:
    page = open_page()
    page.click("#look")
    expect(page.locator("#look-menu")).to_be_visible()
    page.mouse.click(5, 400)
    expect(page.locator("#look-menu")).to_be_hidden()


def test_escape_closes_the_menu_and_nothing_below_it(open_page: Open) -> None:
    page = open_page("dataset=xor&seed=1")
    page.click("[data-key=unit-0-2]")
    expect(page.locator("#output-title")).to_have_text("Unit 3 of layer 1")  # pinned
    page.click("#look")
    page.keyboard.press("Escape")
    expect(page.locator("#look-menu")).to_be_hidden()
    expect(page.locator("#output-title")).to_have_text("Unit 3 of layer 1")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1001, 320)])
def test_the_menu_stands_under_its_button_within_the_window(open_page: Open, width: int, height: int) -> None:
    page = open_page(width=width, height=height)
    page.click("#look")
    button, menu = box(page, "#look"), box(page, "#look-menu")
    assert 0 <= menu["y"] - button["y"] - button["height"] <= 8
    assert menu["x"] <= button["x"]
    assert button["x"] + button["width"] <= menu["x"] + menu["width"] <= width
    assert menu["y"] + menu["height"] <= height


def test_on_a_phone_the_menu_is_a_sheet_at_the_bottom(open_page: Open, keep: Keep) -> None:
    page = open_page(LINK, width=390, height=844, has_touch=True, is_mobile=True)
    page.tap("#look")
    menu = box(page, "#look-menu")
    assert (menu["x"], menu["width"], menu["y"] + menu["height"]) == (0, 390, 844)
    targets = page.eval_on_selector_all(
        "#look, #look-menu label", "all => all.map(e => e.getBoundingClientRect()).map(b => [b.width, b.height])"
    )
    assert len(targets) == 7
    assert min(side for target in targets for side in target) >= 44
    keep(page, "look-phone")
    page.tap("#look-menu label:has([value=dark])")
    assert page.evaluate(BACKGROUND) == NIGHT
    page.touchscreen.tap(200, 20)
    expect(page.locator("#look-menu")).to_be_hidden()

"""The menu of themes and palettes, and what a choice does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Page, expect

from tests.colours import palettes
from tests.drawing import in_module
from tests.person import wait_until_drawn

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
LINK = "dataset=spiral&networkShape=8,8,8&seed=0.68609&xTimesY=true&xSquared=true&ySquared=true&sinX=true&sinY=true"
THEMES = ["light", "dark"]
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
WHITE, NIGHT = "rgb(255, 255, 255)", "rgb(21, 24, 28)"
COLOURS = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height), counts = new Map();
  for (let i = 0; i < data.length; i += 4) {
    const color = `rgb(${data[i]} ${data[i + 1]} ${data[i + 2]})`;
    if (data[i + 3] === 255) counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([color]) => color);
}"""
"""The opaque colours of a canvas, the commonest first."""

DRAWN_IN = f"""([ends, all]) => {{
  const shown = (selector) => ({COLOURS})(document.querySelector(selector));
  const drawn = shown('#output .plane > canvas').slice(0, 2).join(), other = [...ends].reverse().join();
  return (drawn === ends.join() || drawn === other) && shown('.legend canvas').every((color) => all.includes(color));
}}"""
"""Whether the picture of a discretized output has the two ends of a palette, and the legend its colours."""


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


# --- what the choice does ---------------------------------------------------------------------------------------------


def test_the_menu_offers_every_palette_with_its_colours(open_page: Open) -> None:
    page = open_page()
    page.click("#look")
    _, found = palettes(page)
    offered = page.eval_on_selector_all("[name=palette]", "all => all.map(radio => radio.value)")
    assert offered == list(found)
    words = in_module(page, "draw/colors", "({ PALETTES }) => Object.values(PALETTES).map(p => [p.label, p.hint])")
    for (name, palette), (label, hint) in zip(found.items(), words, strict=True):
        row = f"#look-menu label:has([value={name}])"
        assert page.inner_text(f"{row} span") == label
        assert page.inner_text(f"{row} small") == hint
        assert set(shown(page, f"{row} canvas")) == set(palette.map)


@pytest.mark.parametrize("theme", THEMES)
def test_map_points_and_legend_take_the_palette(open_page: Open, theme: str) -> None:
    page = open_page("dataset=xor&discretize=true&seed=1", color_scheme=theme)
    _, found = palettes(page)
    for name in ("contrast", "swapped", "original"):
        choose(page, "palette", name)
        ends = {found[name].css[0], found[name].css[255]}
        page.wait_for_function(DRAWN_IN, arg=[[found[name].map[0], found[name].map[255]], found[name].map])
        assert ends <= set(shown(page, "#output .plane > canvas:nth-of-type(2)"))
        assert set(shown(page, ".legend canvas")) == set(found[name].map)


def test_every_look_can_be_looked_at(open_page: Open, keep: Keep) -> None:
    page = open_page(LINK)
    for name in ("dark", "light", "swapped", "contrast"):
        kind = "theme" if name in THEMES else "palette"
        choose(page, kind, name)
        page.click("#look")
        expect(page.locator(f"[name={kind}][value={name}]")).to_be_checked()
        keep(page, f"look-{name}")
        page.keyboard.press("Escape")


def test_a_choice_lasts_over_a_reload(open_page: Open) -> None:
    page = open_page()
    choose(page, "theme", "dark")
    choose(page, "palette", "swapped")
    page.reload()
    page.locator("body.ready").wait_for()
    assert page.evaluate(BACKGROUND) == NIGHT
    assert in_module(page, "draw/look", "({ readPalette }) => readPalette()") == "swapped"
    expect(page.locator("[name=theme][value=dark]")).to_be_checked()
    expect(page.locator("[name=palette][value=swapped]")).to_be_checked()


def test_what_was_kept_and_is_not_known_counts_as_nothing(open_page: Open) -> None:
    page = open_page()
    page.evaluate("() => { localStorage.setItem('theme', 'neon'); localStorage.setItem('palette', 'rainbow') }")
    page.reload()
    page.locator("body.ready").wait_for()
    assert page.evaluate(BACKGROUND) == WHITE
    assert in_module(page, "draw/look", "({ readPalette }) => readPalette()") == "original"


def test_the_look_can_be_chosen_where_nothing_may_be_kept(open_page: Open) -> None:
    page = open_page(fresh=True)
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
    page.click("#look")
    assert "rgb(42 48 55)" in shown(page, "#look-menu label:has([value=original]) canvas")
    page.keyboard.press("Escape")
    choose(page, "theme", "light")
    assert page.evaluate(BACKGROUND) == WHITE
    wait_until_drawn(page)
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
    assert in_module(page, "draw/look", "({ readPalette }) => readPalette()") == "swapped"


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

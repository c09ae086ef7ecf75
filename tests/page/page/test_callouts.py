"""The callouts of the first visit: where they stand, that they are in nobody's way, and how they go."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.drawing import in_module
from tests.person import wait_for_epoch, wait_until_drawn

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
SPIRAL = "dataset=spiral&networkShape=8,8,8&seed=1&xTimesY=true&xSquared=true&ySquared=true&sinX=true&sinY=true"
PARTS = "header > *, .knob, .unit, .layer-head, .feature, .thumbnail, dd, .plane, .strip, main input"
"""What has numbers on it or can be pressed."""
LINES_END_WELL = """lastUnit => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  const paths = [...document.querySelectorAll('#callouts svg > path')].map(path => path.getAttribute('d'));
  const ends = paths.map(path => path.match(/-?[\\d.]+/g).slice(-2).map(Number));
  const [[playX, playY], [linkX, linkY], [unitX, unitY]] = ends;
  const unit = box(lastUnit), feature = box('.feature'), play = box('#play');
  return feature.right < linkX && linkX < unit.left && feature.top < linkY && linkY < unit.bottom
    && unit.left <= unitX && unitX <= unit.right && unit.top <= unitY && unitY <= unit.bottom + 1
    && play.left < playX && playX < play.right && playY - play.bottom >= 0 && playY - play.bottom < 8;
}"""


def notes(page: Page) -> dict[str, FloatRect]:
    """The boxes of the notes on show, by what they are about."""
    expect(page.locator("[data-at=play]")).to_be_visible()
    at: list[str] = page.locator(".callout:visible").evaluate_all("all => all.map(note => note.dataset.at ?? '')")
    return dict(zip(at, boxes(page, ".callout"), strict=True))


def box(part: Locator) -> FloatRect:
    found = part.bounding_box()
    assert found
    return found


def boxes(page: Page, parts: str) -> list[FloatRect]:
    """The boxes of whatever can be seen of some parts."""
    measured = "all => all.map(e => e.getBoundingClientRect().toJSON())"
    found: list[FloatRect] = page.locator(parts).filter(visible=True).evaluate_all(measured)
    return found


def apart(a: FloatRect, b: FloatRect) -> bool:
    return (
        a["x"] + a["width"] <= b["x"]
        or b["x"] + b["width"] <= a["x"]
        or a["y"] + a["height"] <= b["y"]
        or b["y"] + b["height"] <= a["y"]
    )


def dismissed(page: Page) -> None:
    expect(page.locator(".callout:visible")).to_have_count(0)


# --- where they stand -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("link", ["seed=1", SPIRAL, "networkShape=1&seed=1", "networkShape=6,6,6,6&seed=1"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_three_notes_stand_in_the_window_and_cover_nothing(open_page: Open, link: str, width: int, height: int) -> None:
    page = open_page(link, width=width, height=height)
    found = notes(page)
    assert list(found) == ["play", "link", "unit"]
    for one in found.values():
        assert one["x"] >= 0
        assert one["y"] >= 0
        assert one["x"] + one["width"] <= width
        assert one["y"] + one["height"] <= height
    parts = boxes(page, PARTS)
    assert len(parts) > 30
    assert all(apart(one, part) for one, part in product(found.values(), parts))
    assert all(apart(one, other) for one, other in combinations(found.values(), 2))


def test_the_lines_end_at_what_the_notes_are_about_wherever_it_goes(open_page: Open) -> None:
    page = open_page("seed=1&networkShape=4,2")

    page.wait_for_function(LINES_END_WELL, arg="[data-key=unit-0-3]")
    page.click("[data-key=more-0]")
    expect(page.locator("[data-key=unit-0-4]")).to_be_visible()
    page.wait_for_function(LINES_END_WELL, arg="[data-key=unit-0-4]")
    page.set_viewport_size({"width": 1600, "height": 1000})
    page.wait_for_function("() => document.querySelector('#network .stage').clientWidth > 700")
    page.wait_for_function(LINES_END_WELL, arg="[data-key=unit-0-4]")


def test_a_note_for_which_there_is_no_room_stays_away(open_page: Open) -> None:
    page = open_page("networkShape=12,12,12,12,12,12,12,12,12,12&seed=1")
    assert list(notes(page)) == ["play"]


def test_without_hidden_layers_or_features_there_is_nothing_to_point_at(open_page: Open) -> None:
    page = open_page("networkShape=&seed=1")
    assert list(notes(page)) == ["play", "link"]
    for name in ("x", "y"):
        page.click(f".feature:has([name={name}])")
    expect(page.locator("[data-at=link]")).to_be_hidden()
    assert list(notes(page)) == ["play"]


def test_on_a_phone_the_last_note_stands_above_the_play_button(open_page: Open, keep: Keep) -> None:
    page = open_page("seed=1", width=390, height=844, has_touch=True, is_mobile=True, reduced_motion="reduce")
    note, play = box(page.locator("[data-at=play]")), box(page.locator("#play"))
    keep(page, "callouts-phone")
    assert note["x"] >= 0
    assert note["x"] + note["width"] <= 390
    assert note["y"] + note["height"] <= play["y"]
    assert play["y"] - note["y"] - note["height"] < 40
    assert box(page.get_by_role("button", name="Got it"))["height"] >= 44
    assert all(one["x"] + one["width"] <= 390 for one in notes(page).values())
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.tap("#callouts button")
    dismissed(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_callouts_are_kept_to_be_looked_at(open_page: Open, keep: Keep, scheme: str) -> None:
    page = open_page("seed=1", color_scheme=scheme, reduced_motion="reduce")
    assert len(notes(page)) == 3
    keep(page, "callouts" if scheme == "light" else "callouts-dark")


def test_the_nearest_free_place_is_taken(loaded: Page) -> None:
    ask = """({ freePlace }, taken) => {
      const box = (left, top, right, bottom) => ({ left, top, right, bottom });
      return freePlace(100, 20, box(300, 300, 320, 320), taken.map((b) => box(...b)), [], box(0, 0, 800, 600));
    }"""
    beside = in_module(loaded, "page/callouts", ask, [])
    assert (beside["right"] - beside["left"], beside["bottom"] - beside["top"]) == (100, 20)
    assert min(abs(300 - beside["bottom"]), abs(300 - beside["right"])) < 16
    below = in_module(loaded, "page/callouts", ask, [[0, 0, 800, 322]])
    assert 326 <= below["top"] <= 340
    assert in_module(loaded, "page/callouts", ask, [[0, 0, 800, 600]]) is None


# --- in nobody's way --------------------------------------------------------------------------------------------------


def test_what_lies_below_a_note_can_be_clicked(open_page: Open) -> None:
    page = open_page("seed=1")
    for one in notes(page).values():
        x, y = one["x"] + 8, one["y"] + one["height"] / 2
        assert page.evaluate("([x, y]) => !document.elementFromPoint(x, y).closest('#callouts')", [x, y])
    unit = page.locator("[data-key=unit-0-1]")
    place = [box(unit)["x"] - 20, box(unit)["y"] - 4]
    page.eval_on_selector("[data-at=unit]", "(e, [x, y]) => { e.style.left = `${x}px`; e.style.top = `${y}px` }", place)
    assert not apart(notes(page)["unit"], box(unit))
    unit.click()
    expect(page.locator(".unit-panel")).to_be_visible()
    assert len(notes(page)) == 3


def test_they_move_nothing(open_page: Open) -> None:
    page = open_page("seed=1")
    places = """() => [...document.querySelectorAll('body *:not(#callouts, #callouts *)')].map((e) => {
      const { left, top, width, height } = e.getBoundingClientRect();
      return [left, top, width, height];
    })"""
    assert len(notes(page)) == 3
    before = page.evaluate(places)
    page.get_by_role("button", name="Got it").click()
    dismissed(page)
    assert page.evaluate(places) == before


# --- how they go ------------------------------------------------------------------------------------------------------


def test_they_are_never_seen_where_they_were_when_the_window_had_another_size(open_page: Open) -> None:
    page = open_page(SPIRAL, width=1920, height=1080)
    before = list(notes(page).values())
    page.evaluate("""() => {
      window.seen = []; // after each layout, before it is painted
      const notes = [...document.querySelectorAll('.callout')];
      new ResizeObserver(() => seen.push(notes.map((e) => e.getBoundingClientRect().toJSON()))).observe(document.body);
    }""")
    page.wait_for_function("() => seen.length")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_function("() => seen.length > 1")
    wait_until_drawn(page)
    after = list(notes(page).values())
    first, *others = page.evaluate("seen")
    assert first == before != after
    assert all(seen == after for seen in others)


def play(page: Page) -> None:
    page.click("#play")
    wait_for_epoch(page, 1)


def say_got_it(page: Page) -> None:
    page.get_by_role("button", name="Got it").click()


def escape(page: Page) -> None:
    page.keyboard.press("Escape")


@pytest.mark.parametrize("act", [play, say_got_it, escape])
def test_they_are_gone_for_good_when_they_were_seen(open_page: Open, act: Callable[[Page], None]) -> None:
    page = open_page("seed=1")
    assert len(notes(page)) == 3
    act(page)
    dismissed(page)
    page.reload()
    page.locator("body.ready").wait_for()
    dismissed(page)


def test_a_step_leaves_them(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click("#step")
    wait_for_epoch(page, 1)
    assert len(notes(page)) == 3


def test_they_come_back_on_request_until_the_next_play(open_page: Open) -> None:
    page = open_page("seed=1")
    play(page)
    dismissed(page)
    page.click("#help")
    page.get_by_role("button", name="Show the callouts again").click()
    expect(page.locator("#help-dialog")).to_be_hidden()
    assert len(notes(page)) == 3
    page.click("#play")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    assert len(notes(page)) == 3  # a pause is no play
    page.click("#play")
    dismissed(page)


@pytest.mark.parametrize("key", ["hideText=true", "compact=true", "tutorial=first-steps", "playButton_hide=true"])
def test_some_links_come_without_them(open_page: Open, key: str) -> None:
    page = open_page(f"seed=1&{key}")
    dismissed(page)
    page.evaluate("location.hash = 'seed=1'")
    assert len(notes(page)) == 3


def test_a_browser_that_keeps_nothing_shows_them_each_time(open_page: Open) -> None:
    page = open_page("seed=1", fresh=True)
    page.add_init_script("Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error('refused') }")
    for _ in range(2):
        page.reload()
        page.locator("body.ready").wait_for()
        assert len(notes(page)) == 3
        play(page)
        dismissed(page)


def test_what_was_not_shown_was_not_seen(open_page: Open) -> None:
    page = open_page("seed=1&compact=true")
    escape(page)
    page.evaluate("location.hash = 'seed=1'")
    assert len(notes(page)) == 3

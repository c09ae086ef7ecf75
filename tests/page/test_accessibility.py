"""No barrier that axe-core can find, in any state that the page can be in, in both themes; and what is announced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.person import place_of, play_to, wait_for_epoch
from tests.server import StartServer

LINK = "dataset=spiral&networkShape=3,2&seed=0.5"
CLASSES = "problem=multiclass&classDataset=arms&classes=6&networkShape=4&seed=0.5"
Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
Act = Callable[[Page], object]


AXE = Axe().axe_script


def barriers(page: Page, *rules: str) -> list[str]:
    """What axe-core finds, by some rules or by all, each as a line."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found = page.evaluate("options => axe.run(options).then(({ violations }) => violations)", options)
    return [f"{rule['id']}: {node['html'][:150]}" for rule in found for node in rule["nodes"]]


def barriers_in_both_themes(page: Page, keep: Keep, name: str) -> list[str]:
    """What axe-core finds in a state. Nothing but contrasts depends on the theme."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    light = barriers(page)
    keep(page, f"state-{name}-light")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    dark = barriers(page, "color-contrast")
    keep(page, f"state-{name}-dark")
    return [*light, *dark]


def play(page: Page) -> None:
    page.click("#play")
    wait_for_epoch(page, 3)


def select_a_unit(page: Page) -> None:
    page.click("[data-key=unit-0-1]")
    expect(page.locator(".unit-panel")).to_be_visible()


def point(page: Page) -> None:
    page.mouse.move(*place_of(page, 1.0, 1.0))
    expect(page.locator(".readout")).to_contain_text("output")


def point_among_classes(page: Page) -> None:
    play(page)
    page.mouse.move(*place_of(page, 1.0, 1.0))
    expect(page.locator(".readout")).to_contain_text("decides")


def open_a_card(page: Page) -> None:
    boxes = [page.locator(f"[data-key=unit-{key}]").bounding_box() for key in ("0-0", "1-0")]
    start, end = boxes
    assert start
    assert end
    page.mouse.click((start["x"] + start["width"] + end["x"]) / 2, start["y"] + start["height"] / 2 - 2)
    expect(page.locator(".card [type=range]")).to_be_visible()


def opened(selector: str, shown: str) -> Act:
    """A click that shows something."""

    def act(page: Page) -> None:
        page.click(selector)
        expect(page.locator(shown)).to_be_visible()

    return act


def diverge(page: Page) -> None:
    page.click("#play")
    expect(page.locator("#notice button")).to_have_text("Start anew with 0.03")


def undo_offered(page: Page) -> None:
    play(page)
    page.click("#play")
    page.click("[data-key=more-0]")
    expect(page.locator("#undo")).to_be_enabled()


def escape(page: Page) -> None:
    page.keyboard.press("Escape")


def look_away(page: Page) -> None:
    page.mouse.move(0, 0)
    expect(page.locator(".readout")).to_be_hidden()


def close_the_lessons(page: Page) -> None:
    page.get_by_role("button", name="Close the lessons").click()


def stay(page: Page) -> None:
    """As it is."""


EXPLAINED = opened("[popovertarget=about-activation]", "#about-activation")
DRAWN_ON = opened("#draw", ".sketch .tools")
OVER_ONE_PAGE: dict[str, tuple[Act, Act]] = {
    "explained": (EXPLAINED, escape),
    "first": (stay, stay),
    "look": (opened("#look", "#look-menu"), escape),
    "share": (opened("#share", "#share-dialog"), escape),
    "help": (opened("#help", "#help-dialog"), escape),
    "import": (opened("#import-open", "#import"), escape),
    "lessons": (opened("#lessons-open", ".lessons-list"), close_the_lessons),
    "pointing": (point, look_away),
    "card": (open_a_card, escape),
    "unit": (select_a_unit, escape),
    "drawing": (DRAWN_ON, escape),
    "playing": (play, lambda page: page.click("#play")),
    "undo": (undo_offered, stay),
}
"""States that one page goes through: what leads into each, and out of it."""
STATES: dict[str, tuple[str, Act]] = {
    "worst": (f"{LINK}&showWorst=true&showTestData=true", stay),
    "empty": ("dataset=own&seed=1", stay),
    "no-features": ("x=false&y=false&seed=1", stay),
    "diverged": ("activation=relu&learningRate=10&problem=regression&seed=1&networkShape=8,8", diverge),
    "regression": ("problem=regression&seed=1", play),
    "settings": (f"{LINK}&schedule=step&percValidationData=20&coverTest=true", opened("#more", "#settings")),
    "collapse": (f"{LINK}&activation=linear&outputActivation=linear", stay),
    "multiclass": (CLASSES, point_among_classes),
    "class": (CLASSES, opened("[data-key=unit-1-2]", ".unit-panel")),
    "class-drawing": (CLASSES, DRAWN_ON),
    "wide": ("networkShape=12,12,12,12,12,12,12,12,12,12&seed=1", stay),
    "compact": (f"{LINK}&compact=true", stay),
    "plain": (f"{LINK}&hideText=true", stay),
    "hidden": (f"{LINK}&playButton_hide=true&dataset_hide=true&numHiddenLayers_hide=true", stay),
    "lesson": (f"{LINK}&tutorial=first-steps", lambda page: expect(page.locator(".lesson h2")).to_be_visible()),
}
PHONE: dict[str, Any] = {"width": 390, "height": 844, "has_touch": True}


@pytest.mark.long
def test_no_barriers_in_whatever_is_opened_on_a_page(open_page: Open, keep: Keep) -> None:
    page = open_page(LINK, color_scheme="light", bypass_csp=True, reduced_motion="reduce")
    found = []
    for name, (enter, leave) in OVER_ONE_PAGE.items():
        enter(page)
        found += [(name, barrier) for barrier in barriers_in_both_themes(page, keep, name)]
        leave(page)
    assert found == []


@pytest.mark.parametrize("name", STATES)
def test_no_barriers_in_both_themes(open_page: Open, keep: Keep, name: str) -> None:
    link, act = STATES[name]
    page = open_page(link, color_scheme="light", bypass_csp=True, reduced_motion="reduce")
    act(page)
    assert barriers_in_both_themes(page, keep, name) == []


def test_no_barriers_in_what_is_opened_on_a_phone(open_page: Open, keep: Keep) -> None:
    page = open_page(LINK, bypass_csp=True, reduced_motion="reduce", **PHONE)
    found = []
    for name in ("explained", "first", "share", "unit", "drawing"):
        enter, leave = OVER_ONE_PAGE[name]
        enter(page)
        found += [(name, barrier) for barrier in barriers(page)]
        keep(page, f"phone-{name}")
        leave(page)
    assert found == []


@pytest.mark.parametrize("name", ["settings", "class-drawing"])
def test_no_barriers_on_a_phone(open_page: Open, keep: Keep, name: str) -> None:
    link, act = STATES[name]
    page = open_page(link, bypass_csp=True, reduced_motion="reduce", **PHONE)
    act(page)
    assert barriers(page) == []
    keep(page, f"phone-{name}")


def test_no_barriers_while_the_connection_is_lost(open_page: Open, start_server: StartServer) -> None:
    server = start_server()
    page = open_page(LINK, at=server, faults=True, bypass_csp=True)
    server.end()
    expect(page.locator("#notice")).to_contain_text("The connection is lost")
    assert barriers(page) == []


def test_losses_are_announced_politely(open_page: Open) -> None:
    page = open_page(LINK)
    announcer = page.locator("#announcer")
    expect(announcer).to_have_attribute("role", "status")
    page.click("#step")
    expect(announcer).to_contain_text("Epoch 1, test loss 0.")
    expect(announcer).to_contain_text(f"Epoch {play_to(page, 30)}, test loss")


@pytest.mark.parametrize("newcomer", [True, False])
def test_the_first_screen_has_at_most_fifty_tab_stops(open_page: Open, newcomer: bool) -> None:
    page = open_page(newcomer=newcomer)
    if not newcomer:
        page.evaluate("() => document.querySelector('#unfold').click()")  # as everybody finds it
    stops: list[str] = []
    page.evaluate("() => document.activeElement.blur()")
    while len(stops) < 100:
        page.keyboard.press("Tab")
        stop = page.evaluate(
            "() => { const e = document.activeElement; return e === document.body ? '' : e.outerHTML.slice(0, 90) }"
        )
        if not stop or stop in stops[:1]:
            break
        stops.append(stop)
    assert 20 < len(stops) <= 50, stops

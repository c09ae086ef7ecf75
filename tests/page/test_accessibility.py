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
Act = Callable[[Page], object]


def barriers(page: Page, **options: Any) -> list[str]:
    """What axe-core finds, each as a line."""
    found = Axe().run(page, options=options or None).response["violations"]
    return [f"{rule['id']}: {node['html'][:150]}" for rule in found for node in rule["nodes"]]


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


STATES: dict[str, tuple[str, Act]] = {
    "first": (LINK, lambda page: None),
    "playing": (LINK, play),
    "unit": (LINK, select_a_unit),
    "pointing": (LINK, point),
    "card": (LINK, open_a_card),
    "worst": (f"{LINK}&showWorst=true&showTestData=true", lambda page: None),
    "explained": (LINK, opened("[popovertarget=about-activation]", "#about-activation")),
    "look": (LINK, opened("#look", "#look-menu")),
    "share": (LINK, opened("#share", "#share-dialog")),
    "help": (LINK, opened("#help", "#help-dialog")),
    "import": (LINK, opened("#import-open", "#import")),
    "drawing": (LINK, opened("#draw", ".sketch .tools")),
    "empty": ("dataset=own&seed=1", lambda page: None),
    "no-features": ("x=false&y=false&seed=1", lambda page: None),
    "diverged": ("activation=relu&learningRate=10&problem=regression&seed=1&networkShape=8,8", diverge),
    "undo": (LINK, undo_offered),
    "regression": ("problem=regression&seed=1", play),
    "settings": (f"{LINK}&schedule=step&percValidationData=20&coverTest=true", opened("#more", "#settings")),
    "collapse": (f"{LINK}&activation=linear&outputActivation=linear", lambda page: None),
    "multiclass": (CLASSES, point_among_classes),
    "class": (CLASSES, opened("[data-key=unit-1-2]", ".unit-panel")),
    "class-drawing": (CLASSES, opened("#draw", ".sketch .tools")),
    "wide": ("networkShape=12,12,12,12,12,12,12,12,12,12&seed=1", lambda page: None),
    "compact": (f"{LINK}&compact=true", lambda page: None),
    "plain": (f"{LINK}&hideText=true", lambda page: None),
    "hidden": (f"{LINK}&playButton_hide=true&dataset_hide=true&numHiddenLayers_hide=true", lambda page: None),
    "lesson": (f"{LINK}&tutorial=first-steps", lambda page: expect(page.locator(".lesson h2")).to_be_visible()),
    "lessons": (LINK, opened("#lessons-open", ".lessons-list")),
}


@pytest.mark.parametrize("name", STATES)
def test_no_barriers_in_both_themes(open_page: Open, keep: Callable[[Page, str], None], name: str) -> None:
    link, act = STATES[name]
    page = open_page(link, color_scheme="light", bypass_csp=True, reduced_motion="reduce")
    act(page)
    assert barriers(page) == []
    keep(page, f"state-{name}-light")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert barriers(page, runOnly=["color-contrast"]) == []  # nothing else depends on the theme
    keep(page, f"state-{name}-dark")


@pytest.mark.parametrize("name", ["first", "unit", "share", "drawing", "explained", "settings", "class-drawing"])
def test_no_barriers_on_a_phone(open_page: Open, keep: Callable[[Page, str], None], name: str) -> None:
    link, act = STATES[name]
    page = open_page(link, width=390, height=844, has_touch=True, bypass_csp=True, reduced_motion="reduce")
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

"""The help dialog: how it opens, its keys, and what it leads to."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from app.page.assets import STATIC

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
LISTED = {
    "Space": "Play or pause",
    "→": "One step",
    "Shift+→": "One batch",
    "R": "Reset to the first weights",
    "Ctrl+Z": "Undo",
    "Ctrl+Shift+Z or Ctrl+Y": "Redo",
    "T": "Show the test data",
    "D": "Discretize the output",
    "W": "Mark the worst points",
    "L": "Logarithmic chart",
    "S": "Share",
    "H": "Mark what is explained",
    "?": "This list",
    "Escape": "Let go, or close what lies on top",
    "Tab": "To controls, units and the plane",
    "Enter": "On a unit: its weights and bias become fields",
    "← ↑ → ↓": "On the plane: move the point",
}
OF_PARTS = {"Tab", "Enter", "← ↑ → ↓"}
"""Keys of the browser and of parts of the page, not of the whole page."""


def opened(page: Page) -> Locator:
    page.click("#help")
    dialog = page.locator("#help-dialog")
    expect(dialog).to_be_visible()
    return dialog


def test_the_button_opens_help_and_the_close_button_closes_it(open_page: Open) -> None:
    page = open_page("seed=1")
    dialog = opened(page)
    expect(dialog).to_have_accessible_name("Help")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#help")).to_be_focused()


def test_the_question_mark_opens_help_and_escape_closes_it(open_page: Open) -> None:
    page = open_page("seed=1")
    page.keyboard.press("?")
    expect(page.locator("#help-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help-dialog")).to_be_hidden()


def test_every_key_is_listed_with_what_it_does(open_page: Open) -> None:
    rows = opened(open_page("seed=1")).locator(".keys > div")
    texts = rows.evaluate_all("rows => rows.map((row) => [...row.children].map((part) => part.textContent))")
    assert dict(texts) == LISTED


def test_the_list_has_the_keys_that_the_page_listens_to() -> None:
    (bound,) = re.findall(r"bindKeys\(\{\n(.*?)\n\}\)", (STATIC / "main.js").read_text(), re.DOTALL)
    names = {(quoted or plain) for quoted, plain in re.findall(r"^  (?:'([^']+)'|(\w+)):", bound, re.MULTILINE)}
    keys = {key for keys in LISTED.keys() - OF_PARTS for key in keys.split(" or ")}
    assert {key.lower().replace("→", "arrowright").replace("space", " ") for key in keys} == names


def test_help_leads_to_the_lessons(open_page: Open) -> None:
    page = open_page("seed=1")
    dialog = opened(page)
    dialog.get_by_role("button", name="lessons").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("navigation", name="All lessons")).to_be_visible()


def test_a_link_without_text_has_no_title_and_no_help(open_page: Open) -> None:
    page = open_page("seed=1&hideText=true")
    expect(page.locator("h1")).to_have_css("clip-path", "inset(50%)")  # to be heard, not seen
    expect(page.locator("#help")).to_be_hidden()
    expect(page.locator("#play")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_help_on_a_desktop(open_page: Open, keep: Keep, scheme: str) -> None:
    page = open_page("seed=1", color_scheme=scheme, reduced_motion="reduce")
    box = opened(page).bounding_box()
    keep(page, "help" if scheme == "light" else "help-dark")
    assert box
    assert box["width"] == 640
    assert box["y"] >= 16


def test_help_is_a_sheet_on_a_phone_that_scrolls_downwards_alone(open_page: Open, keep: Keep) -> None:
    page = open_page("seed=1", width=390, height=844, has_touch=True, is_mobile=True)
    dialog = opened(page)
    keep(page, "help-phone")
    body = dialog.locator(".dialog-body")
    assert body.evaluate("e => [e.scrollHeight > e.clientHeight, e.scrollWidth > e.clientWidth]") == [True, False]
    foot = dialog.get_by_role("button", name="Mark what is explained").bounding_box()
    assert foot
    assert foot["height"] >= 44
    assert foot["y"] + foot["height"] <= 844

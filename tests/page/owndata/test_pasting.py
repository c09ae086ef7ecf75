"""Pasting: a link is followed wherever the cursor is, points go to the importer, and all else is answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.drawing import in_module
from tests.person import step_to

Open = Callable[..., Page]
PASTED: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "golden" / "pasted.json").read_text())
CLIPBOARD = ["clipboard-read", "clipboard-write"]
LINK = "http://127.0.0.1:8000/#dataset=xor&seed=1"
NEITHER = "What was pasted is neither a link of a playground nor points: nothing has changed."


def paste(page: Page, text: str) -> None:
    """Press the keys that paste a text, where the focus is."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


KNOWN = """({ holdsLink }, texts) => {
  const { link } = JSON.parse(document.querySelector('#facts').textContent);
  return texts.map((text) => holdsLink(text, link));
}"""


def test_the_page_knows_a_link_as_the_engine_does(loaded: Page) -> None:
    found = in_module(loaded, "owndata/pasting", KNOWN, [case["text"] for case in PASTED])
    assert found == [case["link"] is not None for case in PASTED]


@pytest.mark.parametrize(
    "focused",
    [
        ".thumbnail input >> nth=0",
        "[name=sinX]",
        "#reset",
        "[type=range][name=noise]",
        "#knobs [name=problem]",
        ".plane",
    ],
)
def test_a_link_is_followed_whatever_has_the_focus(open_page: Open, focused: str) -> None:
    page = open_page("seed=1", permissions=CLIPBOARD)
    page.locator(focused).focus()
    paste(page, f"  {LINK}\n")
    page.wait_for_url("**#dataset=xor&seed=1")


@pytest.mark.parametrize("text", [f"Look at {LINK}, and say what it does.", f"[an exercise]({LINK})", f"<{LINK}>"])
def test_a_link_among_words_is_followed(open_page: Open, text: str) -> None:
    page = open_page("seed=5", permissions=CLIPBOARD)
    paste(page, text)
    page.wait_for_url("**#dataset=xor&seed=1")


@pytest.mark.parametrize("field", ["#noise-number", "#setting-weightSeed"])
def test_a_field_that_takes_text_keeps_what_is_pasted(open_page: Open, field: str) -> None:
    page = open_page("seed=1", permissions=CLIPBOARD)
    page.click("#more")
    page.focus(field)
    page.fill(field, "")
    paste(page, LINK)
    expect(page.locator(field)).to_have_value(LINK)
    assert page.url.endswith("#seed=1")


@pytest.mark.parametrize("text", ["https://www.youtube.com/watch?v=aircAruvnKk&t=95s#comments", "a = b", "hello"])
def test_what_is_no_link_leaves_the_run_as_it_is_and_is_answered(open_page: Open, text: str) -> None:
    page = open_page("seed=1", permissions=CLIPBOARD)
    step_to(page, 2)
    paste(page, text)
    expect(page.locator("#notice span")).to_have_text(NEITHER)
    expect(page.locator("#epoch")).to_have_text("000,002")
    assert page.url.endswith("#seed=1")


def test_pasted_points_are_offered_for_import_while_a_slider_has_the_focus(open_page: Open) -> None:
    page = open_page("seed=1", permissions=CLIPBOARD)
    page.focus("[type=range][name=noise]")
    paste(page, "1,2,1\n-1,0,-1\n")
    expect(page.locator("#import")).to_be_visible()
    expect(page.locator("#import textarea")).to_have_value("1,2,1\n-1,0,-1\n")


@pytest.mark.parametrize("text", [LINK, "1,2,1\n-1,0,-1\n"])
def test_what_was_refused_is_past_once_something_is_pasted_that_can_be_used(open_page: Open, text: str) -> None:
    page = open_page("seed=1", permissions=CLIPBOARD)
    paste(page, "hello")
    expect(page.locator("#notice span")).to_have_text(NEITHER)
    paste(page, text)
    expect(page.locator("#notice span")).to_have_text("")


def test_a_dialog_has_pasting_to_itself(open_page: Open) -> None:
    page = open_page("seed=1", permissions=CLIPBOARD)
    page.click("#help")
    paste(page, LINK)
    page.keyboard.press("Escape")
    page.click("#step")
    expect(page.locator("#epoch")).to_have_text("000,001")
    assert page.url.endswith("#seed=1")

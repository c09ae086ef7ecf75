"""The keyboard: which key does what, by what has the focus and how that came to have it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.person import STANDS, step_to

Open = Callable[..., Page]
PLAYS = "() => document.querySelector('#play').ariaLabel === 'Pause'"


def pause(page: Page) -> None:
    """Pause, and wait until the run stands."""
    page.keyboard.press(" ")
    page.wait_for_function(STANDS)


@pytest.mark.parametrize(
    "clicked", ["#reset", "#step", ".feature:has([name=sinX])", ".thumbnail:has([value=xor])", "[data-key=unit-0-0]"]
)
def test_space_plays_after_a_click_on_whatever_it_was(open_page: Open, clicked: str) -> None:
    page = open_page("seed=1")
    step_to(page, 1)
    page.click(clicked)
    page.keyboard.press(" ")
    page.wait_for_function(PLAYS)
    pause(page)
    page.keyboard.press(" ")  # the second press is no other than the first
    page.wait_for_function(PLAYS)


def test_keys_are_the_pages_again_after_a_choice_from_a_menu_by_mouse(open_page: Open) -> None:
    page = open_page("seed=1")
    step_to(page, 1)
    page.click("#knobs [name=activation]")
    page.keyboard.press("Escape")  # the open menu hears it, and not the page
    page.select_option("#knobs [name=activation]", "relu")
    page.keyboard.press("r")
    expect(page.locator("#epoch")).to_have_text("000,000")
    expect(page.locator("#knobs [name=activation]")).to_have_value("relu")
    page.keyboard.press(" ")
    page.wait_for_function(PLAYS)


def test_a_menu_that_was_reached_by_keyboard_has_its_keys(open_page: Open) -> None:
    page = open_page("seed=1")
    step_to(page, 1)
    page.focus("#knobs [name=activation]")
    page.keyboard.press("s")
    expect(page.locator("#share-dialog")).to_be_hidden()
    page.wait_for_url("**activation=s**")
    expect(page.locator("#epoch")).to_have_text("000,001")


def test_space_presses_a_button_that_was_reached_by_keyboard(open_page: Open) -> None:
    page = open_page("seed=1")
    step_to(page, 2)
    page.locator("h1").click()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.id") != "reset":
        page.keyboard.press("Tab")
    page.keyboard.press(" ")
    expect(page.locator("#epoch")).to_have_text("000,000")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")


def test_the_arrow_steps_after_a_click_on_a_data_set(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click(".thumbnail:has([value=xor])")
    page.wait_for_url("**dataset=xor**")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#epoch")).to_have_text("000,001")
    assert "dataset=xor" in page.url


def test_the_arrow_moves_a_slider_that_was_clicked(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click("[type=range][name=noise]")
    page.wait_for_url("**noise=**")
    before = int(page.input_value("[type=range][name=noise]"))
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**noise={before + 1}**")
    expect(page.locator("#epoch")).to_have_text("000,000")


def test_a_key_that_is_held_down_plays_once(open_page: Open) -> None:
    page = open_page("seed=1", fresh=True)
    pressed: list[str] = []
    page.expose_function("told", lambda label: pressed.append(label))
    page.evaluate(
        """() => new MutationObserver(([{ target }]) => told(target.ariaLabel))
          .observe(document.querySelector('#play'), { attributeFilter: ['aria-label'] })"""
    )
    for _ in range(4):
        page.keyboard.down(" ")
    page.keyboard.up(" ")
    page.wait_for_function(PLAYS)
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    assert set(pressed) == {"Pause"}


def test_escape_leaves_the_focus_where_a_person_looks_for_it(open_page: Open) -> None:
    page = open_page("seed=1&dataset=xor")
    page.select_option("[name=learningRate]", "other")
    page.keyboard.type("7")
    page.keyboard.press("Escape")
    expect(page.locator("#knobs [name=learningRate]")).to_be_focused()
    expect(page.locator("#knobs [name=learningRate]")).to_have_value("0.03")
    page.focus("[data-key=unit-0-1]")
    page.keyboard.press("Enter")
    expect(page.locator(".fields input").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-key=unit-0-1]")).to_be_focused()
    expect(page.locator("#output-title")).to_have_text("Output")
    page.click("#more")
    page.fill("#setting-weightSeed", "mine")
    page.keyboard.press("Escape")
    expect(page.locator("#setting-weightSeed")).to_be_focused()
    expect(page.locator("#setting-weightSeed")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator("#more")).to_be_focused()
    assert "weightSeed" not in page.url

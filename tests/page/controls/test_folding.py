"""Few controls at first, and all when they are wanted or in force."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
FOLDED = [
    "#knob-regularization",
    "#knob-regularizationRate",
    "#knob-loss",
    "#step-unit",
    "#restarts",
    "[name=showWorst]",
]
STOPS = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex]')]
  .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility()
  && !e.closest('[popover]:not(:popover-open), dialog:not([open])')
  && (e.type !== 'radio' || e.checked)).length"""


def test_a_newcomer_has_few_controls_until_more_are_asked_for(open_page: Open) -> None:
    page = open_page("seed=1", newcomer=True, fresh=True)
    for control in FOLDED:
        expect(page.locator(control)).to_be_hidden()
    page.get_by_role("button", name="All controls").click()
    for control in FOLDED:
        expect(page.locator(control)).to_be_visible()
    page.reload()
    page.locator("body.ready").wait_for()
    expect(page.locator("#knob-loss")).to_be_visible()
    page.select_option("#step-unit", "update")
    page.get_by_role("button", name="Fewer").click()
    expect(page.locator("#knob-loss")).to_be_hidden()
    expect(page.locator("#step-unit")).to_have_value("epoch")


@pytest.mark.parametrize("link", ["regularization=L2", "regularizationRate=0.1", "loss=crossEntropy", "showWorst=true"])
def test_nothing_in_force_is_folded(open_page: Open, link: str) -> None:
    page = open_page(f"seed=1&{link}", newcomer=True)
    for control in FOLDED:
        expect(page.locator(control)).to_be_visible()


def test_the_sheet_has_a_sign_where_it_holds_what_is_in_force(open_page: Open) -> None:
    page = open_page("seed=1&momentum=0.5&optimizer=momentum", newcomer=True)
    expect(page.locator("#more")).to_be_visible()
    page.evaluate("location.hash = 'seed=1'")
    expect(page.locator("#more")).to_be_hidden()


@pytest.mark.parametrize("link", ["", "seed=1"])
def test_the_first_screen_has_at_most_fifty_tab_stops(open_page: Open, link: str) -> None:
    page = open_page(link, newcomer=True)
    assert page.evaluate(STOPS) <= 50


@pytest.mark.parametrize("newcomer", [False, True])
@pytest.mark.parametrize("width", [390, 1280, 1366])
def test_the_names_of_the_controls_are_whole(open_page: Open, width: int, newcomer: bool) -> None:
    page = open_page("seed=1", width=width, newcomer=newcomer)
    cut = "all => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent)"
    assert page.eval_on_selector_all("#knobs .titled label", cut) == []

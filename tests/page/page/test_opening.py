"""The opening of a first visit: a network that learns already, and how it is taken over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.page.page.test_layout import OVERLAPS
from tests.person import wait_for_epoch

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
EPOCH = "() => Number(document.querySelector('#epoch').textContent.replaceAll(',', ''))"


def test_a_newcomer_reads_one_sentence_and_sees_a_network_learn(open_page: Open, keep: Keep) -> None:
    page = open_page(newcomer=True)
    expect(page.get_by_role("heading", name="Watch a small neural network learn")).to_be_visible()
    wait_for_epoch(page, 3)
    keep(page, "opening")
    expect(page.locator("#play")).to_have_accessible_name("Pause")
    for question in ("what to learn", "what goes in", "what it learns", "what comes out", "how wrong it is"):
        expect(page.get_by_role("heading", name=question)).to_be_visible()
    assert page.evaluate(OVERLAPS) == []


def test_what_runs_unasked_stops_by_itself(open_page: Open) -> None:
    page = open_page(newcomer=True)
    expect(page.locator("#play")).to_have_accessible_name("Pause")
    page.wait_for_function(f"() => ({EPOCH})() >= 300")
    expect(page.locator("#play")).to_have_accessible_name("Play")
    expect(page.locator("#opening")).to_be_visible()


def test_taking_over_begins_from_the_first_weights_and_goes_on(open_page: Open) -> None:
    page = open_page(newcomer=True)
    page.wait_for_function(f"() => ({EPOCH})() >= 300")
    page.get_by_role("button", name="Train it yourself").click()
    expect(page.locator("#opening")).to_be_hidden()
    page.wait_for_function(f"() => ({EPOCH})() < 300")
    page.wait_for_function(f"() => ({EPOCH})() > 310")  # no longer stopped
    expect(page.locator("#play")).to_be_focused()
    expect(page.locator("#knobs")).to_be_visible()


def test_whoever_uses_a_control_has_the_run_as_it_is(open_page: Open) -> None:
    page = open_page(newcomer=True)
    wait_for_epoch(page, 3)
    page.click("#play")
    expect(page.locator("#play")).to_have_accessible_name("Play")
    expect(page.locator("#opening")).to_be_hidden()
    assert page.evaluate(EPOCH) >= 3


@pytest.mark.parametrize("link", ["seed=1", "compact=true", "hide=playButton", "tutorial=1-a-line"])
def test_a_link_opens_as_it_says(open_page: Open, link: str) -> None:
    page = open_page(link, newcomer=True)
    expect(page.locator("#play")).to_have_accessible_name("Play")
    expect(page.locator("#opening")).to_be_hidden()
    assert page.evaluate(EPOCH) == 0


def test_nothing_moves_unasked_for_people_who_want_no_motion(open_page: Open) -> None:
    page = open_page(newcomer=True, reduced_motion="reduce")
    expect(page.get_by_role("button", name="Train it yourself")).to_be_visible()
    expect(page.locator("#play")).to_have_accessible_name("Play")
    assert page.evaluate(EPOCH) == 0


def test_the_opening_is_seen_once(open_page: Open) -> None:
    page = open_page(newcomer=True, fresh=True)
    page.get_by_role("button", name="Train it yourself").click()
    page.goto(page.evaluate("location.origin + '/?again'"))
    page.locator("body.ready").wait_for()
    expect(page.locator("#opening")).to_be_hidden()

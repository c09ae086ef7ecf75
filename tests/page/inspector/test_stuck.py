"""A run that is stuck is told so, with what would help."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.person import wait_for_epoch

Open = Callable[..., Page]
STUCK = "dataset=circle&activation=linear&networkShape=1&seed=0.1"


def test_a_run_that_is_stuck_is_helped_by_one_press(open_page: Open, keep: Callable[[Page, str], None]) -> None:
    page = open_page(STUCK)
    page.select_option("#speed", "max")
    page.click("#play")
    expect(page.locator("#notice span")).to_contain_text("Stuck since epoch")
    keep(page, "stuck")
    page.get_by_role("button", name="What helps").click()
    first = page.locator(".stuck button").first
    expect(first).to_be_focused()
    expect(first).to_have_text("Use Tanh")
    expect(page.locator(".stuck li").first).to_contain_text("Tanh bends the border and keeps gradients strong.")
    first.click()
    page.wait_for_url(lambda url: "activation=linear" not in url)
    expect(page.locator(".stuck")).to_be_hidden()
    expect(page.locator("#notice")).not_to_contain_text("Stuck")
    wait_for_epoch(page, 1)


def test_what_a_link_hides_is_not_offered(open_page: Open) -> None:
    page = open_page(f"{STUCK}&activation_hide=true")
    page.select_option("#speed", "max")
    page.click("#play")
    expect(page.locator(".stuck button")).to_have_text(["Add squares"])

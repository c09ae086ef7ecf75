"""The tutorial beside the playground: opened by a link, followed by its own links, put away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.person import epoch, step_to

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
FIRST = "seed=1&tutorial=first-steps"


def panel(page: Page, title: str = "First steps") -> Locator:
    """The tutorial, with its text."""
    expect(page.locator("#tutorial h2")).to_have_text(title)
    return page.locator("#tutorial")


def follow(page: Page, words: str, url: str) -> None:
    page.locator("#tutorial").get_by_role("link", name=words).click()
    page.wait_for_url(url)


def box(page: Page, selector: str) -> FloatRect:
    found = page.locator(selector).bounding_box()
    assert found
    return found


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_a_link_opens_a_tutorial_beside_the_page_that_covers_nothing(
    open_page: Open, keep: Keep, width: int, height: int
) -> None:
    page = open_page(FIRST, width=width, height=height)
    panel(page)
    page.wait_for_function(
        "() => document.querySelector('.stage').clientWidth <= document.querySelector('#network').clientWidth"
    )
    keep(page, "tutorial" if width == 1280 else "tutorial-1920")
    left = box(page, "#tutorial")["x"]
    for part in ("#data", "#network", "#output", ".plane", ".view span:last-child", "#inspector"):
        last = page.locator(part).last.bounding_box()
        assert last
        assert last["x"] + last["width"] <= left
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [width, height]
    assert page.eval_on_selector(".scroller", "e => e.scrollWidth === e.clientWidth")


@pytest.mark.parametrize("width", [390, 1160])
def test_on_a_narrow_screen_the_text_stays_above_what_it_tells_of(open_page: Open, keep: Keep, width: int) -> None:
    page = open_page(FIRST, width=width, height=844)
    text = panel(page).locator(".tutorial-text")
    keep(page, f"tutorial-{'phone' if width == 390 else width}")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert box(page, "#tutorial")["height"] < 0.4 * 844
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    expect(text.get_by_role("heading", name="First steps")).to_be_in_viewport()
    assert text.evaluate("e => [e.scrollHeight > e.clientHeight, e.scrollWidth > e.clientWidth]") == [True, False]


def test_a_link_in_a_tutorial_sets_the_playground_and_keeps_the_tutorial(open_page: Open) -> None:
    page = open_page(FIRST)
    panel(page)
    follow(page, "XOR with one unit", "**dataset=xor**tutorial=first-steps")
    expect(page.locator("[name=dataset][value=xor]")).to_be_checked()
    expect(page.locator(".unit")).to_have_count(2)  # the only hidden one and the output
    panel(page)
    page.go_back()
    expect(page.locator("[name=dataset][value=circle]")).to_be_checked()
    panel(page)


def test_a_step_that_is_taken_again_starts_anew(open_page: Open) -> None:
    page = open_page(FIRST)
    panel(page)
    follow(page, "four units", "**networkShape=4**")
    step_to(page, 2)
    follow(page, "XOR with one unit", "**networkShape=1**")
    follow(page, "four units", "**networkShape=4**")
    page.click("#step")
    page.wait_for_function("() => document.querySelector('#epoch').textContent !== '000,000'")
    assert epoch(page) == 1


def test_a_step_leaves_the_look_of_the_page_as_it_is(open_page: Open) -> None:
    page = open_page(f"{FIRST}&compact=true&noise_hide=true")
    panel(page)
    follow(page, "four units", "**dataset=xor**")
    expect(page.locator("body.compact")).to_be_visible()
    assert "compact=true" in page.url
    assert "noise_hide=true" in page.url


def test_the_last_link_leads_to_the_next_tutorial(open_page: Open) -> None:
    page = open_page(FIRST)
    panel(page)
    follow(page, "the spiral", "**tutorial=spiral")
    panel(page, "The spiral")
    expect(page.locator("[name=dataset][value=spiral]")).to_be_checked()


def test_a_closed_tutorial_is_gone_from_the_link_and_the_run_goes_on(open_page: Open) -> None:
    page = open_page(FIRST)
    step_to(page, 2)
    panel(page).get_by_role("button", name="Close the tutorial").click()
    expect(page.locator("#tutorial")).to_be_hidden()
    page.wait_for_url("**#seed=1")
    assert epoch(page) == 2
    width = box(page, "#network")["width"]
    page.go_back()
    panel(page)
    assert box(page, "#network")["width"] < width


def test_an_unknown_tutorial_says_which_there_are(open_page: Open) -> None:
    page = open_page("seed=1&tutorial=../nope")
    expect(page.locator("#notice span")).to_have_text(
        "There is no tutorial named ../nope; there are first-steps, spiral."
    )
    expect(page.locator("#tutorial")).to_be_hidden()
    step_to(page, 1)


def test_a_server_that_does_not_answer_is_told(open_page: Open) -> None:
    page = open_page("seed=1", faults=True)
    page.route("**/api/v1/tutorials", lambda route: route.abort())
    page.evaluate("location.hash = 'seed=1&tutorial=spiral'")
    expect(page.locator("#notice span")).to_have_text("The tutorial could not be loaded: the server does not answer.")
    expect(page.locator("#tutorial")).to_be_hidden()


def test_a_tutorial_can_be_read_and_followed_by_keyboard(open_page: Open) -> None:
    page = open_page(FIRST)
    panel(page)
    page.get_by_role("link", name="two clouds").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**dataset=gauss**tutorial=first-steps")
    page.get_by_role("button", name="Close the tutorial").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tutorial")).to_be_hidden()

"""A step is seen: its batch is ringed and counted, and a pulse runs through the links."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
LINK = "dataset=gauss&networkShape=2&seed=0.3&batchSize=100"
DOTS = """() => {
  const canvas = document.querySelector('.pulse'), context = canvas.getContext('2d');
  const { data, width } = context.getImageData(0, 0, canvas.width, canvas.height);
  const columns = new Set();
  for (let i = 3; i < data.length; i += 4) if (data[i] > 128) columns.add(((i - 3) / 4) % width);
  return [...columns];
}"""
PULSE = f"() => ({DOTS})().length > 0"
NO_PULSE = f"() => ({DOTS})().length === 0"
MAP = "() => document.querySelector('.plane .map').toDataURL()"


def step(page: Page) -> None:
    page.keyboard.press("Shift+ArrowRight")


def test_a_step_by_batch_tells_which_it_is_and_rings_its_points(open_page: Open) -> None:
    page, batch = open_page(LINK), ".plane .batch"
    expect(page.locator(batch)).to_be_hidden()
    for text in ("batch 1 of 2: 100 points", "batch 2 of 2: 100 points", "batch 1 of 2: 150 points"):
        step(page)
        expect(page.locator(batch)).to_have_text(text)
        expect(page.locator("#announcer")).to_contain_text(text)
    rings = page.evaluate(MAP)
    page.locator("[data-key='unit-0-0']").hover()  # the frame is another, the update is not
    page.mouse.move(0, 0)
    page.wait_for_function(f"before => ({MAP})() === before", arg=rings)
    page.click("#play")
    expect(page.locator(batch)).to_be_hidden()


def test_a_pulse_runs_through_the_links_and_ends(open_page: Open) -> None:
    page = open_page(LINK)
    assert page.evaluate(DOTS) == []
    step(page)
    page.wait_for_function(PULSE)
    page.wait_for_function(NO_PULSE)
    step(page)
    page.wait_for_function(PULSE)


@pytest.mark.parametrize("link", [LINK, "problem=multiclass&networkShape=3", "networkShape=", "networkShape=64,64"])
def test_with_reduced_motion_the_gradients_stand_at_the_middle_of_their_links(open_page: Open, link: str) -> None:
    page = open_page(link, reduced_motion="reduce")
    step(page)
    page.wait_for_function(PULSE)
    dots = page.evaluate(DOTS)
    page.evaluate("() => new Promise(requestAnimationFrame)")
    again = page.evaluate(DOTS)
    assert again in (dots, [])
    page.wait_for_function(NO_PULSE)

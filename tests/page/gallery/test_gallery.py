"""Experiments on the page: restarts and values of a knob as live maps and curves, one of which is taken over."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Trainer, parse_link
from tests.page.test_accessibility import barriers
from tests.person import epoch, number
from tests.server import StartServer

LINK = "dataset=xor&networkShape=3&activation=relu&learningRate=0.1&seed=1&weightSeed=2"
CLASSES = "problem=multiclass&classes=3&networkShape=3&seed=1"
Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
PIXELS = "() => [...document.querySelectorAll('.gallery-tile canvas')].map(canvas => canvas.toDataURL())"
HUES = """() => {
  const canvas = document.querySelector('.gallery-plot canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const counts = {};
  for (let i = 0; i < data.length; i += 4) {
    const key = data.slice(i, i + 3).join();
    if (data[i + 3] === 255) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}"""
"""How many pixels of the chart have which colour."""


def dialog(page: Page) -> Locator:
    return page.locator("#gallery-dialog")


def begin(page: Page, kind: str = "restarts", **fields: str) -> Locator:
    """Open the dialog, fill its fields and press Start."""
    if not dialog(page).is_visible():
        page.click(f"#{kind}")
    for name, value in fields.items():
        page.fill(f".gallery-{name}", value)
    page.click(".gallery-start")
    return dialog(page)


def ended(page: Page) -> Locator:
    """The tiles, once all runs have ended."""
    expect(page.locator(".gallery-done")).to_contain_text("runs have ended")
    return page.locator(".gallery-tile")


def losses(tiles: Locator) -> list[float]:
    return [number(text) for text in tiles.locator("b").all_inner_texts()]


def test_restarts_are_live_maps_that_are_sorted_counted_and_taken_over(open_page: Open, keep: Keep) -> None:
    page = open_page(LINK)
    page.click("#step")
    page.click("#restarts")
    expect(page.locator(".gallery-start")).to_be_focused()
    page.fill(".gallery-count", "12")
    page.fill(".gallery-last", "2000")
    page.click(".gallery-start")
    expect(page.locator(".gallery-tile canvas")).to_have_count(12)
    page.wait_for_function("() => document.querySelector('.gallery-tile b').textContent !== '–'")
    first = page.evaluate(PIXELS)
    page.click(".gallery-play")
    expect(page.locator(".gallery-play")).to_have_text("Go on")
    page.click(".gallery-play")
    page.fill(".gallery-last", "60")
    page.keyboard.press("Enter")  # another one instead
    tiles = ended(page)
    assert all(before != after for before, after in zip(first, page.evaluate(PIXELS), strict=True))
    assert losses(tiles) != sorted(losses(tiles))
    page.click(".gallery-sort")
    assert losses(tiles) == sorted(losses(tiles))
    solved = tiles.locator("small", has_text="solved").count()
    assert 0 < solved < 12
    expect(page.locator(".gallery-share")).to_have_text(f"{solved} of 12 solved ({round(100 * solved / 12)} %)")
    page.select_option(".gallery-by", "loss")
    page.fill(".gallery-limit", "10")
    page.keyboard.press("Tab")
    expect(page.locator(".gallery-share")).to_have_text("12 of 12 solved (100 %)")
    keep(page, "restarts")
    name = str(tiles.first.get_attribute("aria-label"))
    best = losses(tiles)[0]
    assert name.startswith("Run ")
    assert "Adopt" in name
    tiles.first.focus()
    page.keyboard.press("Enter")
    expect(dialog(page)).to_be_hidden()
    place = name.split(":")[0].removeprefix("Run ")
    expect(page.locator("#notice")).to_contain_text(f"Run {place} goes on from epoch 60.")
    page.wait_for_function("() => document.querySelector('#epoch').textContent === '000,060'")
    config = parse_link(page.url).config
    assert config == parse_link(LINK).config.model_copy(update={"weightSeed": f"2-{place}"})
    trainer = Trainer(config)
    trainer.train(60)
    assert number(page.inner_text("#test-loss")) == pytest.approx(trainer.losses().test, abs=5e-4)
    assert best == pytest.approx(trainer.losses().test, abs=5e-4)
    page.keyboard.press("Control+z")
    page.wait_for_function("() => document.querySelector('#epoch').textContent === '000,001'")
    assert parse_link(page.url).config == parse_link(LINK).config


def test_values_of_a_knob_are_curves_with_names_and_a_click_takes_one_over(open_page: Open, keep: Keep) -> None:
    page = open_page(LINK)
    begin(page, "compare", values="0.003 0.3, 0.1", last="40")
    tiles = ended(page)
    assert tiles.locator(".gallery-name span").all_inner_texts() == ["0.003", "0.3", "0.1"]
    hues = page.evaluate(HUES)
    assert all(hues.get(color, 0) > 50 for color in ("71,97,221", "207,63,2", "168,178,0"))
    linear = page.evaluate(HUES)
    page.click(".gallery-log")
    assert page.evaluate(HUES) != linear
    keep(page, "compare")
    tiles.nth(1).hover()
    assert page.evaluate(HUES).get("71,97,221", 0) < hues["71,97,221"]  # the others fade
    box = page.locator(".gallery-plot").bounding_box()
    assert box
    right = box["x"] + box["width"] - 150
    for place in range(int(box["y"]), int(box["y"] + box["height"]), 4):  # down along the ends of the curves
        page.mouse.move(right, place)
        if page.locator(".gallery-tile.marked").count():
            break
    value = page.locator(".gallery-tile.marked .gallery-name").inner_text()
    page.mouse.click(right, place)
    expect(dialog(page)).to_be_hidden()
    expect(page.locator("#notice button")).to_have_text("Undo")
    assert f"learningRate={value}" in page.url or value == "0.03"
    page.wait_for_function("() => document.querySelector('#epoch').textContent === '000,040'")


def test_tables_are_chosen_from_and_what_diverges_is_marked(open_page: Open) -> None:
    page = open_page("problem=regression&activation=linear&seed=4&networkShape=4")
    page.click("#compare")
    page.select_option(".gallery-knob", "loss")
    assert page.locator(".gallery-choices label").all_inner_texts() == ["Squared", "Huber"]  # what fits the problem
    page.select_option(".gallery-knob", "activation")
    assert page.locator(".gallery-choices :checked").count() == 8
    assert page.locator(".gallery-choices :disabled").count() == 3  # no more than eight
    page.select_option(".gallery-knob", "momentum")
    expect(page.locator(".gallery-why")).to_contain_text("has no momentum")
    page.select_option(".gallery-knob", "learningRate")
    page.fill(".gallery-values", "0.1")
    page.click(".gallery-start")
    expect(page.locator(".gallery-why")).to_have_text("Values: expected 2 to 8 numbers, such as 0.01; 0.1.")
    page.fill(".gallery-values", "0.1, -1")
    page.click(".gallery-start")
    expect(page.get_by_role("alert")).to_contain_text("learningRate: expected at least 0, got -1")
    begin(page, "compare", values="0.001, 10", last="20")
    tiles = ended(page)
    expect(page.get_by_role("alert")).to_be_hidden()
    assert tiles.locator("small").all_inner_texts()[1] == "diverged"
    expect(page.locator(".gallery-losses")).to_contain_text("1 diverged")


@pytest.mark.parametrize(("kind", "runs"), [("restarts", 16), ("compare", 4)])
def test_an_experiment_begins_at_once_with_values_that_make_sense(open_page: Open, kind: str, runs: int) -> None:
    page = open_page(LINK)
    page.click(f"#{kind}")
    expect(page.locator(".gallery-tile")).to_have_count(runs)
    assert len(ended(page).all()) == runs


def test_many_classes_have_their_colours_and_a_covered_test_stays_covered(open_page: Open) -> None:
    page = open_page(f"{CLASSES}&coverTest=true")
    begin(page, count="2", last="30")
    tiles = ended(page)
    assert "training loss" in str(tiles.first.get_attribute("aria-label"))
    assert "test" not in page.inner_text(".gallery-losses")
    corner = "canvas => [...canvas.getContext('2d').getImageData(15, 15, 1, 1).data]"
    red, green, blue, _ = tiles.first.locator("canvas").evaluate(corner)
    assert max(red, green, blue) - min(red, green, blue) > 20  # no shade of the neutral


def test_the_validation_judges_restarts_where_there_is_one_and_else_it_is_said_that_the_test_does(
    open_page: Open,
) -> None:
    page = open_page(f"{LINK}&percValidationData=20")
    begin(page, count="3", last="10")
    expect(page.locator(".gallery-done")).to_contain_text("All 3 runs have ended")  # not those that began at once
    tiles = ended(page)
    assert all("validation loss" in str(tile.get_attribute("aria-label")) for tile in tiles.all())
    expect(page.locator(".gallery-losses")).to_contain_text("validation loss")
    expect(page.locator(".gallery-chosen")).to_be_empty()
    page = open_page(LINK)
    begin(page, count="2", last="1")
    expect(page.locator(".gallery-done")).to_contain_text("All 2 runs have ended")
    expect(page.locator(".gallery-chosen")).to_contain_text("Judged by the test")


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["screen", "phone"])
def test_no_barriers_in_either_theme_and_all_by_keyboard(open_page: Open, keep: Keep, size: tuple[int, int]) -> None:
    width, height = size
    page = open_page(LINK, width=width, height=height, color_scheme="light", bypass_csp=True, reduced_motion="reduce")
    page.focus("#restarts")
    page.keyboard.press("Enter")
    assert barriers(page) == []
    page.keyboard.press("Enter")
    ended(page)
    assert barriers(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert barriers(page, "color-contrast") == []
    keep(page, f"restarts-dark-{width}")
    page.locator("[data-turn=compare]").focus()
    page.keyboard.press("Space")
    expect(page.locator(".gallery-tile")).to_have_count(4)
    page.locator(".gallery-start").focus()
    page.keyboard.press("Enter")
    ended(page)
    assert barriers(page, "color-contrast") == []
    keep(page, f"compare-dark-{width}")
    assert page.evaluate("() => document.querySelector('#gallery-dialog .dialog-body').scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    expect(page.locator("#restarts")).to_be_focused()
    assert epoch(page) == 0  # the run is as it was


def test_where_the_process_ends_the_run_is_back_as_it_was(open_page: Open, start_server: StartServer) -> None:
    server = start_server(workers=1)
    page = open_page(LINK, at=server)
    begin(page, last="10000", count="64")
    page.wait_for_function("() => document.querySelector('.gallery-tile b')?.textContent > ''")
    os.kill(server.workers[0], signal.SIGKILL)
    expect(page.locator("#notice")).to_contain_text("The runs beside it are gone.")
    expect(dialog(page)).to_be_hidden()
    page.click("#step")
    page.wait_for_function("() => document.querySelector('#epoch').textContent === '000,001'")

"""Training as a person sees it: play, pause, step, reset, speed; the numbers and the pictures that come of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import Grid, Trainer, parse_link
from engine.pictures.colors import SCALE
from tests.person import epoch, play_to, step_to, wait_for_epoch

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "replays.json").read_text())
SPIRAL = GOLDEN[0]
Open = Callable[..., Page]

MAP_PIXEL = """([column, row]) => {
  const canvas = document.querySelector('.plane canvas'), density = canvas.width / canvas.clientWidth;
  const side = canvas.clientWidth - 26, at = (n) => (n + 0.5) / 100 * side;
  const x = Math.round((22 + at(column)) * density), y = Math.round((4 + at(row)) * density);
  return [...canvas.getContext('2d').getImageData(x, y, 1, 1).data.slice(0, 3)];
}"""
UNIT_PIXEL = """([layer, unit]) => {
  const canvas = document.querySelector('.units'), density = canvas.width / canvas.clientWidth;
  const square = document.querySelector(`[data-key=unit-${layer}-${unit}]`);
  const x = square.offsetLeft + square.offsetWidth / 2, y = square.offsetTop + square.offsetHeight / 2;
  const pixel = canvas.getContext('2d').getImageData(Math.round(x * density), Math.round(y * density), 1, 1);
  return [...pixel.data.slice(0, 3)];
}"""


SHOWS = """([epoch, ...losses]) => {
  const [at, ...shown] = ['epoch', 'train-loss', 'test-loss'].map((id) => document.getElementById(id).textContent);
  return Number(at.replaceAll(',', '')) === epoch && losses.every((loss, i) => Math.abs(shown[i] - loss) < 0.00051);
}"""
"""Whether the page stands at an epoch with its losses."""


def pixels(page: Page, kind: str, places: list[tuple[int, int]]) -> list[list[int]]:
    """The colours at some places, read all at once."""
    found: list[list[int]] = page.evaluate(f"places => places.map({kind})", places)
    return found


def loss(page: Page) -> float:
    return float(page.inner_text("#test-loss"))


def looks_positive(pixel: list[int]) -> bool:
    """Blue rather than orange."""
    return pixel[2] > pixel[0]


def test_the_spiral_is_solved_at_full_speed(open_page: Open, keep: Callable[[Page, str], None]) -> None:
    page = open_page(SPIRAL["link"])
    keep(page, "spiral-before")
    page.select_option("#speed", "max")
    page.click("#play")
    page.wait_for_function("() => Number(document.querySelector('#test-loss').textContent) < 0.05")
    page.click("#play")
    expect(page).to_have_title(re.compile(r"^0\.\d{3} - Playground$"))
    keep(page, "spiral-solved")


@pytest.mark.long
def test_ten_steps_give_the_losses_of_every_recorded_run(open_page: Open) -> None:
    page = open_page()
    for record in GOLDEN:
        page.evaluate("link => { location.hash = link }", record["link"])
        recorded = {row["epoch"]: (row["train_loss"], row["test_loss"]) for row in record["trace"]}
        page.wait_for_function(SHOWS, arg=[0, *recorded[0]])
        step_to(page, 10)
        assert epoch(page) == 10
        shown = (float(page.inner_text("#train-loss")), loss(page))
        assert shown == pytest.approx(recorded[10], rel=0, abs=5.1e-4), record["link"]


def test_the_boundary_has_the_colours_of_the_engines_outputs(open_page: Open) -> None:
    trainer = Trainer(parse_link(SPIRAL["link"]).config)
    trainer.train(20)
    *hidden, output = Grid(trainer.config, side=100).outputs(trainer.network)
    sure = np.flatnonzero(np.abs(output[0, :10_000]) > 0.5)
    page = open_page(SPIRAL["link"])
    step_to(page, 20)
    places = [divmod(place, 100) for place in sure[:: len(sure) // 60].tolist()]
    places = [(row, column) for row, column in places if 1 < row < 98 and 1 < column < 98]  # beside the frame
    found = pixels(page, MAP_PIXEL, [(column, row) for row, column in places])
    assert [looks_positive(pixel) for pixel in found] == [output[0, 100 * row + column] > 0 for row, column in places]
    middle = 100 * 50 + 50
    units = [(l, u) for l, outputs in enumerate(hidden) for u in range(8) if abs(outputs[u, middle]) > 0.1]
    assert len(places) > 50
    assert len(units) > 5
    found = pixels(page, UNIT_PIXEL, units)
    assert [looks_positive(pixel) for pixel in found] == [hidden[l][u, middle] > 0 for l, u in units]


def test_a_discretized_output_has_two_colours_and_leaves_the_units_their_shades(open_page: Open) -> None:
    page = open_page(f"{SPIRAL['link']}&discretize=true".replace("discretize=false&", ""))
    ends = [SCALE[0].tolist(), SCALE[255].tolist()]
    across = range(5, 95, 10)
    here, beside = (pixels(page, MAP_PIXEL, [(place + by, 50) for place in across]) for by in (0, 3))
    assert all(one in ends or other in ends for one, other in zip(here, beside, strict=True))
    assert any(pixel not in ends for pixel in pixels(page, UNIT_PIXEL, [(1, unit) for unit in range(8)]))


def test_playing_moves_the_maps_the_weights_and_both_losses_until_paused(open_page: Open) -> None:
    page = open_page(SPIRAL["link"])
    picture = (
        "() => [...document.querySelectorAll('.links, .units, .plane > canvas, #chart canvas')].map(c => c.toDataURL())"
    )
    before = page.evaluate(picture)
    page.click("#play")
    wait_for_epoch(page, 30)
    page.click("#play")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    after = page.evaluate(picture)
    links, units, plane, points, chart = (a != b for a, b in zip(before, after, strict=True))
    assert (links, units, plane, chart) == (True, True, True, True)
    assert points is False  # the points lie on a canvas of their own, which stays as it is


def test_a_paused_run_stands_still(open_page: Open) -> None:
    page = open_page(SPIRAL["link"])
    play_to(page, 5)
    page.select_option("#speed", "20")  # an answer and a frame after the pause: nothing of it still trains
    page.click(".view label:has([name=showTestData])")
    page.wait_for_url("**showTestData=true**")
    stands = epoch(page)
    page.click("#step")
    wait_for_epoch(page, stands + 1)
    assert epoch(page) == stands + 1


def test_reset_goes_back_to_the_same_first_weights(open_page: Open) -> None:
    page = open_page(SPIRAL["link"])
    first = page.inner_text("#test-loss")
    assert float(first) > 0
    page.click("#play")
    wait_for_epoch(page, 20)
    page.click("#reset")
    expect(page.locator("#epoch")).to_have_text("000,000")
    expect(page.locator("#test-loss")).to_have_text(first)


def test_regenerate_draws_another_seed(open_page: Open) -> None:
    page = open_page("seed=0.123")
    page.click("#regenerate")
    page.wait_for_url(re.compile(r"seed=0\.\d{5}$"))


def test_the_keyboard_plays_pauses_steps_and_resets(open_page: Open) -> None:
    page = open_page(SPIRAL["link"])
    page.keyboard.press("ArrowRight")
    wait_for_epoch(page, 1)
    page.keyboard.press(" ")
    wait_for_epoch(page, 5)
    page.keyboard.press(" ")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    page.keyboard.press("r")
    page.wait_for_function("() => document.querySelector('#epoch').textContent === '000,000'")


def test_a_divergence_says_so_and_offers_a_way_on(open_page: Open, keep: Callable[[Page, str], None]) -> None:
    page = open_page("activation=linear&learningRate=10&problem=regression&networkShape=4,4")
    page.click("#play")
    button = page.locator("#notice button")
    expect(button).to_have_text("Start anew with 0.03")
    expect(page.locator("#notice span")).to_contain_text("The loss grew without bound")
    assert "NaN" not in page.inner_text("body")
    keep(page, "diverged")
    button.click()
    wait_for_epoch(page, 5)
    page.wait_for_url(re.compile(r"^(?!.*learningRate)"))

"""Pointing at the plane: the way of a point through every unit, by mouse, finger and keyboard; the worst points."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import Trainer, parse_link
from tests.person import number, numbers, place_of, step_to

LINK = "dataset=spiral&networkShape=3,2&seed=0.5"
Open = Callable[..., Page]
PIXEL = """([x, y]) => {
  const canvas = document.querySelector('.plane .map'), box = canvas.getBoundingClientRect();
  const density = canvas.width / box.width;
  const left = Math.round((x - box.x) * density), top = Math.round((y - box.y) * density);
  return [...canvas.getContext('2d').getImageData(left, top, 1, 1).data.slice(0, 3)];
}"""


def trained(link: str, epochs: int) -> Trainer:
    trainer = Trainer(parse_link(link).config)
    trainer.train(epochs)
    return trainer


def rows(page: Page) -> dict[str, str]:
    """The rows of the point's panel, by their names."""
    return dict(page.locator(".way p").evaluate_all("all => all.map(row => [...row.children].map(e => e.textContent))"))


def test_a_place_shows_its_way_through_every_unit(open_page: Open, keep: Callable[[Page, str], None]) -> None:
    page = open_page(LINK)
    step_to(page, 5)
    page.mouse.move(*place_of(page, 1.0, -2.0))
    expect(page.locator(".readout")).to_contain_text("output")
    expect(page.locator(".point-panel")).to_be_visible()
    name = page.locator(".point-panel .name").text_content() or ""
    place = [number(part) for part in name.removeprefix("Point (")[:-1].split(", ")]
    layers, _ = trained(LINK, 5).probe(*place)
    shown = rows(page)
    for name, expected in zip(["Features", "Layer 1", "Layer 2"], layers, strict=False):
        assert numbers(shown[name]) == pytest.approx(expected, abs=0.02), name
    assert number(shown["Output"].split(" ")[0]) == pytest.approx(layers[-1][0], abs=0.02)
    keep(page, "pointing")


@pytest.mark.parametrize(
    ("problem", "said", "decided"),
    [
        ("problem=regression", "output –", "–"),
        ("problem=classification&outputActivation=linear", "output –", "–"),
        ("problem=multiclass", "decides –", "–  –  –"),
    ],
)
def test_a_place_in_a_run_that_diverged_shows_what_is_no_number_as_such(
    open_page: Open, problem: str, said: str, decided: str
) -> None:
    page = open_page(f"{problem}&activation=linear&learningRate=1e308&networkShape=4,2,2&seed=1")
    page.click("#step")
    expect(page.locator("#notice span")).to_contain_text("grew without bound")
    page.mouse.move(*place_of(page, 1.0, -2.0))
    expect(page.locator(".readout")).to_contain_text(said)
    assert rows(page)["Output"] == decided
    assert not re.search("NaN|Infinity", page.inner_text("body"))


def test_the_numbers_stand_on_the_units(open_page: Open) -> None:
    page = open_page(LINK)
    squares = "() => document.querySelector('.units').toDataURL()"
    before = page.evaluate(squares)
    page.mouse.move(*place_of(page, 1.0, -2.0))
    expect(page.locator(".readout")).to_contain_text("output")
    assert page.evaluate(squares) != before
    page.mouse.move(5, 5)
    expect(page.locator(".readout")).to_be_hidden()
    page.wait_for_function("before => document.querySelector('.units').toDataURL() === before", arg=before)


def test_a_data_point_tells_its_label_and_its_own_loss(open_page: Open) -> None:
    page = open_page(LINK)
    step_to(page, 2)
    trainer = trained(LINK, 2)
    point = trainer.train_data.points[7]
    page.mouse.move(*place_of(page, point.x, point.y))
    expect(page.locator(".readout")).to_contain_text("loss")
    expect(page.locator(".readout")).to_contain_text(f"label {point.label:.2f}".replace("-", "−"))
    _, loss = trainer.probe(*point)
    assert number(page.locator(".readout span", has_text="loss").inner_text().split()[1]) == pytest.approx(
        loss, rel=0.01
    )


def test_a_click_holds_the_point_and_escape_lets_it_go(open_page: Open) -> None:
    page = open_page(LINK)
    page.mouse.click(*place_of(page, 1.0, 1.0))
    page.mouse.move(5, 5)
    expect(page.locator(".readout")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".readout")).to_be_hidden()


def test_a_held_place_that_other_data_leave_outside_is_let_go(open_page: Open) -> None:
    page = open_page("dataset=scales&seed=0.5")
    readout = page.locator(".readout")
    page.mouse.click(*place_of(page, 5.9, 5.9))
    expect(readout).to_contain_text("output")
    page.click(".thumbnail:has([value=xor])")
    page.wait_for_url("**dataset=xor**")
    expect(readout).to_be_hidden()
    page.mouse.move(*place_of(page, 1.0, -2.0))
    expect(readout).to_contain_text("output")
    before = readout.locator("span").first.inner_text()
    page.mouse.move(*place_of(page, 3.0, -2.0))
    expect(readout.locator("span").first).not_to_have_text(before)  # it follows the pointer again


def test_a_held_data_point_has_no_label_where_other_data_lack_it(open_page: Open) -> None:
    link = f"{LINK}&noise=20"
    page = open_page(link)
    point = trained(link, 0).train_data.points[7]
    readout = page.locator(".readout")
    page.mouse.click(*place_of(page, point.x, point.y))
    expect(readout).to_contain_text("loss")
    where = readout.locator("span").first.inner_text()
    page.click("[data-key=more-0]")  # a new network, but the same data
    page.wait_for_url("**#dataset=spiral&noise=20&seed=0.5")  # of four units, as by default
    expect(readout).to_contain_text("loss")
    page.click("#regenerate")
    expect(readout).not_to_contain_text("label")
    expect(readout).to_contain_text("output")
    assert readout.locator("span").first.inner_text() == where


def test_arrow_keys_move_the_point(open_page: Open) -> None:
    page = open_page(LINK)
    page.locator(".plane").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".point-panel .name")).to_have_text("Point (0.0000, 0.0000)")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator(".point-panel .name")).to_have_text("Point (0.250, 1.00)")
    for _ in range(10):
        page.keyboard.press("Shift+ArrowUp")
    expect(page.locator(".point-panel .name")).to_have_text("Point (0.250, 6.00)")  # and not out of the plane
    expect(page.locator("#epoch")).to_have_text("000,000")  # the key did not step as well


def test_a_finger_points_too(open_page: Open) -> None:
    page = open_page(LINK, width=390, height=844, has_touch=True)
    page.locator(".plane").scroll_into_view_if_needed()
    page.touchscreen.tap(*place_of(page, -2.0, 2.0))
    expect(page.locator(".readout")).to_contain_text("output")


def test_the_pointed_place_follows_the_training(open_page: Open) -> None:
    page = open_page(LINK)
    page.mouse.click(*place_of(page, 1.0, 1.0))
    expect(page.locator(".readout")).to_contain_text("output")
    before = page.inner_text(".readout")
    page.keyboard.press("ArrowRight")  # the plane has the focus: the point moves a little
    page.click("#step")
    page.wait_for_function("before => document.querySelector('.readout').innerText !== before", arg=before)
    expect(page.locator("#epoch")).to_have_text("000,001")


def test_the_worst_points_are_ringed_on_demand(open_page: Open, keep: Callable[[Page, str], None]) -> None:
    page = open_page(f"{LINK}&discretize=true")
    trainer = trained(LINK, 0)
    losses, _ = trainer.point_losses()
    worst: Any = trainer.train_data.points[int(np.argmax(losses))]
    x, y = place_of(page, worst.x, worst.y)
    ink = page.evaluate(PIXEL, [x + 11, y])
    page.check("[name=showWorst]")
    page.wait_for_url("**showWorst=true**")
    page.wait_for_function(f"([x, y, ink]) => String(({PIXEL})([x, y])) !== String(ink)", arg=[x + 11, y, ink])
    keep(page, "worst-points")
    page.uncheck("[name=showWorst]")
    page.wait_for_function(f"([x, y, ink]) => String(({PIXEL})([x, y])) === String(ink)", arg=[x + 11, y, ink])

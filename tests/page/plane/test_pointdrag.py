"""A data point is dragged, or taken with Enter and moved with arrow keys; the network stays and goes on from there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.data.datasets import Point
from engine.data.points import encode
from tests.drawing import drag, near, points
from tests.person import epoch, place_of, step_to

Open = Callable[..., Page]
OWN = encode([Point(1.5, -2, 1), Point(-3, 3, -1)])
LINK = f"dataset=own&percTrainData=100&batchSize=1&networkShape=2&seed=0.3&points={OWN}"


@pytest.fixture
def page(open_page: Open) -> Page:
    """Two points of one's own, and a network at epoch 3."""
    page = open_page(LINK)
    step_to(page, 3)
    return page


def expect_point(page: Page, x: float, y: float, label: float) -> None:
    """Wait until the address carries a point: on its way there it carries others."""
    page.wait_for_url(lambda url: any(near(point, x, y, label) for point in points(page)))


def test_a_point_is_dragged_and_the_network_stays(page: Page) -> None:
    drag(page.locator(".plane"), (1.5, -2), (4, 4))
    page.mouse.move(0, 0)
    expect_point(page, 4, 4, 1)
    expect(page.locator(".readout")).to_be_hidden()
    page.mouse.move(*place_of(page, 4, 4))
    expect(page.locator(".readout")).to_contain_text("label")
    assert (len(points(page)), epoch(page)) == (2, 3)
    expect_point(page, -3, 3, -1)


def test_one_undo_takes_the_whole_way_back(page: Page) -> None:
    drag(page.locator(".plane"), (1.5, -2), (0, 0), (4, 4))
    expect_point(page, 4, 4, 1)
    page.click("#undo")
    expect(page.locator("#undo")).to_be_disabled()
    expect_point(page, 1.5, -2, 1)


def test_a_click_on_a_point_moves_nothing(page: Page) -> None:
    page.mouse.click(*place_of(page, 1.5, -2))
    expect(page.locator(".readout")).to_contain_text("label")
    expect(page.locator("#undo")).to_be_disabled()


def test_enter_takes_a_point_and_arrow_keys_move_it(page: Page) -> None:
    page.mouse.click(*place_of(page, 1.5, -2))
    plane = page.locator(".plane")
    plane.focus()
    plane.press("Enter")
    plane.press("ArrowRight")
    plane.press("ArrowUp")
    plane.press("Enter")
    expect(page.locator(".readout")).to_contain_text("(1.75, −1.75)")
    plane.press("ArrowRight")  # which moves a mere place again
    expect(page.locator(".readout")).not_to_contain_text("label")
    expect_point(page, 1.75, -1.75, 1)


def test_points_that_the_link_locks_stay(open_page: Open) -> None:
    page = open_page(f"{LINK}&dataset_hide=true")
    drag(page.locator(".plane"), (1.5, -2), (4, 4))
    expect(page.locator("#undo")).to_be_disabled()


def test_the_dot_of_a_bias_is_pulled_up_and_one_undo_takes_it_back(page: Page) -> None:
    unit = page.locator("[data-key='unit-0-0']").bounding_box()
    assert unit
    x, y = unit["x"] + 1, unit["y"] + unit["height"] - 1
    page.mouse.move(x, y)
    expect(page.locator(".card")).to_contain_text(re.compile("b"))
    page.mouse.down()
    page.mouse.move(x, y - 50, steps=5)
    expect(page.locator("#undo")).to_have_attribute("title", re.compile("weights"))
    page.mouse.up()
    expect(page.locator(".card .editor")).to_be_hidden()
    page.click("#undo")
    expect(page.locator("#undo")).to_be_disabled()

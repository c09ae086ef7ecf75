"""The page of a run with images, in Chromium: training, drawing, the wall and its filter."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
SMALL = "problem=images&images=digits8&seed=0.5"


@pytest.fixture
def page(open_page: Open) -> Page:
    page = open_page(SMALL)
    page.wait_for_selector("#tested .wall canvas")
    page.wait_for_selector(".bars .best")
    return page


def train(page: Page) -> None:
    page.click("#play")
    expect(page.locator("#test-score")).to_have_text(re.compile(r"^(8[5-9]|9\d)"))
    page.click("#play")


def test_nothing_about_points_stays_on_the_page(page: Page) -> None:
    for selector in ("#network", ".plane", ".legend", "#restarts", "#compare", "#draw", "#inspector"):
        expect(page.locator(selector).first).to_be_hidden()
    expect(page.locator(".thumbnail[data-problem=images]:visible")).to_have_count(5)


def test_templates_stand_above_the_means_and_come_to_be_like_them(page: Page) -> None:
    expect(page.locator(".templates figure")).to_have_count(10)
    train(page)
    words = page.inner_text(".behind h2 small")
    assert float(words.split()[-1]) > 0.3


def test_a_test_image_of_the_wall_is_put_on_show_and_explained(page: Page) -> None:
    train(page)
    page.locator("#tested .wall canvas").click(position={"x": 20, "y": 20})
    expect(page.locator(".shown .caption")).to_contain_text("Test image")
    expect(page.locator(".why h2 small")).to_have_text(f"{page.inner_text('.bars .best b')}?")
    page.click(".bars button[data-class='3']")
    expect(page.locator(".why h2 small")).to_have_text("3?")


def test_a_cell_of_the_confusion_matrix_filters_the_wall(page: Page) -> None:
    train(page)
    wall = page.locator("#tested .wall canvas")
    before = wall.bounding_box()
    assert before
    page.locator(".matrix canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".matrix .caption")).to_contain_text("images of 0 are taken for 1.")
    after = wall.bounding_box()
    assert after
    assert after["height"] < before["height"]
    page.keyboard.press("Escape")
    expect(page.locator(".matrix .caption")).to_contain_text("Rows")


def test_a_drawn_one_is_called_a_1_wherever_it_stands(page: Page) -> None:
    train(page)
    page.click("[data-act=draw]")
    box = page.locator(".pad").bounding_box()
    assert box
    x = box["x"] + 0.2 * box["width"]  # far from the middle
    page.mouse.move(x, box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(x, box["y"] + 0.8 * box["height"], steps=8)
    page.mouse.up()
    expect(page.locator(".bars .best b")).to_have_text("1")
    page.click("[data-act=centre]")
    expect(page.locator(".shown .caption")).to_contain_text("one image of your own")


def test_hidden_layers_are_added_and_their_units_answer(page: Page) -> None:
    page.click(".shape [data-act=more]")
    expect(page.locator(".templates figure")).to_have_count(32)
    page.fill(".shape input", "100")
    page.keyboard.press("Tab")
    expect(page.locator(".templates figure")).to_have_count(100)
    expect(page.locator(".shape small")).to_have_text("7,510 weights and biases")
    page.click("#undo")
    expect(page.locator(".templates figure")).not_to_have_count(100)


def test_points_come_back_with_another_problem_and_images_by_the_menu(page: Page) -> None:
    page.select_option("#knob-problem", "classification")
    expect(page.locator("#network")).to_be_visible()
    expect(page.locator("#images")).to_be_hidden()
    page.select_option("#knob-problem", "images")
    expect(page.locator("#images")).to_be_visible()
    expect(page.locator("#network")).to_be_hidden()

"""Points of one's own, drawn on the plane: by mouse, by touch, by keys."""

from __future__ import annotations

import math
from collections.abc import Callable

from playwright.sync_api import Page, expect

from engine.data.datasets import Point
from engine.data.points import encode
from tests.drawing import (
    click,
    counts,
    drag,
    draw,
    near,
    place,
    points,
    touch_along,
    wait_for_any_points,
    wait_for_points,
)

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]


def test_a_click_sets_a_point_of_the_chosen_class(open_page: Open) -> None:
    page = open_page("seed=1")
    surface = draw(page, "point")
    click(surface, 2, 3)
    wait_for_points(page, 1)
    page.click("[data-value='-1']")
    click(surface, -4, -1)
    wait_for_points(page, 2)
    assert "dataset=own" in page.url
    blue, orange = points(page)
    assert near(blue, 2, 3, 1)
    assert near(orange, -4, -1, -1)
    assert counts(page) == ["1", "1"]
    expect(page.locator("[data-value='-1']")).to_have_attribute("aria-label", "Class −1, 1 point")


def test_a_brush_sprays_points_along_its_way_and_shows_them_at_once(open_page: Open, keep: Keep) -> None:
    page = open_page("seed=1")
    surface = draw(page, "spray")
    page.mouse.move(*place(surface, -3, 0))
    page.mouse.down()
    blank = surface.evaluate("canvas => canvas.toDataURL()")
    page.mouse.move(*place(surface, 3, 0), steps=8)
    page.wait_for_function("blank => document.querySelector('.sketch canvas').toDataURL() !== blank", arg=blank)
    assert "points=" not in page.url
    page.mouse.up()
    wait_for_any_points(page)
    drawn = points(page)
    assert 40 < len(drawn) < 120  # 11.5 of the plane's 144 squares, as densely as 700 on all of it
    assert all(point.label == 1 and abs(point.y) < 1 and abs(point.x) < 4 for point in drawn)
    page.click("[data-value='-1']")
    drag(surface, (-3, -3), (0, -4), (3, -3))
    page.wait_for_function("count => location.hash.length > 9 * (count + 20)", arg=len(drawn))
    keep(page, "owndata-draw")


def test_the_eraser_takes_away_what_is_under_it(open_page: Open) -> None:
    mine = [Point(x / 2, y, 1) for x in range(-8, 9) for y in (0, 3)]
    page = open_page(f"dataset=own&points={encode(mine)}&seed=1")
    drag(draw(page, "eraser"), (-5, 0), (0.2, 0))
    wait_for_points(page, len(mine) - 11)  # of the lower row those left of 0.2 and within the eraser's radius of 0.96
    assert [point for point in points(page) if point.y == 3] == [point for point in mine if point.y == 3]


def test_strokes_are_undone_one_by_one_by_button_and_by_key(open_page: Open) -> None:
    page = open_page("seed=1")
    surface = draw(page, "point")
    undo = page.locator("[data-do=undo]")
    expect(undo).to_be_disabled()
    for count in (1, 2, 3):
        click(surface, count, count)
        wait_for_points(page, count)
    undo.click()
    wait_for_points(page, 2)
    page.click("[data-do=clear]")
    wait_for_points(page, 0)
    expect(page.locator("[data-do=clear]")).to_be_disabled()
    for count in (2, 1, 0):
        page.keyboard.press("Control+z")
        wait_for_points(page, count)
    expect(undo).to_be_disabled()


def test_drawing_works_by_touch(open_page: Open, keep: Keep) -> None:
    page = open_page("seed=1", width=390, height=844, has_touch=True, is_mobile=True)
    page.locator("#draw").tap()
    surface = page.locator(".sketch canvas")
    page.locator("[data-brush=point]").tap()
    page.locator("[data-value='-1']").tap()
    expect(page.locator("[data-value='-1']")).to_have_attribute("aria-pressed", "true")
    page.touchscreen.tap(*place(surface, 0, -4))
    wait_for_points(page, 1)
    assert near(points(page)[0], 0, -4, -1)
    page.locator("[data-brush=spray]").tap()
    expect(page.locator("[data-brush=spray]")).to_have_attribute("aria-pressed", "true")
    touch_along(page, [place(surface, -3 + step / 2, 2) for step in range(13)])
    page.wait_for_function("() => document.querySelectorAll('.classes output')[1].value > 30")
    box = surface.bounding_box()
    assert box
    assert (box["y"] > 100, box["y"] + box["height"] < 844 - 68) == (True, True)  # all of it can be seen
    for button in page.locator(".tools button").all():
        size = button.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 44
    keep(page, "owndata-phone")


def test_drawing_works_by_keys_alone(open_page: Open) -> None:
    page = open_page("seed=1")
    page.focus("#draw")
    page.keyboard.press("Enter")
    expect(page.locator(".sketch canvas")).to_be_focused()
    status = page.locator("#sketch-status")
    expect(status).to_have_text("Drawing. Escape ends.")
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    expect(status).to_have_text("x1 2.00, x2 0.25")
    page.keyboard.press("Enter")
    wait_for_points(page, 1)
    assert points(page) == [Point(2, 0.25, 1)]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press(" ")
    wait_for_points(page, 2)
    page.keyboard.press("Delete")  # near it is the other one, too
    wait_for_points(page, 0)
    assert page.inner_text("#epoch") == "000,000"  # neither space nor arrow reached the transport
    page.keyboard.press("Escape")
    expect(page.locator(".sketch")).to_be_hidden()
    expect(page.locator("#draw")).to_be_focused()


def test_points_of_a_regression_have_a_value(open_page: Open) -> None:
    page = open_page("problem=regression&seed=1")
    surface = draw(page, "point")
    page.locator(".tools .value input").fill("-0.3")
    click(surface, 1, 1)
    wait_for_points(page, 1)
    assert near(points(page)[0], 1, 1, -0.3)
    assert "regDataset=reg-own" in page.url


def test_there_is_an_end_to_points_and_a_sentence_about_it(open_page: Open) -> None:
    many = [Point(round(5 * math.cos(n), 4), round(5 * math.sin(n), 4), 1) for n in range(2999)]
    page = open_page(f"dataset=own&points={encode(many)}&seed=1")
    drag(draw(page, "spray"), (-1, 0), (1, 0))
    wait_for_points(page, 3000)
    expect(page.locator("#notice span")).to_have_text("Your own data can have 3,000 points at most.")


def test_an_empty_set_opens_for_drawing_and_says_so_when_one_leaves(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click(".thumbnail:has([value=own])")
    expect(page.locator(".tools")).to_be_visible()
    page.click("[data-do=done]")
    expect(page.locator(".no-points")).to_contain_text("No points yet. Draw some here, or import a file.")
    page.click(".no-points button")
    expect(page.locator(".tools")).to_be_visible()
    expect(page.locator(".no-points")).to_be_hidden()
    page.click(".thumbnail:has([value=xor])")
    expect(page.locator(".tools")).to_be_hidden()  # who goes on to other data has done with drawing


def test_one_can_start_from_another_data_set(open_page: Open) -> None:
    page = open_page("dataset=spiral&seed=1")
    draw(page)
    start = page.locator("[data-do=start]")
    expect(start).to_have_text("Start from Spiral")
    start.click()
    wait_for_points(page, 500)
    assert counts(page) == ["250", "250"]
    expect(start).to_be_hidden()


def test_points_drawn_for_a_regression_become_classes(open_page: Open) -> None:
    mine = [Point(1, 1, 0.3), Point(2, 2, -0.2), Point(3, 3, 1)]
    page = open_page(f"dataset=own&points={encode(mine)}&seed=1")
    draw(page)
    assert counts(page) == ["2", "1"]


def test_while_drawing_there_is_one_undo_in_sight(open_page: Open) -> None:
    page = open_page("seed=1")
    draw(page, "point")
    expect(page.get_by_role("button", name="Undo", exact=True)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#undo")).to_be_visible()

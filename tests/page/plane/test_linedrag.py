"""The line of a linear unit is dragged: from its middle it is shifted, from its end it is turned."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.drawing import drag, in_module
from tests.person import number, place_of

Open = Callable[..., Page]
LINK = "networkShape=&dataset=gauss&seed=0.3"


def weights(page: Page) -> list[float]:
    """The weights and the bias of the output, as its fields have them."""
    return [number(field.input_value()) for field in page.locator(".fields input").all()]


@pytest.fixture
def page(open_page: Open) -> Page:
    """A linear network with the line x1 = 0, which runs from top to bottom, and its output pinned."""
    page = open_page(LINK)
    page.click("[data-key='unit-0-0']")
    expect(page.locator(".fields input")).to_have_count(3)
    for field, value in zip(page.locator(".fields input").all(), ("1", "0.001", "0"), strict=True):
        field.fill(value)
        field.press("Enter")
    page.locator("h1").first.click()
    expect(page.locator(".formula")).to_contain_text("1.00")
    return page


def test_the_middle_of_the_line_shifts_it(page: Page) -> None:
    before = weights(page)
    drag(page.locator(".plane"), (0, 0.2), (2, 0.2))
    expect(page.locator(".fields input").last).to_have_value(re.compile(r"^[−-](1\.9|2(\.0|$))"))
    after = weights(page)
    assert after[:2] == before[:2]
    assert after[2] == pytest.approx(-2, abs=0.1)


def test_an_end_of_the_line_turns_it_about_its_middle(page: Page) -> None:
    drag(page.locator(".plane"), (0, 5), (5, 5))
    expect(page.locator(".fields input").first).to_have_value(re.compile(r"^[−-]?0?\.(69|70|71|72)"))  # where it ends
    w1, w2, b = weights(page)
    assert math.hypot(w1, w2) == pytest.approx(1, abs=0.01)  # as large as before
    assert w1 / -w2 == pytest.approx(1, abs=0.1)  # through (5, 5) and the middle of the plane
    assert b == pytest.approx(0, abs=0.05)


def test_a_drag_leaves_no_probe_and_other_places_are_probed_as_before(page: Page) -> None:
    drag(page.locator(".plane"), (0, 0.2), (2, 0.2))
    page.mouse.move(0, 0)
    expect(page.locator(".readout")).to_be_hidden()
    page.mouse.click(*place_of(page, -3, 3))
    expect(page.locator(".readout")).to_be_visible()


def test_one_undo_takes_a_drag_back(page: Page) -> None:
    before = weights(page)
    drag(page.locator(".plane"), (0, 0.2), (2, 0.2))
    expect(page.locator(".fields input").last).to_have_value(re.compile(r"^[−-](1\.9|2(\.0|$))"))
    page.click("#undo")
    expect(page.locator(".fields input").last).to_have_attribute("data-value", "0")
    assert weights(page) == before


def test_a_turned_line_keeps_the_side_of_its_normal(loaded: Page) -> None:
    turn = "({ turned }, [line, pivot, place]) => turned(line, pivot, place)"
    line = {"w1": 3, "w2": 4, "b": 0}
    for place in ([4, -3], [-4, 3]):
        same = in_module(loaded, "plane/linedrag", turn, [line, [0, 0], place])
        assert [same["w1"], same["w2"]] == pytest.approx([3, 4])

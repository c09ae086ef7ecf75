"""Links of the network: they lead into the large map, hear the pointer all along, and their cards are whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.drawing import in_module
from tests.person import MARGIN, wait_until_drawn

Open = Callable[..., Page]
OUTPUT = "[data-key='unit-2-0']"
CURVE = {"x1": 0, "y1": 0, "cx1": 400, "cx2": 400, "x2": 800, "x3": 800, "y2": 400}
ALONG = "({ distance, placeOn }, [curve, shares]) => shares.map((t) => distance(curve, ...placeOn(curve, t)))"


def box(page: Page, selector: str) -> Any:
    return page.locator(selector).bounding_box()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_the_links_lead_into_the_large_map(open_page: Open, width: int, height: int) -> None:
    page = open_page(width=width, height=height)
    output, plane = box(page, OUTPUT), box(page, ".plane")
    edge = plane["x"] + MARGIN["left"]
    assert output["x"] < edge < output["x"] + output["width"]
    assert plane["y"] < output["y"] < output["y"] + output["height"] < plane["y"] + plane["height"]
    page.click(OUTPUT)
    expect(page.locator("#inspector")).to_contain_text("Output unit")


ENDS = """([hidden, room, x]) => {
  const plan = arrange(9, hidden, 1, room, 480, { x, y: 200, gap: 50 }), [output] = plan.outputs;
  const places = [...plan.layers, plan.outputs], last = places.at(-2);
  return { ...plan, curves: last.map((from, i) => link(from, output, plan.size, i, last.length)) }
}"""


@pytest.mark.parametrize("depth", range(1, 11))
def test_the_links_to_the_large_map_come_together_before_its_margin_and_are_whole(loaded: Page, depth: int) -> None:
    room, x = 696, 718
    ends = f"({{ arrange, link }}, given) => ({ENDS})(given)"
    plan = in_module(loaded, "network/geometry", ends, [[8] * depth, room, x])
    assert plan["joined"]
    (output,) = plan["outputs"]
    assert all(layer[0]["x"] + plan["size"] <= room - 24 for layer in plan["layers"])
    for curve in plan["curves"]:
        assert (curve["x2"], curve["x3"]) == (room, x)  # beyond the room it is straight, in the height of the output
        assert output["y"] < curve["y2"] < output["y"] + plan["size"]


@pytest.mark.parametrize("link", ["problem=multiclass", "networkShape=64,64,64,64,64,64,64,64,64,64"])
def test_outputs_are_squares_where_they_are_not_the_large_map(open_page: Open, link: str) -> None:
    page = open_page(link)
    output = box(page, ".layers .unit >> nth=-1")
    assert output["width"] == output["height"]
    assert page.locator("#network .scroller").evaluate("e => e.style.clipPath") == ""


def test_a_link_hears_the_pointer_along_its_whole_length(loaded: Page) -> None:
    shares = [i / 1000 for i in range(1001)]
    assert max(in_module(loaded, "network/geometry", ALONG, [CURVE, shares])) < 0.6


def test_the_card_of_the_outputs_bias_is_whole(open_page: Open) -> None:
    page = open_page()
    output = box(page, OUTPUT)
    page.mouse.move(output["x"] + 7, output["y"] + output["height"] - 1)
    card = page.locator(".card")
    expect(card).to_contain_text("=")
    wait_until_drawn(page)
    place, network = box(page, ".card"), box(page, "#network")
    assert place["x"] + place["width"] <= network["x"] + network["width"]
    assert card.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_the_links_of_a_chosen_unit_stand_out(open_page: Open) -> None:
    page = open_page("seed=1")
    strong = """() => { const { width, height } = document.querySelector('.links');
      const { data } = document.querySelector('.links').getContext('2d').getImageData(0, 0, width, height);
      let sum = 0; for (let i = 3; i < data.length; i += 4) sum += data[i]; return sum; }"""
    before = page.evaluate(strong)
    page.click("[data-key='unit-0-1']")
    wait_until_drawn(page)
    assert page.evaluate(strong) < 0.75 * before

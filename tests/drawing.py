"""Drawing points on the plane, as a person does, and reading what came of it."""

from __future__ import annotations

import math
from typing import Any

from playwright.sync_api import Locator, Page

from engine.data.datasets import Point
from engine.data.points import decode

LEFT, TOP, RIGHT, BOTTOM = 22, 4, 4, 20  # the map's margins in the plane


def in_module(page: Page, name: str, function: str, argument: object = None) -> Any:
    """What a function of (module, argument) says in the page."""
    root = page.get_attribute("script[type=module]", "src")
    assert root
    call = f"async ([path, argument]) => ({function})(await import(path), argument)"
    return page.evaluate(call, [root.replace("page.js", f"{name}.js"), argument])


def draw(page: Page, brush: str = "") -> Locator:
    """The drawing surface, open, with a brush in the hand."""
    page.click("#draw")
    if brush:
        page.click(f"[data-brush={brush}]")
    return page.locator(".sketch canvas")


def place(surface: Locator, x: float, y: float) -> tuple[float, float]:
    """Where a point of the plane stands in the window."""
    box = surface.bounding_box()
    assert box
    side = box["width"] - LEFT - RIGHT
    return box["x"] + LEFT + (x + 6) / 12 * side, box["y"] + TOP + (6 - y) / 12 * side


def drag(surface: Locator, *way: tuple[float, float]) -> None:
    mouse = surface.page.mouse
    mouse.move(*place(surface, *way[0]))
    mouse.down()
    for x, y in way[1:]:
        mouse.move(*place(surface, x, y), steps=8)
    mouse.up()


def click(surface: Locator, x: float, y: float) -> None:
    surface.page.mouse.click(*place(surface, x, y))


def touch_along(page: Page, way: list[tuple[float, float]]) -> None:
    """Draw a finger over the screen."""
    finger = page.context.new_cdp_session(page)
    for step, (x, y) in enumerate(way):
        kind = "touchMove" if step else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def points(page: Page) -> list[Point]:
    """The points that the address carries."""
    return decode(page.url.partition("points=")[2].partition("&")[0])


def wait_for_points(page: Page, count: int) -> None:
    has = "count => (location.hash.match(/points=([^&]*)/)?.[1].length ?? 0) === 9 * count"
    page.wait_for_function(has, arg=count)


def wait_for_any_points(page: Page) -> None:
    page.wait_for_function("() => /points=./.test(location.hash)")


def counts(page: Page) -> list[str]:
    """How many points of each class the tools show."""
    return page.locator(".classes output").all_inner_texts()


def near(point: Point, x: float, y: float, label: float) -> bool:
    return math.hypot(point.x - x, point.y - y) < 0.05 and point.label == label  # a pixel is 0.035

"""What a person reads off the page, and a few things that a person does on it."""

from __future__ import annotations

from playwright.sync_api import Page

MARGIN = {"left": 22, "top": 4, "right": 4}
"""Of the plane's map within its canvas, in CSS pixels; see static/plane/plane.js."""


STANDS = """() => {
  const epoch = Number(document.querySelector('#epoch').textContent.replaceAll(',', ''));
  const announced = document.querySelector('#announcer').textContent.startsWith(`Epoch ${epoch},`);
  return announced && !document.title.startsWith('▶');
}"""
"""Whether the last frame is there: where a run stops is announced."""


def epoch(page: Page) -> int:
    """The epoch on show."""
    return int(page.inner_text("#epoch").replace(",", ""))


def wait_for_epoch(page: Page, least: int) -> None:
    """Until the page shows an epoch at least as late."""
    page.wait_for_function(
        "least => Number(document.querySelector('#epoch').textContent.replaceAll(',', '')) >= least", arg=least
    )


def wait_until_drawn(page: Page) -> None:
    """Until the page shows what was done so far; what a server has to answer comes later."""
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


STEPS = """async (last) => {
  const shown = () => Number(document.querySelector('#epoch').textContent.replaceAll(',', ''));
  for (let epoch = shown() + 1; epoch <= last; epoch++) {
    document.querySelector('#step').click();
    while (shown() < epoch) await new Promise(requestAnimationFrame);
  }
}"""


def step_to(page: Page, last: int) -> None:
    """Press Step until an epoch."""
    page.evaluate(STEPS, last)


def play_to(page: Page, least: int) -> int:
    """Play until an epoch at least as late, and pause; gives the epoch where it stands."""
    page.click("#play")
    wait_for_epoch(page, least)
    page.click("#play")
    page.wait_for_function(STANDS)
    return epoch(page)


def place_of(page: Page, x: float, y: float, reach: float = 6.0) -> tuple[float, float]:
    """Where a point of the plane, -reach to reach, stands in the window."""
    box = page.locator(".plane").bounding_box()
    assert box
    side = box["width"] - MARGIN["left"] - MARGIN["right"]
    share_x, share_y = (x + reach) / (2 * reach), (reach - y) / (2 * reach)
    return box["x"] + MARGIN["left"] + share_x * side, box["y"] + MARGIN["top"] + share_y * side


def number(text: str) -> float:
    """A number as the page writes it."""
    return float(text.replace("−", "-").replace(",", ""))


def numbers(text: str) -> list[float]:
    """All numbers of a row of them."""
    return [number(part) for part in text.split()]

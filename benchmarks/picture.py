"""Takes the pictures of the documentation: `python -m benchmarks.picture` does in a real Chromium what each shows."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from playwright.sync_api import Browser, Page

from tests.chromium import chromium
from tests.person import place_of, play_to
from tests.server import serving

LINK = "dataset=spiral&networkShape=8,8,8&seed=0.68609&xTimesY=true&xSquared=true&ySquared=true&sinX=true&sinY=true"
SWEPT = "dataset=spiral&sinX=true&sinY=true&seed=0.5"
GAUSS = "dataset=gauss&networkShape=3&seed=0.4"
ARMS = "problem=multiclass&classDataset=arms&classes=4&networkShape=8,8&optimizer=adam&learningRate=0.01&seed=1"
STUCK = "dataset=xor&networkShape=3&activation=relu&learningRate=0.1&seed=1&weightSeed=2"
PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


UNFOLDED = ("restarts", "compare")
"""Scenes whose buttons a first visitor does not see."""


def nothing(page: Page) -> None:
    """Only look."""


def solve(page: Page) -> None:
    """Play until the spiral is solved."""
    page.select_option("#speed", "5")
    page.click("#play")
    page.wait_for_function("() => Number(document.querySelector('#test-loss').textContent) < 0.03")
    page.click("#play")
    page.wait_for_function("() => !document.title.startsWith('▶')")


def point(page: Page) -> None:
    """Follow a place through the network, with a unit selected."""
    play_to(page, 20)
    page.click("[data-key=unit-0-0]")
    page.mouse.click(*place_of(page, 2.0, 1.0))
    page.locator(".readout").get_by_text("output").wait_for()


def draw(page: Page) -> None:
    """Draw a few strokes of both classes."""
    page.click("#draw")
    for value, places in (("1", [(-4, -2), (-1, 3), (3, 3)]), ("-1", [(-4, -4), (0, -2), (4, -1)])):
        page.click(f".sketch [data-value='{value}']")
        page.mouse.move(*place_of(page, *places[0]))
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place_of(page, *place), steps=12)
        page.mouse.up()
    page.click("#play")
    page.wait_for_function("() => document.querySelector('#epoch').textContent > '000,040'")


def preview(page: Page) -> None:
    """Bring a table of one's own, as a spreadsheet of the continent writes it."""
    page.click("#import-open")
    file = {"name": "flowers.csv", "mimeType": "text/csv", "buffer": flowers().encode()}
    page.set_input_files("#import [type=file]", file)  # type: ignore[arg-type]
    page.locator("#import caption").wait_for()


def flowers() -> str:
    """A table of three kinds of flowers, drawn with a fixed seed."""
    draw = Random(1)
    rows = []
    for row in range(1, 141):
        kind, length, width = draw.choice([("setosa", 50, 34), ("versicolor", 59, 28), ("virginica", 66, 30)])
        cells = (row, draw.gauss(length, 3) / 10, draw.gauss(width, 3) / 10)
        rows.append("{};{:.1f};{:.1f};{}".format(*cells, kind).replace(".", ","))
    return "\n".join(["id;length (cm);width (cm);species", *rows, "141;;3,1;setosa"])


def explain(page: Page) -> None:
    """Open an explanation."""
    page.click("[popovertarget=about-activation]")


def share(page: Page) -> None:
    """Open the share dialog."""
    page.click("#share")
    page.locator("#share-dialog").wait_for()


def train_classes(page: Page) -> None:
    """Train, and point at a place of the plane."""
    play_to(page, 150)
    page.mouse.click(*place_of(page, 2.0, 1.0))
    page.locator(".readout").wait_for()


def side_by_side(kind: str) -> Callable[[Page], None]:
    """Let restarts or values of a knob train to their end."""

    def act(page: Page) -> None:
        page.click(f"#{kind}")
        page.click(".gallery-start")
        page.wait_for_function("() => document.querySelector('.gallery-done').textContent")

    return act


@dataclass(frozen=True)
class Scene:
    """One picture: a link, what is done there, and how the page stands."""

    link: str
    act: Callable[[Page], None]
    screen: dict[str, int] = field(default_factory=lambda: DESKTOP)
    options: dict[str, Any] = field(default_factory=dict)


SCENES = {
    "playground": Scene(LINK, solve, options={"device_scale_factor": 1.5}),
    "dark": Scene(LINK, solve, options={"color_scheme": "dark"}),
    "first": Scene("", nothing),
    "numbers": Scene(GAUSS, point),
    "own-data": Scene("networkShape=6,4&seed=0.3", draw),
    "import": Scene("seed=1", preview),
    "explained": Scene(LINK, explain),
    "share": Scene(LINK, share, options={"color_scheme": "dark"}),
    "lesson": Scene("tutorial=first-steps&dataset=gauss&networkShape=3&seed=2", nothing),
    "classes": Scene(ARMS, train_classes),
    "restarts": Scene(STUCK, side_by_side("restarts")),
    "compare": Scene(SWEPT + "&networkShape=8", side_by_side("compare"), options={"color_scheme": "dark"}),
    "phone": Scene(LINK, solve, PHONE, {"has_touch": True, "is_mobile": True}),
}


def take(browser: Browser, address: str, name: str, scene: Scene) -> None:
    """Take one picture."""
    context = browser.new_context(viewport=scene.screen, **scene.options)  # type: ignore[arg-type]
    page = context.new_page()
    if name in UNFOLDED:
        page.add_init_script("localStorage.setItem('controls', 'all')")
    if name != "first":
        page.add_init_script("localStorage.setItem('opening', 'seen')")
    page.goto(f"{address}/{'#' if scene.link else ''}{scene.link}")
    page.locator("body.ready").wait_for()
    scene.act(page)
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")
    context.close()


def take_sweep(browser: Browser, address: str) -> None:
    """Take the picture of a sweep, when all its runs have ended."""
    asked = {
        "link": SWEPT,
        "epochs": 150,
        "grid": {"networkShape": [[2], [4], [4, 4]], "learningRate": [0.01, 0.03, 0.1, 0.3]},
    }
    sweep = httpx.post(f"{address}/api/v1/sweeps", json=asked).raise_for_status().json()
    page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
    page.goto(f"{address}{sweep['page']}")
    page.get_by_text("12 trained").wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / "sweep.png", animations="disabled")
    page.close()


def main() -> None:
    """Take them all."""
    PICTURES.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as folder,
        serving(Path(folder), executed=True, workers=os.cpu_count(), processes=os.cpu_count()) as server,
        chromium() as browser,
    ):
        for name, scene in SCENES.items():
            take(browser, server.address, name, scene)
            print(PICTURES / f"{name}.png")
        take_sweep(browser, server.address)


if __name__ == "__main__":
    main()

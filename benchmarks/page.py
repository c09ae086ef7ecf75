"""Measures the page in a real Chromium: how soon it stands and solves the spiral, and what a frame costs.

`python -m benchmarks.page` opens the lecture's spiral link at full speed and at one epoch a frame. The yardstick for
the frames is how often the same page is drawn while nothing trains.
"""

from __future__ import annotations

import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page
from rich.console import Console
from rich.table import Table

from benchmarks.picture import LINK
from tests.chromium import chromium
from tests.server import serving

ROUNDS = 5
WATCH = """() => {
  const request = window.requestAnimationFrame.bind(window);
  window.seen = { scripts: [], pictures: new Set(), shown: 0, solved: 0 };
  window.requestAnimationFrame = (act) => request((time) => {
    const before = performance.now();
    act(time);
    if (act.name === 'render') {
      window.seen.scripts.push(performance.now() - before);
      window.seen.pictures.add(time);
      const loss = Number(document.querySelector('#test-loss')?.textContent);
      if (loss && !window.seen.shown) window.seen.shown = performance.now();
      if (loss && loss < 0.05 && !window.seen.solved) window.seen.solved = performance.now();
    }
  });
}"""
IDLE = """() => new Promise((done) => {
  let pictures = 0;
  const began = performance.now();
  const count = () => (performance.now() - began < 1000 ? (pictures++, requestAnimationFrame(count)) : done(pictures));
  requestAnimationFrame(count);
})"""
PLAY = """() => {
  document.querySelector('#play').click();
  window.began = performance.now();
  window.seen.scripts.length = 0;
  window.seen.pictures.clear();
}"""
RESULT = """() => ({
  shown: window.seen.shown,
  solved: window.seen.solved - window.began,
  pictures: window.seen.pictures.size / (performance.now() - window.began) * 1000,
  scripts: window.seen.scripts,
  epoch: document.querySelector('#epoch').textContent,
})"""


def measure(browser: Browser, url: str, speed: str) -> dict[str, Any]:
    """One cold load of the page, played at a speed until the spiral is solved."""
    page: Page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(f"({WATCH})()")
    page.goto(f"{url}/#{LINK}")
    page.wait_for_function("() => window.seen.shown > 0")
    page.select_option("#speed", speed)
    idle = page.evaluate(IDLE)
    page.evaluate(PLAY)
    page.wait_for_function("() => window.seen.solved > 0", timeout=60_000)
    result: dict[str, Any] = page.evaluate(RESULT)
    page.close()
    return {**result, "idle": idle, "script": statistics.median(result["scripts"])}


def cell(values: list[float], form: str, worst: float) -> str:
    """The median and the worst of some values."""
    return f"{statistics.median(values):{form}} ({worst:{form}})"


def main() -> None:
    """Measure and print."""
    table = Table(
        *("speed", "first map ms", "test loss < 0.05 after s", "pictures/s", "of an idle page's", "script ms a frame"),
        title=f"The lecture's spiral in Chromium, median (worst) of {ROUNDS} cold loads",
    )
    with TemporaryDirectory() as folder, serving(Path(folder)) as server, chromium() as browser:
        for speed in ("max", "1"):
            rounds = [measure(browser, server.address, speed) for _ in range(ROUNDS)]
            shown, solved, script = ([one[key] for one in rounds] for key in ("shown", "solved", "script"))
            pictures = [one["pictures"] for one in rounds]
            share = [one["pictures"] / one["idle"] for one in rounds]
            table.add_row(
                speed,
                cell(shown, ".0f", max(shown)),
                cell([ms / 1000 for ms in solved], ".2f", max(solved) / 1000),
                cell(pictures, ".0f", min(pictures)),
                cell(share, ".2f", min(share)),
                cell(script, ".1f", max(script)),
            )
    Console().print(table)


if __name__ == "__main__":
    main()

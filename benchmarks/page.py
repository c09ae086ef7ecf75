"""Measures the page in a real Chromium: how soon it stands and solves the spiral, and what a frame costs.

`python -m benchmarks.page` opens the lecture's spiral link at full speed and at one epoch a frame. The script of a
frame is taken from the browser's own tracing: all functions called between one picture and the next. The yardstick for
the number of pictures is how often the same page is drawn while nothing trains.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page
from rich.console import Console
from rich.table import Table

from app.page.assets import files
from app.page.templates import page as render
from benchmarks.picture import LINK
from tests.chromium import chromium
from tests.server import serving

ROUNDS = 5
WATCH = """() => {
  window.seen = { pictures: new Set(), shown: 0, solved: 0 };
  const look = (time) => {
    const epoch = document.querySelector("#epoch")?.textContent;
    const loss = Number(document.querySelector("#test-loss")?.textContent);
    if (loss && !window.seen.shown) window.seen.shown = performance.now();
    if (loss && loss < 0.05 && !window.seen.solved) window.seen.solved = performance.now();
    if (window.began && !window.seen.solved) window.seen.pictures.add(epoch);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
IDLE = """() => new Promise((done) => {
  let pictures = 0;
  const began = performance.now();
  const count = () => (performance.now() - began < 1000 ? (pictures++, requestAnimationFrame(count)) : done(pictures));
  requestAnimationFrame(count);
})"""
PLAY = "() => { window.began = performance.now(); document.querySelector('#play').click(); }"
RESULT = """() => {
  const seconds = (window.seen.solved - window.began) / 1000;
  return { shown: window.seen.shown, solved: seconds, pictures: window.seen.pictures.size / seconds };
}"""
CATEGORIES = ["-*", "devtools.timeline"]
FRAME_GAP = 4_000  # microseconds between the callbacks of one picture and those of the next, at least


def scripts(trace: bytes) -> list[float]:
    """Milliseconds of script from each picture to the next: functions that no other has called."""
    events = json.loads(trace)["traceEvents"]
    calls = sorted((e["tid"], e["ts"], e["dur"]) for e in events if e["name"] == "FunctionCall" and "dur" in e)
    pictures = sorted((e["tid"], e["ts"]) for e in events if e["name"] == "FireAnimationFrame")
    if not pictures:
        return []
    main = statistics.mode(tid for tid, _ in pictures)
    starts = [ts for tid, ts in pictures if tid == main]
    starts = [ts for i, ts in enumerate(starts) if not i or ts - starts[i - 1] > FRAME_GAP]
    spent, end, frame = [0.0] * len(starts), 0.0, 0
    for tid, ts, duration in calls:
        if tid != main or ts < max(end, starts[0]):
            continue
        while frame + 1 < len(starts) and ts >= starts[frame + 1]:
            frame += 1
        spent[frame] += duration / 1000
        end = ts + duration
    return spent


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
    browser.start_tracing(page=page, categories=CATEGORIES)
    page.wait_for_timeout(2_000)  # it still trains
    spent = scripts(browser.stop_tracing())
    page.close()
    return {**result, "idle": idle, "script": statistics.median(spent), "slow": statistics.quantiles(spent, n=20)[-1]}


def cell(values: list[float], form: str, worst: float) -> str:
    """The median and the worst of some values."""
    return f"{statistics.median(values):{form}} ({worst:{form}})"


def assets() -> int:
    """Bytes of the page and of the files that it asks for, compressed."""
    asked = (files()[name] for name in ("wire/early.js", "page.js", "style.css", "icon.svg"))
    return sum(len(gzip.compress(content)) for content in (render("playground.html").encode(), *asked))


def main() -> None:
    """Measure and print."""
    table = Table(
        *("speed", "first map ms", "test loss < 0.05 after s", "pictures/s", "idle", "script ms a frame", "95th"),
        title=f"The lecture's spiral in Chromium, median (worst) of {ROUNDS} cold loads",
    )
    with (
        TemporaryDirectory() as folder,
        serving(Path(folder), executed=True, workers=os.cpu_count()) as server,
        chromium() as browser,
    ):
        for speed in ("max", "1"):
            rounds = [measure(browser, server.address, speed) for _ in range(ROUNDS)]
            names = ("shown", "solved", "pictures", "idle", "script", "slow")
            shown, solved, pictures, idle, script, slow = ([one[name] for one in rounds] for name in names)
            table.add_row(
                speed,
                cell(shown, ".0f", max(shown)),
                cell(solved, ".2f", max(solved)),
                cell(pictures, ".0f", min(pictures)),
                cell(idle, ".0f", min(idle)),
                cell(script, ".1f", max(script)),
                cell(slow, ".1f", max(slow)),
            )
    Console().print(table)
    print(f"The page's own assets, compressed: {assets() / 1000:.0f} KB")


if __name__ == "__main__":
    main()

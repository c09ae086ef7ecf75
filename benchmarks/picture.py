"""Takes the README's picture: `python -m benchmarks.picture` trains the lecture's spiral in a real Chromium."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chromium import chromium
from tests.server import serving

LINK = "dataset=spiral&networkShape=8,8,8&seed=0.68609&xTimesY=true&xSquared=true&ySquared=true&sinX=true&sinY=true"
PICTURE = Path(__file__).parents[1] / "docs" / "playground.png"
SOLVED = "() => Number(document.querySelector('#test-loss').textContent) < 0.03"


def main() -> None:
    """Train until the spiral is solved, and keep what the page shows."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as server, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=1.5)
        page.goto(f"{server.address}/#{LINK}")
        page.select_option("#speed", "5")
        page.click("#play")
        page.wait_for_function(SOLVED)
        page.click("#play")
        page.wait_for_function("() => !document.title.startsWith('▶')")
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
    print(PICTURE)


if __name__ == "__main__":
    main()

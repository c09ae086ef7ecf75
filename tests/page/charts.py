"""A loss chart of rows that a test makes up, in the place of the page's own."""

from __future__ import annotations

import math
from collections.abc import Callable

from playwright.sync_api import FloatRect, Locator, Page

Row = list[float]
LOAD = """(name) => import(document.querySelector('script[type=module]').src.replace('page.js', `${name}.js`))"""
"""A function of the page that imports one of its modules by name."""


def rows_until(last: int, **columns: Callable[[int], float]) -> list[Row]:
    """Rows of epochs 0, 1, ...: train falls from 0.5, test is twice that, batches are from half to threefold."""
    usual: dict[str, Callable[[int], float]] = {
        "train": lambda epoch: 0.5 / (1 + epoch / 10),
        "test": lambda epoch: 1 / (1 + epoch / 10),
        "low": lambda epoch: 0.25 / (1 + epoch / 10),
        "high": lambda epoch: 1.5 / (1 + epoch / 10),
        "validation": lambda epoch: math.nan,
        "rate": lambda epoch: 0.03,
    }
    return [[epoch, *(column(epoch) for column in (usual | columns).values())] for epoch in range(last + 1)]


def flat(rows: list[Row]) -> Row:
    return [number for row in rows for number in row]


class Chart:
    """A chart of given rows in the place of the page's own; what else a scene has is as in a plain run."""

    def __init__(self, page: Page, rows: list[Row], **scene: object) -> None:
        self.page = page
        self.plot = page.locator(".chart-plot")
        self.card = page.locator(".chart-card")
        self.names, self.values = self.card.locator("span"), self.card.locator("b")
        self.all = page.locator(".chart-all")
        self.log = page.locator(".chart-log")
        self.spoken = page.locator("#chart [aria-live]")
        page.evaluate(
            f"""async ([rows, scene]) => {{
              const [{{ LossChart }}, {{ History }}, {{ readTheme }}] =
                await Promise.all(['chart/losschart', 'state/history', 'draw/look'].map({LOAD}));
              const old = document.querySelector('#chart'), section = old.cloneNode(true);
              old.replaceWith(section); // without the listeners of the page's own chart
              const history = new History(), chart = new LossChart(section);
              window.chart = chart;
              window.add = (rows) => {{
                history.extend(rows);
                const plain = {{ now: null, lines: [1, 2], rated: false, patient: false }};
                chart.draw({{ history, theme: readTheme(), ...plain, ...scene }});
              }};
              window.add(rows);
            }}""",
            [flat(rows), scene],
        )

    def add(self, rows: list[Row]) -> None:
        self.page.evaluate("(rows) => window.add(rows)", flat(rows))

    @property
    def epochs(self) -> Row:
        """The first and the last in view."""
        found: Row = self.page.evaluate("() => window.chart.zoom.epochs")
        return found

    def place(self, epoch: float) -> tuple[float, float]:
        """Where the epoch stands on the screen, at half the height."""
        x = self.page.evaluate(
            "(epoch) => { const { box, zoom: { epochs: [from, to] } } = window.chart;"
            "return box.left + (epoch - from) / (to - from) * box.w }",
            epoch,
        )
        box = box_of(self.plot)
        return box["x"] + x, box["y"] + box["height"] / 2

    def point(self, epoch: float) -> None:
        self.page.mouse.move(*self.place(epoch))

    def drag(self, start: float, end: float) -> None:
        self.point(start)
        self.page.mouse.down()
        self.point((start + end) / 2)
        self.point(end)
        self.page.mouse.up()

    @property
    def picture(self) -> str:
        """All of its pixels."""
        found: str = self.page.evaluate("() => window.chart.canvas.toDataURL()")
        return found

    def pixel(self, epoch: float, loss: float) -> Row:
        """Red, green, blue and alpha where this loss stands at this epoch."""
        found: Row = self.page.evaluate(
            f"""async ([epoch, loss]) => {{
              const {{ axesOf }} = await ({LOAD})('chart/axes');
              const {{ rows, zoom, log, box, canvas, scene: {{ lines }} }} = window.chart;
              const axes = axesOf(rows, zoom.epochs, {{ log, close: zoom.part !== null, lines }}, box);
              const density = canvas.width / canvas.clientWidth;
              const at = [axes.x(epoch), axes.y(loss)].map((place) => Math.floor(place * density));
              return [...canvas.getContext('2d').getImageData(...at, 1, 1).data];
            }}""",
            [epoch, loss],
        )
        return found


def box_of(locator: Locator) -> FloatRect:
    box = locator.bounding_box()
    assert box
    return box

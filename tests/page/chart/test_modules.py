"""What the loss chart is made of, as pure functions: its history, axes, labels and the epochs in view."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.page.charts import LOAD, rows_until

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def module(loaded: Page) -> Callable[..., Any]:
    """Runs a function of (module, argument) in the page."""
    page = loaded

    def run(name: str, function: str, argument: object = None) -> Any:
        return page.evaluate(
            f"async ([name, argument]) => ({function})(await ({LOAD})(name), argument)", [name, argument]
        )

    return run


Module = Callable[..., Any]

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "charts.json").read_text(encoding="utf-8"))


def test_ranges_ticks_numbers_and_labels_are_those_of_the_charts_that_the_server_draws(module: Module) -> None:
    ask = """({ steps, logTicks, tickText }, golden) => [
      golden.steps.map(({ interval, most, least }) => steps(interval, most, least)),
      golden.logTicks.map(({ interval, most }) => logTicks(interval, most)),
      golden.tickText.map(({ loss }) => tickText(loss)),
    ]"""
    ticks = [one["ticks"] for one in GOLDEN["steps"]]
    log = [{"major": one["major"], "minor": one["minor"]} for one in GOLDEN["logTicks"]]
    assert module("chart/axes", ask, GOLDEN) == [ticks, log, [one["text"] for one in GOLDEN["tickText"]]]
    ranges = """({ axesOf, boxOf }, golden) => golden.map(({ losses, log }) => axesOf(
      losses.map((loss, epoch) => [epoch, loss, loss, loss, loss, NaN, NaN]), [0, losses.length],
      { log, close: false, lines: [1, 2] }, boxOf(300, 200),
    ).losses)"""
    for found, golden in zip(module("chart/axes", ranges, GOLDEN["ranges"]), GOLDEN["ranges"], strict=True):
        assert found == pytest.approx(golden["range"]), golden
    spread = "({ spread }, golden) => golden.map(({ wanted }) => spread(wanted, 10, 190, 15))"
    assert module("chart/lines", spread, GOLDEN["spread"]) == [one["places"] for one in GOLDEN["spread"]]


# --- the history ------------------------------------------------------------------------------------------------------


def test_the_history_takes_each_epoch_once_the_last_that_came_and_forgets_none_at_a_resume(module: Module) -> None:
    ask = """({ History }) => {
      const history = new History();
      history.extend([0, 1, 1, 1, 1, 2, 0.3, 1, 0.9, 0.9, 0.8, 1.2, 1.9, 0.2]);
      history.extend(new Float64Array([1, 5, 5, 5, 5, 5, 5, 2, 0.8, 0.8, 0.7, 0.9, 1.8, 0.1]));
      history.truncate(1);
      history.extend([2, 0.7, 0.7, 0.6, 0.8, 1.7, 0.1]);
      return [history.rows, history.last];
    }"""
    rows = [[0, 1, 1, 1, 1, 2, 0.3], [1, 5, 5, 5, 5, 5, 5], [2, 0.7, 0.7, 0.6, 0.8, 1.7, 0.1]]
    assert module("state/history", ask) == [rows, 2]


def test_a_long_history_is_thinned_but_keeps_its_ends_and_the_spikes_of_its_band(module: Module) -> None:
    ask = """({ History }, spikes) => {
      const history = new History();
      for (let epoch = 0; epoch <= 10001; epoch++) {
        const spike = spikes.includes(epoch);
        history.extend([epoch, 1, 1, spike ? 0.001 : 0.5, spike ? epoch : 2, epoch, -epoch]);
      }
      return history.rows;
    }"""
    spikes = [1, 2, 777, 4000, 10_001]
    rows = module("state/history", ask, spikes)
    assert len(rows) <= 4_000
    assert (rows[0][0], rows[-1][0]) == (0, 10_001)
    assert {row[4] for row in rows if row[3] == 0.001} >= {777, 4000, 10_001}
    assert all(row[5:] == [row[0], -row[0]] for row in rows), "validation and rate stay with their epoch"
    for spike in spikes:
        assert next(row for row in rows if row[0] >= spike)[3] == 0.001, spike


def test_the_present_moment_ends_the_rows_with_the_batches_that_are_known(module: Module) -> None:
    ask = """({ History }, [rows, now]) => {
      const history = new History();
      history.extend(rows.flat());
      return history.upTo(now);
    }"""
    rows, nan = [[0, 1, 1, 1, 1, 2, 3], [1, 0.9, 0.9, 0.8, 1.2, 2, 3]], math.nan
    assert module("state/history", ask, [rows, [2, 0.7, 0.6, nan, nan, 4, 5]]) == [*rows, [2, 0.7, 0.6, 0.8, 1.2, 4, 5]]
    assert module("state/history", ask, [rows, [1, 0.7, 0.6, 0.5, 0.8, 4, 5]]) == [
        rows[0],
        [1, 0.7, 0.6, 0.5, 0.8, 4, 5],
    ]
    assert module("state/history", ask, [[], [0, 1, 2, nan, nan, 4, 5]]) == [[0, 1, 2, 1, 1, 4, 5]]
    assert module("state/history", ask, [rows, None]) == rows


def test_a_part_of_the_rows_is_cut_off_where_the_lines_cross_its_ends(module: Module) -> None:
    rows = [[0, 4, 8, 2, 6, 1, 1], [10, 2, 4, 1, 3, 3, 0], [20, 0, 0, 0, 0, 5, 0]]
    ask = "({ between }, [rows, range]) => between(rows, range)"
    ends = [[5, 3, 6, 1.5, 4.5, 2, 0.5], rows[1], [15, 1, 2, 0.5, 1.5, 4, 0]]
    assert module("state/history", ask, [rows, [5, 15]]) == ends
    assert module("state/history", ask, [rows, [12, 14]]) == [
        pytest.approx([12, 1.6, 3.2, 0.8, 2.4, 3.4, 0]),
        pytest.approx([14, 1.2, 2.4, 0.6, 1.8, 3.8, 0]),
    ]
    assert module("state/history", ask, [rows, [-5, 30]]) == rows


def test_the_lowest_validation_loss_is_the_first_of_equals_and_passes_over_what_is_not_known(module: Module) -> None:
    ask = "({ lowest }, losses) => lowest(losses.map((loss, epoch) => [epoch, 0, 0, 0, 0, loss, 0]), 5)?.[0] ?? null"
    assert module("state/history", ask, [math.nan, 3, 1, 2, 1, math.nan]) == 2
    assert module("state/history", ask, [math.nan, math.nan]) is None


def test_the_nearest_row_is_found(module: Module) -> None:
    ask = "({ nearest }, epochs) => epochs.map((epoch) => nearest([[0], [10], [40]], epoch))"
    assert module("state/history", ask, [-3, 0, 4, 6, 10, 24, 26, 90]) == [0, 0, 0, 1, 1, 1, 2, 2]


def test_at_most_two_rows_are_drawn_per_pixel_and_no_spike_is_lost(module: Module) -> None:
    rows = rows_until(3_999, train=lambda e: math.nan if e < 10 else 9 if e == 1234 else 0.001 if e == 1236 else 1)
    ask = "({ extremes }, rows) => extremes(rows, 1, (epoch) => epoch / 10)"
    pairs = module("state/history", ask, rows)
    assert len(pairs) == 399, "what is not known is not drawn"
    assert pairs[122] == [1236, 1234]


# --- axes and labels --------------------------------------------------------------------------------------------------

AXES = """({ axesOf, boxOf }, [rows, epochs, scale]) => {
  const all = { log: false, close: false, lines: [1, 2], ...scale };
  const { losses, box, x, y } = axesOf(rows, epochs, all, boxOf(750, 152));
  return { losses, box, at: rows.map((row) => [x(row[0]), y(row[1]), y(row[2]), y(row[3])]) };
}"""


def test_a_linear_axis_begins_at_zero_and_cuts_off_a_band_that_is_far_above_the_lines(module: Module) -> None:
    calm = module("chart/axes", AXES, [[[0, 0.5, 1, 0.4, 1.2], [10, 0.4, 0.9, 0.3, 1]], [0, 10], {}])
    assert calm["losses"] == pytest.approx([0, 1.05 * 1.2])
    wild = module("chart/axes", AXES, [[[0, 0.5, 1, 0.4, 1], [10, 0.4, 0.9, 0, 70]], [0, 10], {}])
    assert wild["losses"] == pytest.approx([0, 1.05 * 1.6])


def test_a_close_axis_fits_the_lines_in_view(module: Module) -> None:
    low, high = module("chart/axes", AXES, [rows_until(100), [50, 100], {"close": True}])["losses"]
    assert 0 < low < 0.5 / 11 < 1 / 6 < high < 0.3


def test_a_logarithmic_axis_puts_zeros_on_its_floor(module: Module) -> None:
    rows = [[0, 1, 1, 1, 1], [10, 0, 1e-30, 0, 0.5]]
    found = module("chart/axes", AXES, [rows, [0, 10], {"log": True}])
    box, (_, train, test, band) = found["box"], found["at"][1]
    assert train == test == band
    assert box["top"] < train < box["top"] + box["h"]
    assert 1e-12 < found["losses"][0] < 1e-9


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("loss", [0, 1e-12, 0.25, 1e308])
def test_axes_of_a_single_loss_are_finite(module: Module, loss: float, log: bool) -> None:
    low, high = module("chart/axes", AXES, [[[0, loss, loss, loss, loss]], [0, 10], {"log": log}])["losses"]
    assert 0 <= low < high < math.inf


def test_ticks_are_round(module: Module) -> None:
    steps = "({ steps }, [interval, most, least]) => steps(interval, most, least)"
    assert module("chart/axes", steps, [[0, 0.95], 5, 0]) == [0, 0.2, 0.4, 0.6, 0.8]
    assert module("chart/axes", steps, [[0, 10], 50, 1]) == list(range(11))
    assert module("chart/axes", steps, [[412, 581], 7, 1]) == [450, 500, 550]
    log = "({ logTicks }, [interval, most]) => logTicks(interval, most)"
    assert module("chart/axes", log, [[0.04, 1.1], 5])["major"] == [0.05, 0.1, 0.2, 0.5, 1]
    decades = module("chart/axes", log, [[0.0005, 2], 5])
    assert decades["major"] == [0.001, 0.01, 0.1, 1]
    assert decades["minor"][:6] == [0.0005, 0.0006, 0.0007, 0.0008, 0.0009, 0.001]
    assert module("chart/axes", log, [[1e-9, 1], 5])["major"] == [1e-8, 1e-6, 1e-4, 1e-2, 1]
    assert module("chart/axes", log, [[0.31, 0.52], 5])["major"] == [0.35, 0.4, 0.45, 0.5]
    text = "({ tickText }) => [0, 0.05, 0.0005, 12, 200000].map(tickText)"
    assert module("chart/axes", text) == ["0", "0.05", "5e-4", "12", "2e5"]


def test_an_axis_has_room_for_every_line_that_is_drawn_and_no_other(module: Module) -> None:
    rows = [[0, 0.5, 9, 0.4, 0.5, 2, 70], [10, 0.4, 9, 0.3, 0.5, math.nan, 70]]
    assert module("chart/axes", AXES, [rows, [0, 10], {"lines": [1, 5]}])["losses"] == pytest.approx([0, 1.05 * 2])
    assert module("chart/axes", AXES, [rows, [0, 10], {"lines": [1]}])["losses"] == pytest.approx([0, 1.05 * 0.5])


def test_labels_keep_their_order_and_never_overlap(module: Module) -> None:
    ask = """({ spread }) => {
      const found = [];
      for (let a = 20; a <= 122; a += 17) for (let b = 20; b <= 122; b += 17) for (let c = 20; c <= 122; c += 6) {
        found.push([[a, b, c], spread([a, b, c], 20, 114)]);
      }
      return found;
    }"""
    for wanted, places in module("chart/lines", ask):
        ordered = sorted(places)
        assert all(low + 15 <= high + 1e-9 for low, high in pairwise(ordered)), wanted
        assert ordered[0] >= 20 - 1e-9
        assert ordered[-1] <= 114 + 1e-9
        assert [i for _, i in sorted(zip(wanted, range(3), strict=True))] == sorted(range(3), key=places.__getitem__)


def test_labels_that_have_room_stand_at_their_lines(module: Module) -> None:
    spread = "({ spread }, [wanted, low, high]) => spread(wanted, low, high)"
    assert module("chart/lines", spread, [[80, 40], 20, 114]) == [80, 40]
    assert module("chart/lines", spread, [[50, 50, 90], 20, 114]) == [42.5, 57.5, 90], (
        "the first of equals stands above"
    )
    assert module("chart/lines", spread, [[50, 60, 55], 40, 60]) == [40, 60, 50], "as far apart as there is room"
    assert module("chart/lines", spread, [[50], 20, 114]) == [50]


def test_one_more_label_stands_beside_its_line_where_there_is_room(module: Module) -> None:
    free = "({ freePlace }, [taken, beside, low, high]) => freePlace(taken, beside, low, high)"
    assert module("chart/lines", free, [[80, 40], 80, 20, 114]) == 95
    assert module("chart/lines", free, [[80, 95, 40], 80, 20, 114]) == 65
    assert module("chart/lines", free, [[80, 40], 80, 40, 80]) == 65
    assert module("chart/lines", free, [[50, 60], 60, 40, 60]) is None


@pytest.mark.parametrize("width", [360, 750])
def test_the_card_never_leaves_the_canvas_nor_covers_the_line_that_it_reads(module: Module, width: int) -> None:
    ask = """([{ cardLeft }, { boxOf }], width) => {
      const box = boxOf(width, 152);
      return Array.from({ length: box.w + 1 }, (_, i) => [box.left + i, cardLeft(box.left + i, 190, box, width)]);
    }"""
    loaded = f"Promise.all(['chart/losschart', 'chart/axes'].map({LOAD}))"
    both = f"(_, width) => {loaded}.then((modules) => ({ask})(modules, width))"
    for x, left in module("chart/losschart", both, width):
        assert 0 <= left <= width - 190
        assert width == 360 or left > x or left + 190 < x


# --- which epochs are in view -----------------------------------------------------------------------------------------


def zoomed(module: Module, steps: str) -> Any:
    return module(
        "chart/zoom", f"({{ Zoom }}) => {{ const zoom = new Zoom(); zoom.span(0, 100); {steps}; return zoom.epochs }}"
    )


def test_a_zoom_keeps_its_place_and_stays_within_the_run(module: Module) -> None:
    assert zoomed(module, "zoom.by(0.5, 20)") == [10, 60]
    assert zoomed(module, "zoom.by(0.5, 20); zoom.by(2, 20)") == [0, 100]
    assert zoomed(module, "zoom.to([-50, 10])") == [0, 60]
    assert zoomed(module, "zoom.to([90, 120])") == [70, 100]
    assert zoomed(module, "zoom.by(1e-9, 20)") == pytest.approx([19, 21])
    assert zoomed(module, "zoom.to([20, 40]); zoom.along(0.5)") == [30, 50]
    assert zoomed(module, "zoom.to([20, 40]); zoom.along(-9)") == [0, 20]
    assert zoomed(module, "zoom.to([20, 40]); zoom.show(50); zoom.show(45)") == [30, 50]
    assert zoomed(module, "zoom.to([20, 40]); zoom.reset()") == [0, 100]


def test_a_zoom_that_ends_at_the_newest_epoch_follows_it(module: Module) -> None:
    assert zoomed(module, "zoom.to([80, 100]); zoom.span(0, 150)") == [130, 150]
    assert zoomed(module, "zoom.to([70, 90]); zoom.span(0, 150)") == [70, 90]
    assert zoomed(module, "zoom.to([70, 90]); zoom.span(0, 30)") == [10, 30]
    assert zoomed(module, "zoom.span(0, 3)") == [0, 10]
    assert zoomed(module, "zoom.span(500, 501)") == [500, 510]

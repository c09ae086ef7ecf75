"""The page's modules, each in the browser that it runs in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

GOLDEN = Path(__file__).parents[1] / "golden"
FRAMES = json.loads((GOLDEN / "frames.json").read_text())


@pytest.fixture(scope="module")
def module(loaded: Page) -> Callable[[str, str], Any]:
    """Runs a function of (module, argument) in the page."""
    page = loaded
    root = page.get_attribute("script[type=module]", "src")
    assert root

    def run(name: str, function: str, argument: object = None) -> Any:
        return page.evaluate(
            f"async ([root, argument]) => ({function})(await import(root.replace('page.js', '{name}.js')), argument)",
            [root, argument],
        )

    return run


Module = Callable[..., Any]
PARSE = """async ({ parseFrame }, text) => {
  const frame = await parseFrame(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
  return Object.fromEntries(Object.entries(frame).map(([k, v]) => [k, ArrayBuffer.isView(v) ? [...v] : v]));
}"""


def flat(value: Any) -> list[float]:
    return [number for part in value for number in flat(part)] if isinstance(value, list) else [value]


def meant(value: Any) -> Any:
    """NaN is written as null in JSON."""
    return None if value != value else value


@pytest.mark.parametrize("number", range(len(FRAMES)))
def test_frames_are_read_as_the_server_wrote_them(module: Module, number: int) -> None:
    expected = FRAMES[number]
    data = base64.b64encode((GOLDEN / f"frame-{number}.bin").read_bytes()).decode()
    frame = module("wire/frames", PARSE, data)
    parts = ("train", "test", "validation")
    renamed = {f"{part}{what.capitalize()}": f"{part}_{what}" for part in parts for what in ("loss", "score")}
    plain = ("number", "run", "version", "epoch", "updates", "rate", "playing", "diverged", "stopped", "selected")
    renamed |= {"batchNumber": "batch_number"}
    for ours in (*renamed, *plain, "batches"):
        theirs = renamed.get(ours, ours)
        assert meant(frame[ours]) == expected[theirs], ours
    for name in ("theta", "history", "ranges", "outputs", "probe", "worst", "collapsed", "batch", "lines"):
        assert [meant(number) for number in frame[name]] == flat(expected[name]), name
    assert frame["units"] == flat(expected["unit_maps"])
    assert frame["selectedLines"] == expected["selected_lines"]
    assert [frame["gradient"], frame["step"]] == (expected["change"] or [None, None])
    assert (frame["selectedMap"] or []) == flat(expected["selected_map"] or [])


def test_bytes_that_are_no_frame_are_refused(module: Module) -> None:
    attempt = "({ parseFrame }, size) => parseFrame(new ArrayBuffer(size)).catch((e) => e.message)"
    assert "expected a frame" in module("wire/frames", attempt, 200)
    assert "expected a frame" in module("wire/frames", attempt, 3)


def test_parameters_lie_where_the_engine_puts_them(module: Module) -> None:
    assert module("state/parameters", "({ layerOffsets }) => layerOffsets([7, 8, 8, 1])") == [0, 64, 136, 145]
    assert (
        module("state/parameters", "({ thetaIndex }) => thetaIndex([2, 3, 1], { layer: 0, unit: 1, source: 1 })") == 4
    )
    assert (
        module("state/parameters", "({ thetaIndex }) => thetaIndex([2, 3, 1], { layer: 1, unit: 0, source: null })")
        == 12
    )


def test_colours_run_from_orange_through_the_neutral_to_blue(module: Module) -> None:
    ask = "({ createScale, colorOf }) => [-9, -1, 0, 1, 9].map(v => colorOf(createScale('rgb(233, 236, 238)'), v))"
    orange, neutral, blue = "rgb(245 147 34)", "rgb(233 236 238)", "rgb(8 119 189)"
    assert module("draw/colors", ask) == [orange, orange, neutral, blue, blue]


def test_numbers_have_three_digits_that_matter(module: Module) -> None:
    ask = "({ shortNumber }) => [0, 0.0003124, 0.03124, 0.5, -1.234, 12.34, 1234.4, 0.0000123].map(shortNumber)"
    assert module("draw/numbers", ask) == ["0.0000", "0.000312", "0.0312", "0.500", "−1.23", "12.3", "1234", "1.23e-5"]
    for name in ("shortNumber", "tinyNumber", "exactNumber"):
        assert module("draw/numbers", f"({{ {name} }}) => [NaN, Infinity, -Infinity].map({name})") == ["–", "∞", "−∞"]
    assert module("draw/numbers", "({ epochText }) => [0, 215, 1234567].map(epochText)") == [
        "000,000",
        "000,215",
        "1,234,567",
    ]


def test_the_network_is_laid_out_within_its_room(module: Module) -> None:
    ask = "({ arrange }, [hidden, outputs, room, headroom]) => arrange(9, hidden, outputs, room, headroom)"
    for outputs in (1, 6):
        plan = module("network/geometry", ask, [[8, 8, 8], outputs, 664, 500])
        assert (plan["width"], plan["height"]) == (664, 500)
        columns = [plan["features"], *plan["layers"], plan["outputs"]]
        edges = [(column[0]["x"], column[0]["x"] + plan["size"]) for column in columns]
        assert all(right < left for (_, right), (left, _) in pairwise(edges))
        assert len(plan["outputs"]) == outputs
        places = [place["y"] for place in plan["outputs"]]
        assert all(lower - upper > plan["size"] for upper, lower in pairwise(places))
        assert places[0] >= plan["features"][0]["y"]
        assert places[-1] <= plan["features"][-1]["y"]
    crowded = module("network/geometry", ask, [[64] * 10, 1, 300, 400])
    assert crowded["size"] >= 18
    assert crowded["width"] > 300
    assert crowded["height"] > 400


def test_many_changes_are_one_render(module: Module) -> None:
    ask = """async ({ createStore }) => {
      const store = createStore({ a: 0, b: 0 }), seen = [];
      store.subscribe((state, changed) => seen.push([state.a, state.b, [...changed].sort().join()]));
      store.update({ a: 1 }); store.update({ a: 2 }); store.update({ b: 3 });
      await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
      return seen;
    }"""
    assert module("state/store", ask) == [[2, 3, "a,b"]]


def test_ticks_are_round_numbers_inside_their_interval(module: Module) -> None:
    assert module("plane/plane", "({ ticks }) => ticks([-6, 6])") == [-4, -2, 0, 2, 4]
    assert module("plane/plane", "({ ticks }) => ticks([0, 0.55])") == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_of_very_many_links_only_the_strongest_are_drawn(module: Module) -> None:
    ask = "({ strongest }, most) => strongest(Float64Array.of(0.5, -3, 1, -0.1, 2), most)"
    assert module("network/network", ask, 5) == 0
    assert module("network/network", ask, 2) == 2


def test_the_likeliest_class_is_decided_for_and_the_first_of_equals(module: Module) -> None:
    ask = "({ decisions }) => [...decisions(Uint8Array.of(200, 128, 150, 130, 128, 190, 140, 129, 190), 3)]"
    assert module("state/classes", ask) == [0, 2, 1]


def test_a_line_stands_on_the_canvas_where_its_sum_is_0_whatever_the_axes_units(module: Module) -> None:
    domain, square = [[-0.1, 1.1], [-100, 1100]], {"left": 22, "top": 4, "side": 120}
    ask = "({ onCanvas, hasOneUnit }, [domain, square, line]) => [hasOneUnit(domain), onCanvas(line, domain, square)]"
    same, on = module("plane/annotations", ask, [domain, square, {"w1": 1, "w2": 0.001, "b": -1}])
    assert not same
    for x, y in ((0, 1000), (1, 0), (0.5, 500)):
        column, row = 22 + (x + 0.1) * 100, 4 + (1100 - y) / 10
        assert on["n1"] * column + on["n2"] * row == pytest.approx(on["d"])
    assert on["n1"] > 0 > on["n2"]  # to the right and up, where the sum grows
    same, on = module("plane/annotations", ask, [[[-6, 6], [-6, 6]], square, {"w1": 0, "w2": 0, "b": 1}])
    assert (same, on) == (True, None)

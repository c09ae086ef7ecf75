"""Many classes on the page: their colours against the engine's own answers, their outputs, and one's own classes."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from engine import Trainer, parse_link
from engine.data.datasets import Point
from engine.pictures.colors import CLASS_SCALES, CLASSES, INK, mixed
from engine.pictures.grid import Grid
from engine.tables import Array
from tests.drawing import click, draw, near, points, wait_for_points
from tests.person import MARGIN, number, numbers, place_of, play_to, wait_until_drawn
from tests.server import StartServer

Open = Callable[..., Page]
LINK = "problem=multiclass&classDataset=blobs&classes=4&networkShape=5&seed=0.7&learningRate=0.1"
PIXELS = """canvas => {
  const { width, height } = canvas, { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  let text = '';
  for (const byte of data) text += String.fromCharCode(byte);
  return [height, width, btoa(text)];
}"""
CENTRES = np.arange(2, 98, 7)  # of some pixels of a map of 100 x 100, along one side


def pixels(page: Page, selector: str) -> Array:
    """A canvas's pixels, (height, width, 4), where a pixel of the screen is one of the page."""
    height, width, data = page.locator(selector).evaluate(PIXELS)
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)


def shown(page: Page) -> Array:
    """The map's colours at the places of `CENTRES`, (N, N, 3)."""
    canvas = pixels(page, ".plane .map")
    side = canvas.shape[1] - MARGIN["left"] - MARGIN["right"]
    at = ((CENTRES + 0.5) / 100 * side).astype(int)
    return canvas[np.ix_(MARGIN["top"] + at, MARGIN["left"] + at)][..., :3].astype(int)


def trained(link: str, epochs: int) -> Trainer:
    """What the server has trained."""
    trainer = Trainer(parse_link(link).config)
    trainer.train(epochs)
    return trainer


def answers(trainer: Trainer) -> Array:
    """The probabilities of the classes at the same places, (K, N, N)."""
    grid = Grid(trainer.config, scaling=trainer.scaling)
    maps = grid.outputs(trainer.network)[-1][:, : 100 * 100].reshape(-1, 100, 100)
    return maps[:, CENTRES][:, :, CENTRES]


def clear(p: Array) -> Array:
    """Where one class is so much likelier than all others that no line runs there, (N, N)."""
    second, first = np.sort(p, axis=0)[-2:]
    return np.asarray(first - second > 0.3)


def placed(element: Locator) -> FloatRect:
    """Where an element is in the window."""
    found = element.bounding_box()
    assert found
    return found


def test_the_plane_shows_what_the_engine_says_of_every_class(open_page: Open) -> None:
    page = open_page(LINK)
    trainer = trained(LINK, play_to(page, 30))
    p = answers(trainer)
    sure = clear(p)
    assert 0.5 < sure.mean() < 1
    assert {*p.argmax(axis=0)[sure].tolist()} == {0, 1, 2, 3}
    assert np.abs(shown(page)[sure] - mixed(p)[sure]).max() <= 6  # smoothed between pixels
    page.check("[name=discretize]")
    page.wait_for_function("() => location.hash.includes('discretize=true')")
    assert np.abs(shown(page)[sure] - CLASS_SCALES[:, 255][p.argmax(axis=0)[sure]].astype(int)).max() <= 6


def test_one_class_is_shown_alone_by_its_square(open_page: Open) -> None:
    page = open_page(LINK)
    trainer = trained(LINK, play_to(page, 30))
    p = answers(trainer)
    page.click("[data-key=unit-1-2]")
    expect(page.locator("#output-title")).to_have_text("Probability of class 3")
    expect(page.locator("#inspector .unit-panel .name")).to_have_text("Output unit of class 3")
    expect(page.locator(".legend .scale:visible")).to_have_text(["0", "", "1"])
    away = np.abs(p[2] - 0.5) > 0.4
    expected = CLASS_SCALES[2][128 + np.round(127 * p[2]).astype(int)]
    assert np.abs(shown(page) - expected)[away].max() <= 10
    assert {bool(ahead) for ahead in (p[2] > 0.5)[away].ravel()} == {True, False}
    page.locator(".fields input").last.fill("0")
    page.keyboard.press("Enter")
    page.mouse.move(*place_of(page, -0.5, -1.5))
    trainer.set_bias(1, 2, 0.0)
    expect(page.locator(".readout")).to_contain_text("decides")
    (*_, outputs), _ = trainer.probe(*_pointed(page))
    assert number(page.locator(".readout b").nth(3).inner_text()) == pytest.approx(outputs[2], rel=0.05)
    page.keyboard.press("Escape")
    expect(page.locator("#output-title")).to_have_text("Output")
    expect(page.locator(".class-list li")).to_have_text([f"Class {label}" for label in range(1, 5)])


def test_a_unit_that_the_server_does_not_know_yet_is_no_class(open_page: Open, start_server: StartServer) -> None:
    server = start_server()
    page = open_page(LINK.replace("=5&", "=&"), at=server, faults=True)
    server.end()
    expect(page.locator("#notice span")).to_contain_text("The connection is lost")
    page.click("#more-layers")
    for units in range(4, 8):
        page.click("[data-key=more-0]")
        page.hover(f"[data-key=unit-0-{units}]")
        wait_until_drawn(page)
        expect(page.locator("#output-title")).to_have_text("Output")
        expect(page.locator(".class-list")).to_be_visible()


def _pointed(page: Page) -> tuple[float, float]:
    """The place that the readout is about."""
    text = page.locator(".readout span").first.inner_text()
    x, y = text.strip("()").split(", ")
    return number(x), number(y)


def test_points_have_their_classes_colours_and_those_that_do_not_train_a_dark_edge(open_page: Open) -> None:
    link = f"{LINK.replace('blobs', 'rings')}&numSamples=100&percTrainData=40&percValidationData=30&showTestData=true"
    page = open_page(link)
    trainer = trained(link, 0)
    canvas = pixels(page, ".plane .points")
    side = canvas.shape[1] - MARGIN["left"] - MARGIN["right"]
    parts = {"disc": trainer.test_data.points, "square": trainer.validation_data.points}
    alone = _apart([*trainer.train_data.points, *parts["disc"], *parts["square"]])

    def at(point: Point, right: float = 0, down: float = 0) -> list[int]:
        column, row = (point.x + 6) / 12 * side + MARGIN["left"], (6 - point.y) / 12 * side + MARGIN["top"]
        color: list[int] = canvas[int(row + down), int(column + right), :3].tolist()
        return color

    assert all(at(point) == list(CLASSES[int(point.label)]) for point in alone)
    for name, part in parts.items():
        seen = [point for point in part if point in alone]
        assert len(seen) > 5
        edge = 3 if name == "disc" else 2.6
        assert all(max(at(point, right=edge)) < 150 for point in seen), name  # in ink
        corners = np.mean([np.mean(at(point, 2.7, 2.7)) for point in seen])
        assert (corners < 130) == (name == "square"), corners
    assert max(INK) < 50


def _apart(points: list[Point]) -> list[Point]:
    """Those with no other near them."""
    return [
        point
        for point in points
        if sum(math.hypot(point.x - other.x, point.y - other.y) < 0.4 for other in points) == 1
    ]


def test_pointing_tells_the_probabilities_the_decision_and_a_points_own_loss(open_page: Open) -> None:
    page = open_page(LINK)
    trainer = trained(LINK, play_to(page, 20))
    point = _apart(trainer.train_data.points)[0]
    page.mouse.move(*place_of(page, point.x, point.y))
    (*_, q), loss = trainer.probe(*point)
    readout = page.locator(".readout span")
    expect(readout.last).to_contain_text("loss")
    texts = readout.all_inner_texts()
    assert [text.rsplit(" ", 1)[0] for text in texts[1:5]] == ["Class 1", "Class 2", "Class 3", "Class 4"]
    assert [number(text.rsplit(" ", 1)[1]) for text in texts[1:5]] == pytest.approx(q.tolist(), rel=0.01)
    assert texts[5:7] == [f"decides class {q.argmax() + 1}", f"label class {int(point.label) + 1}"]
    assert loss == pytest.approx(-math.log(q[int(point.label)]))
    assert number(texts[7].split()[1]) == pytest.approx(loss, abs=0.0005)  # three decimals
    way = page.locator(".point-panel .way b")
    expect(way.nth(2)).to_contain_text(f"→ class {q.argmax() + 1}")
    expect(way.last).to_contain_text(f"class {int(point.label) + 1}, its own loss")


def test_without_hidden_layers_each_class_has_its_line(open_page: Open) -> None:
    link = "problem=multiclass&networkShape=&normalize=true&seed=0.5&learningRate=0.1"
    page = open_page(link)
    trainer = trained(link, play_to(page, 20))
    canvas = pixels(page, ".plane .map").reshape(-1, 4)[:, :3]
    for color in CLASS_SCALES[:3, 255]:
        assert (canvas == color).all(axis=1).sum() > 200  # the line, and ground where the class is certain
    page.click("[data-key=unit-0-1]")
    (w1, w2, b), (mean, sigma) = trainer.network.theta[3:6], trainer.scaling
    slopes = np.array([w1, w2]) / sigma
    distance = abs(b - slopes @ mean) / np.hypot(*slopes)
    expect(page.locator(".unit-panel .facts")).to_contain_text("from the origin")
    found = page.inner_text(".unit-panel .facts")
    assert number(found.split()[3]) == pytest.approx(distance, rel=0.01)
    assert numbers(found.split("(")[1].split(")")[0].replace(",", "")) == pytest.approx(slopes.tolist(), rel=0.01)
    page.mouse.move(*place_of(page, 1, 1))
    expect(page.locator(".unit-panel .formula")).to_contain_text("q2 = ez2 / ∑j")


def test_where_the_axes_have_different_units_a_line_has_no_distance(open_page: Open) -> None:
    link = "dataset=scales&normalize=true&networkShape=2&seed=0.5&learningRate=0.1"
    page = open_page(link)
    trainer = trained(link, play_to(page, 20))
    page.click("[data-key=unit-0-0]")
    weights, (mean, sigma) = trainer.network.theta[:3], trainer.scaling
    slopes = weights[:2] / sigma
    x1, x2 = -(weights[2] - slopes @ mean) / slopes
    expect(page.locator(".unit-panel .facts")).to_contain_text("no distance")
    found = re.search(r"the x1 axis at (\S+) and the x2 axis at (\S+)\. ", page.inner_text(".unit-panel .facts"))
    assert found
    assert [number(value) for value in found.groups()] == pytest.approx([x1, x2], rel=0.01)
    page.locator(".plane").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".readout span").first).to_have_text("(0.0000, 25.0)")  # a 48th of each axis


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_six_classes_and_three_layers_of_eight_fit(open_page: Open, width: int, height: int) -> None:
    link = "problem=multiclass&classDataset=arms&classes=6&networkShape=8,8,8&seed=0.5"
    page = open_page(link, width=width, height=height, color_scheme="dark")
    scroll = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert scroll[0] <= width
    if width > 1000:
        assert scroll[1] <= height
    stage, squares = placed(page.locator("#network .scroller")), page.locator("[data-key^=unit-3]").all()
    names = page.locator(".class-name")
    expect(names).to_have_text([f"Class {label}" for label in range(1, 7)])
    boxes = [(placed(square), placed(name)) for square, name in zip(squares, names.all(), strict=True)]
    assert all(square["x"] + square["width"] < name["x"] for square, name in boxes)
    assert all(upper["y"] + upper["height"] < lower["y"] for (upper, _), (lower, _) in pairwise(boxes))
    assert stage["y"] < boxes[0][0]["y"] < boxes[-1][0]["y"] + boxes[-1][0]["height"] < stage["y"] + stage["height"]
    assert all(name["x"] + name["width"] <= stage["x"] + stage["width"] for _, name in boxes)
    assert len({round(placed(item)["y"]) for item in page.locator(".class-list li").all()}) == 1
    expect(squares[5]).to_have_attribute("aria-label", "Output unit of class 6: show it large")


def test_how_many_classes_there_are_is_chosen_where_the_data_leave_it_open(open_page: Open) -> None:
    page = open_page("dataset=circle&seed=0.5")
    count = page.locator("#class-count")
    expect(count).to_be_hidden()
    page.select_option("#knob-problem", "multiclass")
    expect(page.locator("[data-key^=unit-2]")).to_have_count(3)
    expect(count).to_be_visible()
    page.fill("#classes-number", "5")
    page.keyboard.press("Tab")
    expect(page.locator("[data-key^=unit-2]")).to_have_count(5)
    page.check("[name=classDataset][value=quadrants]")
    expect(page.locator("[data-key^=unit-2]")).to_have_count(4)
    expect(count).to_be_hidden()


def test_own_points_are_drawn_with_a_brush_for_each_class(open_page: Open) -> None:
    page = open_page("problem=multiclass&classDataset=quadrants&networkShape=2&seed=0.5")
    surface = draw(page, "point")
    classes = page.locator(".classes button")
    expect(classes).to_have_count(4)
    for label, (x, y) in enumerate([(2, 1), (-2, 1), (-2, -1), (2, -1)]):
        classes.nth(label).click()
        expect(classes.nth(label)).to_have_attribute("aria-label", f"Class {label + 1}, 0 points")
        click(surface, x, y)
    wait_for_points(page, 4)
    assert all(near(point, *place, label) for point, (place, label) in zip(points(page), DRAWN, strict=True))
    assert "classDataset=class-own" in page.url
    assert "classes=4" in page.url
    page.click("[data-do=done]")
    with page.expect_download() as saved:
        page.click("#download")
    table = saved.value.path().read_text().splitlines()
    assert saved.value.suggested_filename == "class-own.csv"
    assert sorted(line.split(",")[2] for line in table[1:]) == ["0", "1", "2", "3"]


DRAWN = [((2, 1), 0), ((-2, 1), 1), ((-2, -1), 2), ((2, -1), 3)]


def test_imported_names_become_as_many_classes(open_page: Open) -> None:
    page = open_page("problem=multiclass&networkShape=2&seed=0.5")
    page.click("#import-open")
    rows = [f"{x},{y},{name}" for x, name in enumerate(["ant", "bee", "cow", "dog", "elk"]) for y in (-1, 1)]
    page.fill("#import textarea", "\n".join(rows))
    expect(page.locator(".preview-legend li")).to_have_text(["ant", "bee", "cow", "dog", "elk"])
    page.click("#import [type=submit]")
    expect(page.locator("[data-key^=unit-1]")).to_have_count(5)
    wait_for_points(page, 10)
    config: Any = parse_link(page.url.partition("#")[2]).config
    assert (config.data_name, config.class_count) == ("class-own", 5)
    assert sorted(point.label for point in points(page)) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]

"""Data of one's own: imported, downloaded, carried by the link."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.data.datasets import Point
from engine.data.points import decode, encode
from tests.drawing import counts, drag, draw, in_module, points, wait_for_any_points, wait_for_points

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "points.json").read_text())
CSV = "x,y,label\n1,2,1\n-3,4,-1\n0.5,-2.5,1\n"
DROP = """([text, name, type]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
  document.querySelector('#network').dispatchEvent(event);
  return event.defaultPrevented;
}"""


def test_the_page_writes_and_reads_points_as_the_engine_does(loaded: Page) -> None:
    both = "({ encode, decode }, pairs) => pairs.map(({ text, points }) => [encode(points), decode(text)])"
    assert in_module(loaded, "owndata/points", both, GOLDEN) == [[pair["text"], pair["points"]] for pair in GOLDEN]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2,1\n3,4,-1", True),
        ("x1;x2;class\n1,5;2;cat\n3;4,25;dog\n", True),
        ("-1.5\t2e-1\t0\r\n3\t.4\t1", True),
        ('[{"x": 1, "y": 2, "label": 1}]', True),
        ('{"points": [[1, 2, 1]]}', True),
        ('{"format": "neural-playground", "points": 3}', False),
        ("networkShape=4,2&seed=1", False),
        ("Two lines of words,\nand numbers like 4, 5, 6 among them.", False),
        ("0.03", False),
    ],
)
def test_rows_of_numbers_look_like_points(loaded: Page, text: str, expected: bool) -> None:
    assert in_module(loaded, "owndata/points", "({ looksLikePoints }, text) => looksLikePoints(text)", text) is expected


def test_points_are_imported_from_what_is_typed(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click("#import-open")
    page.locator("#import textarea").press_sequentially(CSV)
    expect(page.locator("#import caption")).to_have_text("The first 3 rows; 3 points")
    page.click("#import [type=submit]")
    wait_for_points(page, 3)
    assert points(page) == [Point(1, 2, 1), Point(-3, 4, -1), Point(0.5, -2.5, 1)]
    expect(page.locator("#import")).to_be_hidden()
    expect(page.locator("#notice span")).to_contain_text("3 points imported.")
    assert page.inner_text("#epoch") == "000,000"  # no letter reached the page's keys


def choose(page: Page, content: bytes, name: str = "mine.csv") -> None:
    """Choose a file in the dialog."""
    page.click("#import-open")
    page.set_input_files("#import [type=file]", {"name": name, "mimeType": "text/csv", "buffer": content})


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (960, 800), (390, 844)])
def test_a_file_is_previewed_before_it_is_imported(open_page: Open, keep: Keep, width: int, height: int) -> None:
    page = open_page("seed=1", width=width, height=height)
    choose(page, ("id;height;weight;sex\n" + "1;183,5;81;m\n2;164;58;f\n" * 20 + "3;;70;m\n").encode())
    expect(page.locator("#import caption")).to_have_text("The first 8 rows; 40 points")
    menus = page.locator("#import th select")
    assert [menus.nth(place).input_value() for place in range(menus.count())] == ["", "x1", "x2", "label"]
    expect(page.locator("#import th span")).to_have_text(["id", "height", "weight", "sex"])
    expect(page.locator(".preview-legend li")).to_have_text(["f", "m"])
    expect(page.locator(".preview-notes li")).to_have_text(["1 row left out: height missing."])
    assert page.locator(".preview-problem select").input_value() == "classification"
    assert page.evaluate("document.querySelector('#import').scrollWidth <= innerWidth")
    keep(page, f"owndata-preview-{width}")
    page.click("#import [type=submit]")
    wait_for_points(page, 40)
    expect(page.locator("#notes li")).to_have_text(["1 row left out: height missing."])


def test_menus_change_what_columns_and_the_problem_are(open_page: Open) -> None:
    page = open_page("seed=1")
    choose(page, b"a,b,c,kind\n1,-4,5,u\n2,4,-5,v\n3,1,1,u\n")
    page.select_option("#import th:nth-child(3) select", "x1")
    expect(page.locator("#import th:nth-child(1) select")).to_have_value("")
    expect(page.locator(".preview-legend li")).to_have_count(2)
    page.select_option("#import th:nth-child(1) select", "label")
    page.select_option(".preview-problem select", "regression")
    expect(page.locator(".preview-legend li")).to_have_count(0)
    page.click("#import [type=submit]")
    wait_for_points(page, 3)
    assert [point[:2] for point in points(page)] == [(5, -4), (-5, 4), (1, 1)]
    assert "problem=regression" in page.url


def test_a_choice_that_cannot_be_keeps_the_menus(open_page: Open) -> None:
    page = open_page("seed=1", faults=True)
    choose(page, b"a,b,kind\n1,-4,u\n2,4,v\n")
    page.select_option("#import th:nth-child(3) select", "x1")
    expect(page.locator(".import-errors")).to_contain_text(
        "columns: expected a column of numbers for x1 and a column of"
    )
    expect(page.locator("#import [type=submit]")).to_be_disabled()
    page.select_option("#import th:nth-child(1) select", "x1")
    page.select_option("#import th:nth-child(3) select", "label")
    expect(page.locator(".import-errors")).to_be_empty()
    expect(page.locator("#import [type=submit]")).to_be_enabled()


def test_a_file_of_numpy_is_imported(open_page: Open) -> None:
    page = open_page("seed=1")
    file = io.BytesIO()
    np.savez(file, X=np.array([[1.5, 2], [2, -4], [-5, 4]]), y=np.array([0, 1, 2]))
    choose(page, file.getvalue(), "mine.npz")
    page.click("#import [type=submit]")
    wait_for_points(page, 3)
    assert "problem=multiclass" in page.url


def test_a_silent_server_loses_nothing(open_page: Open) -> None:
    page = open_page("seed=1", faults=True)
    page.route("**/api/v1/points*", lambda route: route.abort())
    page.click("#import-open")
    page.fill("#import textarea", CSV)
    expect(page.locator(".import-errors")).to_contain_text("The server did not answer.")
    page.click("#import [data-do=cancel]")
    page.click("#import-open")
    expect(page.locator("#import textarea")).to_have_value(CSV)


def test_points_beyond_the_plane_are_fitted_to_it_and_it_is_said_how(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click("#step")  # a run that is lost has a sentence of its own, which shall not replace this one
    expect(page.locator("#epoch")).to_have_text("000,001")
    page.click("#import-open")
    page.fill("#import textarea", "x,y,label\n0,100,1\n1000,300,-1\n")
    page.click("#import [type=submit]")
    wait_for_points(page, 2)
    assert points(page) == [Point(-5, -5, 1), Point(5, 5, -1)]
    expect(page.locator("#notice span")).to_contain_text("2 points imported. x1 = 0.01 x − 5, x2 = 0.05 y − 10.")


def test_a_file_dropped_anywhere_opens_the_dialog(open_page: Open) -> None:
    page = open_page("seed=1")
    assert page.evaluate(DROP, [CSV, "mine.csv", "dragover"])
    expect(page.locator("#drop-hint")).to_be_visible()
    assert page.evaluate(DROP, [CSV, "mine.csv", "drop"])
    expect(page.locator("#drop-hint")).to_be_hidden()
    expect(page.locator("#import [type=submit]")).to_be_focused()
    page.keyboard.press("Enter")
    wait_for_points(page, 3)


def test_a_page_that_hides_the_data_offers_no_import_to_a_dragged_file(open_page: Open) -> None:
    page = open_page("seed=1&dataset_hide=true")
    assert page.evaluate(DROP, [CSV, "mine.csv", "dragover"])
    expect(page.locator("#drop-hint")).to_be_hidden()
    assert page.evaluate(DROP, [CSV, "mine.csv", "drop"])
    expect(page.locator("#import")).to_be_hidden()
    expect(page.locator("#notice span")).to_contain_text("no other points can be brought in")


def test_a_dropped_file_that_is_no_text_is_refused(open_page: Open) -> None:
    page = open_page("seed=1", faults=True)
    page.evaluate(DROP, ["\0\1\2", "photo.png", "drop"])
    expected = "file: expected a table (text, JSON, .xlsx, .npy, .npz), got other binary data."
    expect(page.locator(".import-errors")).to_have_text(expected)


def test_a_dropped_run_is_handed_on(open_page: Open) -> None:
    page = open_page("seed=1")
    ask = """async ({ Importer }) => {
      const opened = [];
      const dialog = document.querySelector('#import'), hint = document.querySelector('#drop-hint');
      const importer = new Importer(dialog, hint, { open: (file) => opened.push(file) });
      await importer.read(new File(['{"format": "neural-playground", "epoch": 3}'], 'run.json'));
      return [opened, dialog.open];
    }"""
    assert in_module(page, "owndata/importer", ask) == [[{"format": "neural-playground", "epoch": 3}], False]


def test_pasted_rows_open_the_dialog(open_page: Open) -> None:
    page = open_page("seed=1")
    paste = """text => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', text);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    }"""
    page.evaluate(paste, CSV)
    expect(page.locator("#import textarea")).to_have_value(CSV)


def test_the_dialog_fills_a_phone(open_page: Open) -> None:
    page = open_page("seed=1", width=390, height=844, has_touch=True, is_mobile=True)
    page.locator("#import-open").tap()
    box = page.locator("#import").bounding_box()
    assert box
    assert (box["x"], box["width"], box["height"]) == (0, 390, 844)


def test_downloaded_points_can_be_imported_again(open_page: Open) -> None:
    page = open_page("dataset=gauss&seed=1")
    with page.expect_download() as download:
        page.click("#download")
    assert download.value.suggested_filename == "gauss.csv"
    text = Path(download.value.path()).read_text()
    assert text.startswith("x,y,label\n")
    page.click("#import-open")
    page.fill("#import textarea", text)
    page.click("#import [type=submit]")
    wait_for_points(page, 500)
    rows = [Point(*map(float, row.split(","))) for row in text.splitlines()[1:]]
    assert points(page) == decode(encode(rows))


def test_a_link_with_300_points_is_not_too_long_to_share(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click("#import-open")
    page.fill("#import textarea", "\n".join(f"{n / 100},{-n / 100},{(-1) ** n}" for n in range(300)))
    page.click("#import [type=submit]")
    wait_for_points(page, 300)
    assert len(page.url) < 4000


def test_the_link_carries_the_points(open_page: Open) -> None:
    page = open_page("seed=1")
    drag(draw(page, "spray"), (-2, 0), (2, 1))
    wait_for_any_points(page)
    again = open_page(page.url.partition("#")[2])
    assert points(again) == points(page)
    draw(again)
    assert counts(again) == counts(page)


def test_the_data_column_holds_all_of_it(open_page: Open, keep: Keep) -> None:
    page = open_page("seed=1", color_scheme="dark")
    column = page.locator("#data").bounding_box()
    assert column
    controls = page.locator("#data :is(button:not(.about), input, .thumbnail)").filter(visible=True)
    boxes = controls.evaluate_all("all => all.map(e => e.getBoundingClientRect().toJSON())")
    assert len(boxes) > 8
    for box in boxes:
        assert column["x"] <= box["x"]
        assert box["x"] + box["width"] <= column["x"] + 148
        assert box["y"] + box["height"] <= column["y"] + 510
    drag(draw(page, "spray"), (-3, 2), (3, 2))
    page.click("[data-value='-1']")
    drag(page.locator(".sketch canvas"), (-3, -2), (3, -2))
    wait_for_any_points(page)
    keep(page, "owndata-dark")

"""Data of one's own: imported, downloaded, carried by the link."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

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
    page.click("#import [type=submit]")
    wait_for_points(page, 3)
    assert points(page) == [Point(1, 2, 1), Point(-3, 4, -1), Point(0.5, -2.5, 1)]
    expect(page.locator("#import")).to_be_hidden()
    expect(page.locator("#notice span")).to_contain_text("3 points imported.")
    assert page.inner_text("#epoch") == "000,000"  # no letter reached the page's keys


def test_points_are_imported_from_a_file(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click("#import-open")
    page.set_input_files(
        "#import [type=file]",
        {"name": "mine.json", "mimeType": "application/json", "buffer": b"[[1, 2, 1], [3, 4, -1]]"},
    )
    expect(page.locator("#import textarea")).to_have_value("[[1, 2, 1], [3, 4, -1]]")
    page.click("#import [type=submit]")
    wait_for_points(page, 2)


def test_a_bad_line_is_named_and_selected_and_nothing_is_lost(open_page: Open, keep: Keep) -> None:
    page = open_page("seed=1", faults=True)
    text = CSV + "1,two,1\n" + CSV.partition("\n")[2]
    page.click("#import-open")
    page.fill("#import textarea", text)
    page.click("#import [type=submit]")
    expect(page.locator(".import-errors li")).to_have_count(1)
    expect(page.locator(".import-errors li")).to_contain_text("line 5: y: expected a finite number, got 'two'.")
    field = page.locator("#import textarea")
    selected = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert field.evaluate(selected) == "1,two,1"
    expect(field).to_have_value(text)
    keep(page, "owndata-import-error")
    page.keyboard.type("1,2,1")
    page.click("#import [type=submit]")
    wait_for_points(page, 7)


def test_a_silent_server_loses_nothing(open_page: Open) -> None:
    page = open_page("seed=1", faults=True)
    page.route("**/api/v1/points*", lambda route: route.abort())
    page.click("#import-open")
    page.fill("#import textarea", CSV)
    page.click("#import [type=submit]")
    expect(page.locator(".import-errors")).to_contain_text("The server did not answer.")
    page.click("#import [data-do=cancel]")
    page.click("#import-open")
    expect(page.locator("#import textarea")).to_have_value(CSV)


def test_rescaling_fits_points_to_the_plane_and_says_how(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click("#step")  # a run that is lost has a sentence of its own, which shall not replace this one
    expect(page.locator("#epoch")).to_have_text("000,001")
    page.click("#import-open")
    page.fill("#import textarea", "x,y,label\n0,100,1\n1000,300,-1\n")
    page.check("#import [type=checkbox]")
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
    expect(page.locator("#import textarea")).to_have_value(CSV)
    page.keyboard.press("Enter")
    wait_for_points(page, 3)


def test_a_dropped_file_that_is_no_text_is_refused(open_page: Open) -> None:
    page = open_page("seed=1")
    page.evaluate(DROP, ["\0\1\2", "photo.png", "drop"])
    expected = "photo.png: expected a text file of points (CSV or JSON), got something else."
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
    controls = page.locator("#data :is(button, input, .thumbnail)").filter(visible=True)
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

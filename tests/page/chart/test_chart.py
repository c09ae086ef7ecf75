"""The loss chart: what pointers, fingers and keys do on it, and its picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from tests.page.charts import LOAD, Chart, box_of, flat, rows_until
from tests.person import wait_until_drawn

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
SPIRAL = "dataset=spiral&networkShape=8,8,8&seed=0.68609&xTimesY=true&xSquared=true&ySquared=true&sinX=true&sinY=true"


@pytest.fixture
def page(loaded: Page) -> Iterator[Page]:
    """A page for charts that each stand in the place of the one before."""
    errors: list[str] = []

    def fail(error: Error) -> None:
        errors.append(str(error))

    loaded.set_viewport_size({"width": 1280, "height": 800})
    loaded.on("pageerror", fail)
    yield loaded
    loaded.remove_listener("pageerror", fail)
    loaded.mouse.move(0, 0)
    assert errors == []


# --- reading out ------------------------------------------------------------------------------------------------------


def test_the_pointer_reads_out_the_nearest_epoch(page: Page) -> None:
    chart = Chart(page, [row for row in rows_until(200) if row[0] % 40 == 0])
    chart.point(75)
    expect(chart.values).to_have_text(["80", "0.111", "0.056", "0.028 to 0.167"])
    assert "".join(chart.card.inner_text().split()) == "epoch80test0.111train0.056batches0.028to0.167"
    red, green, blue, _ = chart.pixel(80, 1 / 9)
    assert max(red, green, blue) < 60, "a dot on the line of the test loss"
    chart.point(115)
    expect(chart.values.first).to_have_text("120")
    chart.page.mouse.move(600, 300)
    expect(chart.card).to_be_hidden()


def test_the_card_stays_on_the_canvas_at_both_ends(open_page: Open) -> None:
    chart = Chart(open_page(width=360, height=800), rows_until(200))
    chart.plot.scroll_into_view_if_needed()
    plot = box_of(chart.plot)
    for epoch in (0, 100, 200):
        chart.point(epoch)
        expect(chart.values.first).to_have_text(str(epoch))
        card = box_of(chart.card)
        assert plot["x"] <= card["x"]
        assert card["x"] + card["width"] <= plot["x"] + plot["width"]
        assert plot["y"] <= card["y"]
        assert card["y"] + card["height"] <= plot["y"] + plot["height"]


def test_keys_move_the_read_out_from_epoch_to_epoch_and_tell_it(page: Page) -> None:
    chart = Chart(page, rows_until(200))
    chart.plot.focus()
    page.keyboard.press("ArrowRight")
    expect(chart.values.first).to_have_text("200")
    page.keyboard.press("ArrowLeft")
    expect(chart.values).to_have_text(["199", "0.048", "0.024", "0.012 to 0.072"])
    expect(chart.spoken).to_have_text("Epoch 199: test 0.048, train 0.024, batches 0.012 to 0.072")
    for key, epoch in (("Home", 0), ("ArrowLeft", 0), ("ArrowRight", 1), ("PageUp", 11), ("PageDown", 1), ("End", 200)):
        page.keyboard.press(key)
        expect(chart.values.first).to_have_text(str(epoch))
    page.keyboard.press("Escape")
    expect(chart.card).to_be_hidden()
    assert page.inner_text("#epoch").strip("0,") == "", "the page's own keys have done nothing"


def test_the_read_out_of_keys_goes_with_the_focus(page: Page) -> None:
    chart = Chart(page, rows_until(200))
    chart.plot.focus()
    page.keyboard.press("Home")
    expect(chart.card).to_be_visible()
    page.keyboard.press("Tab")
    expect(chart.card).to_be_hidden()


def test_training_goes_on_unspoken_while_an_epoch_is_read(page: Page) -> None:
    chart = Chart(page, rows_until(20))
    chart.plot.focus()
    page.keyboard.press("End")
    expect(chart.values.first).to_have_text("20")
    page.evaluate("""() => {
      window.told = 0;
      const spoken = document.querySelector('#chart [aria-live]');
      new MutationObserver(() => { window.told += 1 }).observe(spoken, { childList: true, characterData: true });
    }""")
    chart.add(rows_until(200))
    expect(chart.values.first).to_have_text("20")
    assert page.evaluate("window.told") == 0
    page.keyboard.press("ArrowRight")
    expect(chart.values.first).to_have_text("21")
    assert page.evaluate("window.told") == 1


# --- zooming ----------------------------------------------------------------------------------------------------------


def test_the_wheel_zooms_about_the_pointer_and_a_double_click_goes_back(page: Page) -> None:
    chart = Chart(page, rows_until(1_000))
    before = chart.picture
    expect(chart.all).to_be_hidden()
    chart.point(250)
    page.mouse.wheel(0, -400)
    expect(chart.all).to_be_visible()
    start, end = chart.epochs
    assert end - start == pytest.approx(1_000 * 2.718281828**-0.8)
    assert (250 - start) / (end - start) == pytest.approx(0.25, abs=0.01)
    expect(chart.values.first).to_have_text(re.compile("^(249|250|251)$"))
    page.mouse.dblclick(*chart.place(300))
    expect(chart.all).to_be_hidden()
    assert chart.epochs == [0, 1_000]
    page.mouse.move(600, 300)
    expect(chart.card).to_be_hidden()
    assert chart.picture == before


def test_a_sideways_wheel_moves_along(page: Page) -> None:
    chart = Chart(page, rows_until(1_000))
    chart.drag(200, 400)
    expect(chart.all).to_be_visible()
    start, end = chart.epochs
    chart.point(300)
    page.mouse.wheel(100, 0)
    page.wait_for_function("(start) => window.chart.zoom.epochs[0] > start", arg=start)
    assert chart.epochs[1] - chart.epochs[0] == pytest.approx(end - start)


def test_a_drag_selects_the_epochs_to_zoom_to(page: Page) -> None:
    chart = Chart(page, rows_until(1_000))
    chart.drag(400, 200)
    expect(chart.all).to_be_visible()
    assert chart.epochs == pytest.approx([200, 400], abs=2)
    chart.all.click()
    expect(chart.all).to_be_hidden()
    page.mouse.click(*chart.place(500))
    expect(chart.values.first).to_have_text(re.compile("^(499|500|501)$"))
    assert chart.epochs == [0, 1_000], "a click alone selects nothing"


def test_keys_zoom_when_the_chart_has_the_focus(page: Page) -> None:
    chart = Chart(page, rows_until(1_000))
    chart.plot.focus()
    page.keyboard.press("+")
    expect(chart.spoken).to_have_text("Epochs 500 to 1,000")
    page.keyboard.press("=")
    expect(chart.spoken).to_have_text("Epochs 750 to 1,000")
    page.keyboard.press("-")
    expect(chart.spoken).to_have_text("Epochs 500 to 1,000")
    page.keyboard.press("Home")
    expect(chart.values.first).to_have_text("0")
    assert chart.epochs == [0, 500], "what is read comes into view"
    page.keyboard.press("0")
    expect(chart.spoken).to_have_text("Epochs 0 to 1,000")


def test_the_button_for_all_epochs_leaves_the_focus_on_the_chart(page: Page) -> None:
    chart = Chart(page, rows_until(1_000))
    chart.drag(200, 400)
    expect(chart.all).to_be_visible()
    chart.all.press("Enter")
    expect(chart.all).to_be_hidden()
    expect(chart.plot).to_be_focused()


def test_a_zoom_to_the_newest_epoch_follows_it_and_a_new_run_ends_it(page: Page) -> None:
    chart = Chart(page, rows_until(100))
    chart.drag(60, 110)
    expect(chart.all).to_be_visible()
    assert chart.epochs == pytest.approx([60, 100], abs=1)
    chart.add(rows_until(150))
    assert chart.epochs == pytest.approx([110, 150], abs=1)
    page.evaluate(
        f"""async (rows) => {{
          const {{ History }} = await ({LOAD})('state/history'), history = new History();
          history.extend(rows);
          window.chart.draw({{ ...window.chart.scene, history }});
        }}""",
        flat(rows_until(500)),
    )
    assert chart.epochs == [0, 500]


def test_on_a_phone_the_wheel_scrolls_the_page_and_zooms_only_with_control(open_page: Open) -> None:
    page = open_page(width=390, height=844)
    chart = Chart(page, rows_until(1_000))
    chart.plot.scroll_into_view_if_needed()
    page.evaluate("() => scrollBy(0, -40)")
    before = page.evaluate("scrollY")
    chart.point(500)
    page.mouse.wheel(0, -200)
    page.wait_for_function("(before) => scrollY < before", arg=before)
    assert chart.epochs == [0, 1_000]
    chart.plot.scroll_into_view_if_needed()
    chart.point(500)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -50)
    page.keyboard.up("Control")
    expect(chart.all).to_be_visible()


def test_fingers_read_by_dragging_and_zoom_by_pinching(open_page: Open) -> None:
    page = open_page(width=390, height=844, has_touch=True, is_mobile=True)
    chart = Chart(page, rows_until(1_000))
    chart.plot.scroll_into_view_if_needed()
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *epochs: float) -> None:
        points = [dict(zip("xy", chart.place(epoch), strict=True), id=i) for i, epoch in enumerate(epochs)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 200)
    touch("touchMove", 400)
    touch("touchMove", 600)
    expect(chart.values.first).to_have_text(re.compile(r"^(59[5-9]|60[0-5])$"))
    touch("touchEnd")
    wait_until_drawn(page)
    expect(chart.card).to_be_visible()  # so that it can be read without a finger over it
    touch("touchStart", 400, 600)
    touch("touchMove", 300, 700)
    expect(chart.all).to_be_visible()
    start, end = chart.epochs
    assert end - start == pytest.approx(500, abs=20)
    assert (start + end) / 2 == pytest.approx(500, abs=20)
    touch("touchEnd")
    for button in (chart.all, chart.log):
        box = box_of(button)
        assert min(box["width"], box["height"]) >= 44


VALIDATED = {"validation": lambda epoch: 0.9 - epoch / 200 if epoch <= 60 else 0.6 + (epoch - 60) / 200}
"""Falls to 0.6 at epoch 60, and rises again."""


def test_the_validation_loss_is_read_out_dashed_and_its_lowest_ringed(open_page: Open) -> None:
    rows = rows_until(100, train=lambda _: 0.1, test=lambda _: 0.2, low=lambda _: 0.1, high=lambda _: 0.1, **VALIDATED)
    page = open_page(device_scale_factor=2)
    chart = Chart(page, rows, lines=[1, 5, 2], patient=True)
    along = [chart.pixel(quarter / 4, 0.9 - quarter / 800) for quarter in range(80, 160)]
    violet = [min(red, blue) > green + 30 for red, green, blue, _ in along]
    assert 30 < sum(violet) < 70, "dashes, with gaps between them, in a hue of neither sign"
    ringed = chart.picture
    page.evaluate("() => { window.chart.scene.patient = false; window.chart.paint() }")
    assert chart.picture != ringed
    chart.point(80)
    expect(chart.names).to_have_text(["epoch", "test", "validation", "train", "batches"])
    expect(chart.values).to_have_text(["80", "0.200", "0.700", "0.100", "0.100 to 0.100"])
    chart.plot.focus()
    page.keyboard.press("Home")
    expect(chart.spoken).to_have_text("Epoch 0: test 0.200, validation 0.900, train 0.100, batches 0.100 to 0.100")


def test_the_learning_rate_has_a_scale_of_its_own(open_page: Open) -> None:
    losses = {name: lambda _: 0.0 for name in ("train", "test", "low", "high")}
    rows = rows_until(100, rate=lambda epoch: 8.0 if epoch < 50 else 4.0, **losses)
    page = open_page(device_scale_factor=2)
    chart = Chart(page, rows, rated=True)
    halfway = """() => {
      const { box: { left, top, w, h }, canvas } = window.chart, density = canvas.width / canvas.clientWidth;
      const at = [left + 0.6 * w, top + h / 2 - 1, 0.3 * w, 2].map((place) => Math.round(place * density));
      const { data } = canvas.getContext('2d').getImageData(...at);
      return data.some((red, i) => i % 4 === 0 && data[i + 3] > 100 && red > data[i + 2] + 40); // and blue is little
    }"""
    assert page.evaluate(halfway), "half of the largest rate stands at half the height"
    chart.point(80)
    expect(chart.names).to_have_text(["epoch", "test", "train", "batches", "rate"])
    expect(chart.values.last).to_have_text("4.00")
    page.evaluate("() => { window.chart.scene.rated = false; window.chart.paint() }")
    assert not page.evaluate(halfway)


def test_what_is_not_drawn_has_no_part_in_the_axis_nor_in_what_is_read(page: Page) -> None:
    plain = Chart(page, rows_until(100), lines=[1]).picture
    covered = Chart(page, rows_until(100, test=lambda _: 9.0), lines=[1])
    assert covered.picture == plain
    covered.point(50)
    expect(covered.names).to_have_text(["epoch", "train", "batches"])


# --- the picture ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_logarithmic_scale_moves_the_lines(open_page: Open, scheme: str) -> None:
    constant = rows_until(
        100, train=lambda _: 0.001, test=lambda _: 0.1, low=lambda _: 0.001, high=lambda epoch: 0.11 * (epoch == 5)
    )
    chart = Chart(open_page(color_scheme=scheme, device_scale_factor=2), constant)
    linear, line, bare = chart.picture, chart.pixel(50, 0.1), chart.pixel(50, 0.04)
    assert line[3] == 255
    assert bare != line
    chart.log.click()
    expect(chart.log).to_have_attribute("aria-pressed", "true")
    assert chart.picture != linear
    assert chart.pixel(50, 0.1) == line
    assert chart.pixel(50, 0.001)[3] > 100
    chart.log.click()
    expect(chart.log).to_have_attribute("aria-pressed", "false")
    assert chart.picture == linear


def test_the_spike_of_one_epoch_among_thousands_is_seen(page: Page) -> None:
    rows = rows_until(
        3_900, train=lambda _: 0.1, test=lambda e: 0.5 if e == 1234 else 0.1, low=lambda _: 0.1, high=lambda _: 0.1
    )
    chart = Chart(page, rows)
    assert chart.pixel(1234, 0.3)[3] > 100
    assert chart.pixel(1100, 0.3)[3] == 0


def test_a_browser_that_keeps_nothing_still_has_the_logarithmic_scale(open_page: Open) -> None:
    page = open_page()
    page.evaluate("() => { Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error('no') } }")
    chart = Chart(page, rows_until(100))
    chart.log.click()
    expect(chart.log).to_have_attribute("aria-pressed", "true")


# --- on the page ------------------------------------------------------------------------------------------------------


def trained(open_page: Open, **options: Any) -> Page:
    """A page whose network has trained for some hundred epochs."""
    page = open_page(SPIRAL, **options)
    page.select_option("#speed", "5")
    page.click("#play")
    page.wait_for_function("() => document.querySelector('#epoch').textContent > '000,300'")
    page.click("#play")
    page.wait_for_function("() => document.title.startsWith('0.')")
    return page


def test_the_empty_chart_says_what_will_be_there(open_page: Open, keep: Keep) -> None:
    page = open_page(SPIRAL)
    sentence = page.get_by_text("The loss of each whole epoch appears here.")
    expect(sentence).to_be_visible()
    keep(page, "chart-empty")
    page.click("#step")
    expect(sentence).to_be_hidden()


def test_the_losses_of_a_run_are_drawn_read_and_zoomed(open_page: Open, keep: Keep) -> None:
    page = trained(open_page)
    keep(page, "chart-linear")
    plot, values = page.locator(".chart-plot"), page.locator(".chart-card b")
    plot.focus()
    page.keyboard.press("End")
    expect(values.first).to_have_text(page.inner_text("#epoch").replace(",", "").lstrip("0"))
    assert values.all_inner_texts()[1:3] == [page.inner_text("#test-loss"), page.inner_text("#train-loss")]
    page.keyboard.press("Escape")
    page.click(".chart-log")
    expect(page.locator(".chart-log")).to_have_attribute("aria-pressed", "true")
    keep(page, "chart-log")
    box = box_of(plot)
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    expect(page.locator(".chart-card")).to_be_visible()
    keep(page, "chart-readout")
    page.click(".chart-log")
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -500)
    expect(page.locator(".chart-all")).to_be_visible()
    keep(page, "chart-zoomed")


def test_the_choice_of_the_scale_outlives_a_reload(open_page: Open) -> None:
    page = open_page()
    log = page.locator(".chart-log")
    expect(log).to_have_attribute("aria-pressed", "false")
    log.click()
    page.reload()
    expect(log).to_have_attribute("aria-pressed", "true")
    log.click()
    page.reload()
    page.wait_for_function("() => document.querySelector('#test-loss').textContent !== '–'")
    expect(log).to_have_attribute("aria-pressed", "false")


def test_a_phone_shows_the_chart_at_its_full_width(open_page: Open, keep: Keep) -> None:
    page = trained(open_page, width=360, height=780, has_touch=True, is_mobile=True, device_scale_factor=2)
    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    box = box_of(page.locator(".chart-plot"))
    assert box["width"] == 360 - 2 * 16
    page.touchscreen.tap(box["x"] + 150, box["y"] + 60)
    expect(page.locator(".chart-card")).to_be_visible()
    keep(page, "chart-phone")


def test_nothing_on_the_chart_moves_while_it_trains(open_page: Open) -> None:
    page = open_page(SPIRAL)
    places = """() => [...document.querySelectorAll('#chart, #chart h2, .chart-plot, #chart canvas, .chart-log')]
      .map((e) => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height] })"""
    before = page.evaluate(places)
    page.click("#play")
    page.wait_for_function("() => document.querySelector('#epoch').textContent > '000,030'")
    assert page.evaluate(places) == before

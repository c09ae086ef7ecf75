"""How the page stands on screens of several sizes, in both themes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.drawing import in_module

Open = Callable[..., Page]
SPIRAL = "dataset=spiral&networkShape=8,8,8&seed=0.68609&xTimesY=true&xSquared=true&ySquared=true&sinX=true&sinY=true"
OVERLAPS = """() => {
  const parts = 'button, select, input.number, .titled, .knob > span, h1, h2, dd, dt';
  const boxes = [...document.querySelectorAll(parts)]
    .filter(e => e.checkVisibility() && !e.closest('#notice, .card'))
    .map(e => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width && b.height);
  const found = [];
  boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
    if (a.contains(b) || b.contains(a)) return;
    const w = Math.min(p.right, q.right) - Math.max(p.left, q.left);
    const h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
    if (w > 1 && h > 1) found.push(`${a.outerHTML.slice(0, 80)} over ${b.outerHTML.slice(0, 80)}`);
  }));
  return found;
}"""


def middle(page: Page, selector: str) -> float:
    """The height at which something stands."""
    box = page.locator(selector).bounding_box()
    assert box
    return box["y"] + box["height"] / 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_a_desktop_screen_shows_everything_without_scrolling(
    open_page: Open, keep: Callable[[Page, str], None], width: int, height: int, scheme: str
) -> None:
    page = open_page(SPIRAL, width=width, height=height, color_scheme=scheme)
    keep(page, f"{width}-{scheme}")
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [width, height]
    scroller = page.evaluate(
        "(e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight])(document.querySelector('.scroller'))"
    )
    assert scroller == [0, 0]
    assert page.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_the_page_as_one_column(open_page: Open, keep: Callable[[Page, str], None], scheme: str) -> None:
    page = open_page(SPIRAL, width=390, height=844, color_scheme=scheme, has_touch=True, is_mobile=True)
    keep(page, f"390-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    play = page.locator("#play").bounding_box()
    assert play
    assert play["width"] >= 44
    assert play["y"] + play["height"] <= 844  # the transport sticks to the bottom edge
    for one, other in (("#epoch", "#speed"), (".counter > span", "header .knob:has(#speed) > span")):
        assert abs(middle(page, one) - middle(page, other)) <= 1
    page.tap("#play")
    page.wait_for_function("() => document.querySelector('#epoch').textContent > '000,003'")


@pytest.mark.parametrize("link", [SPIRAL, "problem=multiclass", "problem=regression"])
def test_the_narrowest_phone_or_a_page_at_four_times_its_size_has_no_number_cut_off(open_page: Open, link: str) -> None:
    page = open_page(link, width=320, height=568)
    cut = """() => [...document.querySelectorAll('header *, .losses *')].filter((e) =>
      e.checkVisibility() && e.getBoundingClientRect().right > innerWidth).map((e) => e.outerHTML)"""
    assert page.evaluate(cut) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("width", [1280, 360])
def test_a_full_score_has_room_beside_the_open_settings_and_on_a_small_phone(open_page: Open, width: int) -> None:
    page = open_page("dataset=gauss&seed=1", width=width)
    if width == 1280:
        page.get_by_role("button", name="More").click()
        page.locator("#settings").wait_for()
    page.click("#play")
    for score in ("#train-score", "#test-score"):
        expect(page.locator(score)).to_have_text("100.0 %")
    wide, room = page.evaluate("(e => [e.scrollWidth, e.clientWidth])(document.querySelector('.losses'))")
    assert wide <= room


REACH = 22 + 6 + 4  # the scale beside the map, what stands on its edge, and room for that


@pytest.mark.parametrize("how", ["window", "lesson"])
def test_a_page_that_changes_its_size_is_never_seen_drawn_for_another(open_page: Open, how: str) -> None:
    page = open_page()
    page.evaluate("""() => {
      const network = document.querySelector('#network'), canvas = network.querySelector('canvas');
      window.seen = []; // after each layout, before it is painted
      const map = document.querySelector('.plane .map');
      const gap = () => canvas.getBoundingClientRect().right - map.getBoundingClientRect().left;
      new ResizeObserver(() => seen.push([network.clientWidth, Math.round(gap())])).observe(network);
    }""")
    page.wait_for_function("() => seen.length")
    if how == "lesson":
        page.click("#lessons-open")
    else:
        page.set_viewport_size({"width": 1100, "height": 800})
    page.wait_for_function("() => seen.at(-1)[0] < seen[0][0]")
    assert {gap for _, gap in page.evaluate("seen")} == {REACH}  # the network ends where the map begins


def test_numbers_that_grow_move_nothing(open_page: Open) -> None:
    page = open_page(SPIRAL)
    places = """() => [...document.querySelectorAll('header > *, #knobs > *, main h2, .losses dd, canvas')]
      .map(e => { const b = e.getBoundingClientRect(); return [b.left, b.top] })"""
    before = page.evaluate(places)
    page.select_option("#speed", "max")
    page.click("#play")
    page.wait_for_function("() => document.querySelector('#epoch').textContent > '000,400'")
    assert page.evaluate(places) == before


@pytest.mark.parametrize(("units", "problem"), [(2, "classification"), (12, "classification"), (4, "multiclass")])
def test_ten_layers_have_room_for_the_output(open_page: Open, units: int, problem: str) -> None:
    shape = ",".join([str(units)] * 10)
    page = open_page(f"networkShape={shape}&seed=1&problem={problem}&classes=6")
    cut = """() => {
      const { right } = document.querySelector('#network .scroller').getBoundingClientRect();
      const parts = [...document.querySelectorAll('.unit, .class-name')];
      return parts.filter((part) => part.getBoundingClientRect().right > right).length;
    }"""
    assert page.evaluate(cut) == 0


HEARD = """() => {
  const { matchMedia } = window;
  window.matchMedia = (query) => {
    const list = matchMedia.call(window, query);
    if (query.includes('resolution')) window.resolution = list;
    return list;
  };
}"""
"""Keeps the query of the screen's density: an emulated screen changes it, but tells nobody."""
COARSE = """density => [...document.querySelectorAll('canvas')]
  .filter((canvas) => canvas.checkVisibility() && canvas.height > 1)
  .filter((canvas) => Math.abs(canvas.width - canvas.offsetWidth * density) > 3 * density)
  .map((canvas) => canvas.outerHTML)"""


def test_everything_is_drawn_anew_for_a_screen_of_another_density(open_page: Open) -> None:
    blank = open_page(ready=False, fresh=True)
    blank.add_init_script(f"({HEARD})()")
    blank.reload()
    blank.locator("body.ready").wait_for()
    blank.click("#more")
    screen = blank.context.new_cdp_session(blank)
    blank.wait_for_function(f"() => ({COARSE})(1).length === 0")
    for density in (2, 1.5):
        sides = {"width": 1280, "height": 800, "deviceScaleFactor": density, "mobile": False}
        screen.send("Emulation.setDeviceMetricsOverride", sides)
        blank.evaluate("() => resolution.dispatchEvent(new Event('change'))")
        blank.wait_for_function(f"density => ({COARSE})(density).length === 0", arg=density)


IN_SIGHT = """() => ['.stage', '.plane', '.losses', '#chart', '.view', '#regenerate'].filter((part) => {
  const element = document.querySelector(part);
  if (!element.checkVisibility()) return false;
  const { top, left, right, bottom } = element.getBoundingClientRect();
  return top < 0 || left < 0 || right > innerWidth || bottom > innerHeight;
})"""


@pytest.mark.parametrize("size", [(1366, 657), (1024, 640), (960, 640), (960, 800), (2560, 1440)])
@pytest.mark.parametrize("link", [SPIRAL, "problem=multiclass&classes=5&seed=1&percValidationData=20"])
def test_network_output_and_loss_are_in_sight_together(open_page: Open, size: tuple[int, int], link: str) -> None:
    width, height = size
    page = open_page(link, width=width, height=height, newcomer=True)
    assert page.evaluate(IN_SIGHT) == []
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [*size]
    assert page.evaluate(OVERLAPS) == []


def test_an_article_of_720_pixels_shows_network_output_and_loss(open_page: Open) -> None:
    page = open_page(f"{SPIRAL}&compact=true", width=720, height=480, newcomer=True)
    assert page.evaluate(IN_SIGHT) == []
    assert page.evaluate(OVERLAPS) == []


def test_the_network_and_the_output_grow_with_the_room(open_page: Open) -> None:
    page = open_page(SPIRAL)
    sizes = """() => ['.unit', '.plane'].map((part) => document.querySelector(part).getBoundingClientRect().width)"""
    unit, plane = page.evaluate(sizes)
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait_for_function(
        f"([unit, plane]) => {{ const [u, p] = ({sizes})(); return u > 1.3 * unit && p > 1.4 * plane; }}",
        arg=[unit, plane],
    )


def test_a_unit_that_is_tapped_on_a_phone_is_told_of_in_sight(open_page: Open) -> None:
    page = open_page(SPIRAL, width=390, height=844, has_touch=True, is_mobile=True)
    page.tap("[data-key=unit-0-1]")
    panel = page.locator(".unit-panel .formula")
    expect(panel).to_be_in_viewport()
    box, bar = panel.bounding_box(), page.locator("header").bounding_box()
    assert box
    assert bar
    assert box["y"] + box["height"] <= bar["y"]


@pytest.mark.parametrize("width", [1280, 960, 1920])
def test_the_page_is_printed_whole_on_one_sheet(open_page: Open, width: int) -> None:
    page = open_page(SPIRAL, width=width)
    page.evaluate("""() => addEventListener('beforeprint', () => {
      const all = [...document.querySelectorAll('.stage, .plane, #chart')];
      const parts = all.map((part) => part.getBoundingClientRect());
      window.whole = parts.every(({ right, bottom }) => right <= 1280 && bottom <= 800);
    })""")
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") == 1
    assert page.evaluate("window.whole") is True
    expect(page.locator("body.printed")).to_have_count(0)


def test_a_loss_takes_at_most_six_characters(loaded: Page) -> None:
    losses = [0, 0.0312, 0.4999, 9.9996, 12.345, 134.56, 1e4, 1e300, 3.1e-5, 1e-300, float("1e999")]
    texts = in_module(
        loaded,
        "draw/numbers",
        "({ lossText }, losses) => losses.map((one) => lossText(one ?? Infinity))",
        [*losses[:-1], None],
    )
    assert texts == ["0.000", "0.031", "0.500", "10.00", "12.35", "134.6", "1.0e4", "1e300", "3.1e-5", "1e-300", "∞"]


def test_header_and_chart_show_the_same_loss_while_it_trains(open_page: Open) -> None:
    page = open_page(SPIRAL, fresh=True)
    page.evaluate("""() => {
      window.parted = 0; window.compared = 0;
      const { fillText } = CanvasRenderingContext2D.prototype;
      let charted = '';
      CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
        if (text.startsWith('test ')) charted = text.slice(5);
        return fillText.call(this, text, ...at);
      };
      const compare = () => {
        if (charted) {
          window.compared += 1;
          if (charted !== document.querySelector('#test-loss').textContent) window.parted += 1;
        }
        requestAnimationFrame(compare);
      };
      requestAnimationFrame(compare);
    }""")
    page.select_option("#speed", "max")
    page.click("#play")
    page.wait_for_function("() => compared > 60")
    assert page.evaluate("parted") == 0

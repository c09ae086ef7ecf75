"""The pages about sweeps: small multiples of boundaries, live, and the list of sweeps."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Error, Page, Route, expect

from app.page import assets
from app.page import sweeps as sweep_pages
from tests.page.conftest import Tabs
from tests.page.test_accessibility import barriers
from tests.server import Server

Visit = Callable[..., Page]
Keep = Callable[[Page, str], None]
Watch = Callable[..., Page]
GRID: dict[str, Any] = {
    "link": "dataset=xor&seed=0.5",
    "epochs": 20,
    "grid": {"networkShape": [[1], [2], [4, 2]], "learningRate": [0.01, 0.03, 0.1, 0.3]},
}
STACKED: dict[str, Any] = {
    "link": "dataset=gauss&seed=0.5",
    "epochs": 2,
    "grid": {"activation": ["tanh", "relu"], "learningRate": [0.03, 0.1], "noise": [0, 30]},
    "seeds": 2,
}
RANDOM: dict[str, Any] = {
    "link": "dataset=gauss&seed=0.5",
    "epochs": 2,
    "random": {"samples": 20, "keys": {"learningRate": {"low": 0.001, "high": 1, "log": True}, "noise": [0, 30]}},
}
DIVERGING: dict[str, Any] = {
    "link": "problem=regression&activation=relu&networkShape=8,8&seed=1",
    "epochs": 5,
    "grid": {"learningRate": [0.01, 10]},
}
LONG: dict[str, Any] = {**GRID, "epochs": 1_000_000}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SMALL = """() => [...document.querySelectorAll('a, button, select, .tile')].filter((one) => {
  const { width, height } = one.getBoundingClientRect();
  return width && !one.closest('.about, [popover]') && (height < 44 || width < 44);
}).map((one) => one.outerHTML)"""
"""What can be seen and is too small for a finger."""
UNDRAWN = "#maps .tile:not(.drawn)"


def post(server: Server, sweep: dict[str, Any]) -> str:
    """Start a sweep; gives its id."""
    answer = httpx.post(f"{server.address}/api/v1/sweeps", json=sweep)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def results(server: Server, sweep: str) -> list[dict[str, Any]]:
    """The table of a sweep's results."""
    table: list[dict[str, Any]] = httpx.get(f"{server.address}/api/v1/sweeps/{sweep}/results").json()
    return table


@pytest.fixture
def visit(tabs: Tabs, server: Server) -> Iterator[Visit]:
    """Opens a page by its path, on a screen of some size; no console may show an error."""
    closing: list[Callable[[], None]] = []
    errors: list[str] = []

    def log(message: ConsoleMessage) -> None:
        if message.type == "error" and "404" not in message.text:
            errors.append(message.text)

    def fail(error: Error) -> None:
        errors.append(str(error))

    def visited(path: str, *, width: int = 1280, height: int = 800, at: Server = server, **options: Any) -> Page:
        page = tabs.take(options)
        closing.append(page.context.close if at is not server else lambda: tabs.give_back(page, options))
        page.set_viewport_size({"width": width, "height": height})
        page.set_default_timeout(20_000)
        for event, listener in (("pageerror", fail), ("console", log)):
            page.on(event, listener)  # type: ignore[call-overload]
            closing.insert(0, partial(page.remove_listener, event, listener))
        page.goto(f"{at.address}{path}")
        return page

    yield visited
    for close in closing:
        close()
    assert errors == []


@pytest.fixture
def watch(visit: Visit, server: Server) -> Iterator[Watch]:
    """Opens the page of a sweep; whatever still trains afterwards is cancelled."""
    started: list[str] = []

    def watched(sweep: dict[str, Any] | str, **options: Any) -> Page:
        if isinstance(sweep, dict):
            sweep = post(server, sweep)
            started.append(sweep)
        page = visit(f"/sweeps/{sweep}", **options)
        page.locator("body.ready").wait_for()
        return page

    yield watched
    for sweep in started:
        httpx.post(f"{server.address}/api/v1/sweeps/{sweep}/cancel")


@pytest.fixture(scope="session")
def grid(server: Server) -> str:
    """A sweep of three by four that ends at some time."""
    return post(server, GRID)


def wait_until_drawn(page: Page) -> Page:
    """Until all runs have ended and all pictures are there."""
    page.locator("body.ready").wait_for()
    expect(page.locator("#cancel")).to_be_hidden()
    expect(page.locator(UNDRAWN)).to_have_count(0)
    return page


def texts(page: Page, selector: str) -> list[str]:
    return page.locator(selector).all_inner_texts()


def labels(page: Page) -> list[str]:
    """What the tiles are called."""
    found: list[str] = page.eval_on_selector_all(".tile", "all => all.map(tile => tile.ariaLabel)")
    return found


# --- one sweep --------------------------------------------------------------------------------------------------------


def test_a_sweep_is_watched_until_it_has_ended(watch: Watch, server: Server) -> None:
    page = watch({**GRID, "epochs": 60})
    expect(page.locator("#cancel")).to_be_visible()
    assert page.title().startswith("▶ ")
    wait_until_drawn(page)
    assert page.inner_text("#progress p") == "12 trained"
    assert not page.title().startswith("▶")
    assert page.locator("#maps tbody tr").count() == 3
    assert texts(page, "#maps thead th")[1:] == ["0.01", "0.03", "0.1", "0.3"]
    assert texts(page, "#maps tbody th") == ["1", "2", "4,2"]
    table = results(server, page.url.rsplit("/", 1)[1])
    shown = [float(text) for text in texts(page, ".tile .loss b")]
    assert shown == pytest.approx([row["test_loss"] for row in table], rel=0.01)
    best = min(table, key=lambda row: row["test_loss"])
    assert page.get_attribute(".tile.best", "data-run") == best["id"]
    assert page.inner_text("#detail h2").lower() == "the best run"


def test_what_has_not_changed_is_not_asked_for_again(watch: Watch, grid: str) -> None:
    page = wait_until_drawn(watch(grid))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    wait_until_drawn(page)
    pictures = [url for url in asked if "boundary.png" in url]
    assert len(pictures) == len(set(pictures)) == 12
    before = len(asked)
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")  # it has ended: nothing to ask
    page.select_option("[name=order]", "loss")
    page.select_option("[name=order]", "grid")
    expect(page.locator("#maps tbody tr")).to_have_count(3)
    assert [url for url in asked[before:] if "/api/" in url] == []


def test_only_changes_are_asked_for_and_no_pictures_of_runs_that_wait(watch: Watch) -> None:
    page = watch(LONG)
    with page.expect_request(lambda request: "/api/v1/sweeps/" in request.url and "if-none-match" in request.headers):
        expect(page.locator(".tile[data-status=queued] .word").first).to_have_text("waiting")
    expect(page.locator(".tile[data-status=running].drawn").first).to_be_visible()
    assert waiting_pictures(page) == []


def waiting_pictures(page: Page) -> list[str]:
    """The addresses that were asked for of runs that wait."""
    ids = page.eval_on_selector_all(".tile[data-status=queued]", "all => all.map(tile => tile.dataset.run)")
    asked: list[str] = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    return [url for url in asked if any(run in url for run in ids)]


def test_a_click_opens_the_trained_run(watch: Watch, server: Server, grid: str) -> None:
    page = wait_until_drawn(watch(grid))
    best = min(results(server, grid), key=lambda row: row["test_loss"])
    page.click(".tile.best")
    page.wait_for_url("**/#*")
    page.locator("body.ready").wait_for()
    assert int(page.inner_text("#epoch").replace(",", "")) == best["epoch"]
    assert float(page.inner_text("#test-loss")) == pytest.approx(best["test_loss"], rel=0.01)


def test_cancelling_ends_all_runs_and_says_so(watch: Watch) -> None:
    page = watch(LONG)
    page.click("#cancel")
    expect(page.locator("#cancel")).to_be_hidden()
    expect(page.locator("#progress p")).to_have_text("12 cancelled")
    expect(page.locator(".tile[data-status=cancelled]")).to_have_count(12)
    assert set(texts(page, ".tile .word")) == {"cancelled"}


def test_interrupted_runs_can_be_resumed(watch: Watch, grid: str) -> None:
    page = wait_until_drawn(watch(grid))

    def interrupted(route: Route) -> None:
        sweep = route.fetch().json()
        for run in sweep["runs"][:2]:
            run.update(status="interrupted", reason="The server ended while it was training.")
        route.fulfill(json=sweep)

    page.route(f"**/api/v1/sweeps/{grid}", interrupted)
    page.reload()
    expect(page.locator("#progress p")).to_have_text("10 trained, 2 interrupted")
    assert set(texts(page, ".tile[data-status=interrupted] .word")) == {"interrupted"}
    page.unroute_all()
    with page.expect_request(f"**/api/v1/sweeps/{grid}/resume"):
        page.click("#resume")
    expect(page.locator("#resume")).to_be_hidden()
    expect(page.locator("#progress p")).to_have_text("12 trained")


def test_rows_and_columns_can_be_chosen_or_the_best_come_first(watch: Watch, grid: str) -> None:
    page = wait_until_drawn(watch(grid))
    page.select_option("[name=rows]", "learningRate")
    expect(page.locator("[name=columns]")).to_have_value("networkShape")
    expect(page.locator("#maps tbody tr")).to_have_count(4)
    assert texts(page, "#maps thead th")[1:] == ["1", "2", "4,2"]
    page.reload()  # the address keeps what was chosen
    expect(page.locator("#maps tbody tr")).to_have_count(4)
    page.select_option("[name=order]", "loss")
    expect(page.locator("#maps ol .tile")).to_have_count(12)
    losses = [float(text) for text in texts(page, ".tile .loss b")]
    assert losses == sorted(losses)


def test_further_knobs_are_stacked_or_chosen(watch: Watch) -> None:
    page = wait_until_drawn(watch(STACKED))
    assert [page.locator("#maps td .cell").nth(i).locator(".tile").count() for i in range(4)] == [4] * 4
    assert page.inner_text("#maps caption") == "Side by side in each cell: each noise level with each seed."
    losses = [float(text) for text in texts(page, "#maps td:nth-child(2) >> nth=0 >> .loss b")]
    mean = page.locator("#maps .mean").first
    expect(mean).to_have_text(re.compile("^mean 0"))
    assert float(str(mean.text_content()).split()[1]) == pytest.approx(sum(losses) / 4, rel=0.02)
    page.select_option("[name=only-noise]", label="30")
    expect(page.locator("#maps .tile")).to_have_count(8)
    page.select_option("[name=only-seed]", label="0.5")
    expect(page.locator("#maps .tile")).to_have_count(4)
    assert all("Noise level 30" in label and "Seed 0.5:" in label for label in labels(page))


def test_a_random_search_is_a_list_and_can_be_put_into_bins(watch: Watch) -> None:
    page = wait_until_drawn(watch(RANDOM))
    assert page.locator("#maps ol .tile").count() == 20
    page.select_option("[name=order]", "grid")
    expect(page.locator("#maps thead th")).to_have_count(7)
    assert all("–" in text for text in texts(page, "#maps thead th")[1:])
    assert page.locator("#maps .tile").count() == 20


def test_lines_show_the_best_so_far_and_an_axis_that_is_brushed_leaves_runs_out(
    watch: Watch, keep: Keep, grid: str
) -> None:
    page = wait_until_drawn(watch(grid, bypass_csp=True, reduced_motion="reduce"))
    page.select_option("[name=order]", "lines")
    expect(page.locator("#maps")).to_be_hidden()
    said = page.locator("#lines [role=status]")
    expect(said).to_have_text(re.compile(r"^12 runs; best test loss 0\.\d+$"))
    handle = page.get_by_role("slider", name="Learning rate: from")
    assert handle.get_attribute("aria-valuetext") == "0.01"
    handle.press("End")  # the largest rate alone
    expect(said).to_contain_text("3 of 12 runs")
    best = page.locator("#lines .so-far canvas").get_attribute("aria-label")
    assert best is not None
    assert best.startswith("After 3 runs the best test loss is 0.")
    page.get_by_role("button", name="Show all").click()
    expect(said).to_contain_text("12 runs;")
    axis = page.locator("[data-axis=objective]").bounding_box()
    assert axis
    x = axis["x"] + axis["width"] / 2
    page.mouse.move(x, axis["y"] + 2)
    page.mouse.down()
    page.mouse.move(x, axis["y"] + axis["height"] / 2)  # the better half
    page.mouse.up()
    expect(said).to_have_text(re.compile(r"^[1-9]\d? of 12 runs"))
    page.reload()
    expect(page.locator("#lines")).to_be_visible()  # the address keeps it
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        keep(page, f"sweep-lines-{theme}")
        assert barriers(page) == []


def test_a_search_that_learns_shows_the_runs_that_have_a_place_and_what_is_pruned(watch: Watch) -> None:
    search = {"kind": "tpe", "samples": 6, "startup": 3, "keys": RANDOM["random"]["keys"]}
    page = watch({"link": "dataset=xor&seed=0.5", "epochs": 30, "search": search, "prune": {"kind": "halving"}})
    wait_until_drawn(page)
    expect(page.locator("#maps ol .tile")).to_have_count(6)
    expect(page.locator("#progress p")).to_have_text(re.compile(r"^\d trained, \d pruned$"))


def test_a_diverged_run_says_so(watch: Watch) -> None:
    page = wait_until_drawn(watch(DIVERGING))
    expect(page.locator(".tile[data-status=failed] .loss b")).to_have_text("diverged")
    assert page.inner_text("#progress p") == "1 trained, 1 diverged"
    page.hover(".tile[data-status=failed]")
    expect(page.locator("#detail .why")).to_contain_text("grew without bound")
    assert texts(page, "#sums tbody td:last-child") == ["1", "0 + 1 diverged"]


def test_pointing_and_arrow_keys_show_a_run_in_numbers(watch: Watch, server: Server, grid: str) -> None:
    page = wait_until_drawn(watch(grid))
    rows = {row["id"]: row for row in results(server, grid)}
    tiles = page.locator(".tile")
    tiles.nth(1).hover()
    expect(page.locator("#detail h2")).to_have_text("This run")
    row = rows[str(tiles.nth(1).get_attribute("data-run"))]
    assert page.get_attribute("#detail dd >> nth=0", "title") == str(row["test_loss"])
    assert page.inner_text("#detail .values div:nth-child(2) dd") == f"{row['learningRate']:g}"
    tiles.first.focus()
    for key, place in (("ArrowRight", 1), ("ArrowDown", 5), ("ArrowLeft", 4), ("ArrowUp", 0), ("End", 11), ("Home", 0)):
        page.keyboard.press(key)
        expect(tiles.nth(place)).to_be_focused()
    assert page.locator(".tile[tabindex='0']").count() == 1
    page.keyboard.press("Escape")
    expect(page.locator("#detail h2")).to_have_text("The best run")


def test_means_over_all_other_knobs_and_the_results_as_a_table(watch: Watch, server: Server, grid: str) -> None:
    page = wait_until_drawn(watch(grid))
    table = results(server, grid)
    rates = [0.01, 0.03, 0.1, 0.3]
    means = [sum(row["test_loss"] for row in table if row["learningRate"] == rate) / 3 for rate in rates]
    shown = [float(text) for text in texts(page, "#sums table:last-of-type td:nth-child(2)")]
    assert shown == pytest.approx(means, rel=0.01)
    assert page.inner_text("#sums table:last-of-type .best th") == f"{rates[means.index(min(means))]:g}"
    with page.expect_download() as download:
        page.click("text=CSV")
    assert download.value.path().read_text().startswith("networkShape,learningRate,seed,id,status")


# --- how it looks -----------------------------------------------------------------------------------------------------


def test_three_by_four_maps_fit_the_screen_in_both_themes(watch: Watch, keep: Keep, grid: str) -> None:
    page = wait_until_drawn(watch(grid, bypass_csp=True, reduced_motion="reduce"))
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        keep(page, f"sweep-{theme}")
        assert barriers(page) == []


def test_maps_take_theme_and_palette_and_the_choice_stays(watch: Watch, grid: str) -> None:
    page = wait_until_drawn(watch(grid))
    corner = "document.querySelector('.tile canvas').getContext('2d').getImageData(0, 0, 1, 1).data.join()"
    seen = [page.evaluate(corner)]
    page.click("#look")
    for choice in ("[name=theme][value=dark]", "[name=palette][value=swapped]"):
        page.click(f"#look-menu label:has({choice})")
        seen.append(page.evaluate(corner))
    assert len(set(seen)) == 3
    page.reload()
    wait_until_drawn(page)
    assert page.evaluate(corner) == seen[-1]


def test_on_a_phone_a_tap_shows_a_run_and_another_opens_it(watch: Watch, keep: Keep, grid: str) -> None:
    options = {"has_touch": True, "bypass_csp": True, "reduced_motion": "reduce"}
    page = wait_until_drawn(watch(grid, width=390, height=844, **options))
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate(SMALL) == []
    keep(page, "sweep-phone-light")
    tile = page.locator(".tile").nth(5)
    tile.tap()
    expect(page.locator("#detail.open h2")).to_have_text("This run")
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        keep(page, f"sweep-phone-{theme}-tapped")
        assert barriers(page) == []
    tile.tap()
    page.wait_for_url("**/#*")


# --- the list ---------------------------------------------------------------------------------------------------------


def test_sweeps_are_listed_the_newest_first(visit: Visit, server: Server, keep: Keep, grid: str) -> None:
    sweep = post(server, DIVERGING)
    page = visit("/sweeps", bypass_csp=True)
    links = page.locator(".sweeps a")
    assert links.first.get_attribute("href") == f"/sweeps/{sweep}"
    assert links.first.inner_text() == "Plane: learning rate"
    assert (
        page.locator(f".sweeps a[href='/sweeps/{grid}']").inner_text()
        == "Quadrants (XOR): hidden layers and learning rate"
    )
    keep(page, "sweeps")
    assert barriers(page) == []
    links.first.click()
    page.locator("body.ready").wait_for()
    page.click(".home")
    page.locator("body.ready").wait_for()
    assert page.url.split("#")[0] == f"{server.address}/"


def test_without_sweeps_the_list_says_how_to_make_one() -> None:
    page = sweep_pages.page("sweeps.html", sweeps=[], older=None, first=True, base="http://127.0.0.1:8000/")
    text = html.unescape(bytes(page.body).decode())
    assert "playground sweep LINK --grid learningRate=0.01,0.03,0.1" in text
    assert """curl http://127.0.0.1:8000/api/v1/sweeps --json '{"link": """ in text


def test_an_unknown_sweep_is_a_friendly_page(visit: Visit, server: Server) -> None:
    page = visit("/sweeps/0123456789abcdef")
    assert httpx.get(page.url).status_code == 404
    assert page.inner_text("h1") == "There is no sweep at this address"
    page.click("main a")
    page.wait_for_url("**/sweeps")


def test_the_playground_itself_does_not_grow_by_these_pages() -> None:
    files = assets.files()
    assert b".tile" not in files["style.css"]
    assert b"$sweeps_" not in files["page.js"]


def test_a_sweep_is_begun_from_the_list_of_sweeps(visit: Visit, server: Server) -> None:
    page = visit("/sweeps#dataset=xor&networkShape=2&seed=1")
    expect(page.locator("[name=link]")).to_have_value("dataset=xor&networkShape=2&seed=1")
    page.locator(".tried input").first.fill("0.01; much")
    page.fill("[name=epochs]", "2")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".words")).to_contain_text("Learning rate: expected")
    page.locator(".tried input").first.fill("0.01; 0.1")
    page.locator(".tried select").nth(1).select_option("activation")
    page.locator(".tried input").nth(1).fill("relu, tanh")
    page.fill("[name=seeds]", "2")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile(r"/sweeps/\w+$"))
    assert len(results(server, page.url.rpartition("/")[2])) == 8

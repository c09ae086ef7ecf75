"""What a link hides is not reached by any way: controls, keys, dialogs, menus, pasting."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from app.live.knobs import knobs
from engine import parse_link
from engine.config import Config
from engine.tables.features import FEATURES
from engine.tables.hideable_controls import CONTROLS
from tests.page.owndata.test_pasting import CLIPBOARD, paste
from tests.person import step_to

Open = Callable[..., Page]
Visit = Callable[[str], Page]
KEYS = {
    "playButton": [" "],
    "stepButton": ["ArrowRight", "Shift+ArrowRight"],
    "resetButton": ["r"],
    "showTestData": ["t"],
    "discretize": ["d"],
    "showWorst": ["w"],
    "share": ["s"],
}
"""The keys that stand for a control."""
CONTROL_OF_FIELD = {
    "regDataset": "dataset",
    "classDataset": "dataset",
    "classes": "dataset",
    "activations": "activation",
}
"""Fields that are set by the control of another name."""
REACHED = """() => [...document.querySelectorAll('main [name], #knobs [name], #settings :is([name], [data-field])')]
  .filter((field) => field.checkVisibility()).map((field) => field.name ?? field.dataset.field)"""
"""The fields whose controls can be seen."""
CHANGED = """([url, ...texts]) => location.href !== url || document.querySelector('dialog[open]')
  || texts.join() !== ['#epoch', '#train-loss'].map((one) => document.querySelector(one).textContent)
    .concat(document.querySelector('#play').ariaLabel).join()"""
SHEET = "() => [...document.querySelectorAll('#settings [name]')].map((field) => field.name)"


def state(page: Page) -> tuple[str, str, str, str, int]:
    """What a key or a button could have changed."""
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    dialogs = page.locator("dialog[open], #settings:not([hidden]), #lessons:not([hidden])").count()
    return (
        page.url,
        page.inner_text("#epoch"),
        page.inner_text("#train-loss"),
        page.get_attribute("#play", "aria-label") or "",
        dialogs,
    )


@pytest.mark.parametrize("control", CONTROLS)
def test_nothing_of_a_hidden_control_is_in_sight(visit: Visit, control: str) -> None:
    off = f"&{control}=false" if control in FEATURES else ""  # one that is on is shown as it is
    page = visit(f"seed=1&schedule=step&problem=multiclass&{control}_hide=true{off}")
    marked = page.locator(f"[data-control={control}], .feature[data-within={control}]")
    assert marked.count()
    if control != "settings" and page.locator("#settings").is_hidden():
        page.click("#more")
    for part in marked.all():
        expect(part).to_be_hidden()
    fields = {control} | {field for field, name in CONTROL_OF_FIELD.items() if name == control}
    sheet = set(page.evaluate(SHEET)) if control == "settings" else set()
    assert not set(page.evaluate(REACHED)) & (fields | sheet)


@pytest.mark.parametrize(("control", "key"), [(control, key) for control, keys in KEYS.items() for key in keys])
def test_the_key_of_a_control_does_nothing_where_that_is_hidden(open_page: Open, control: str, key: str) -> None:
    page = open_page(f"seed=1&{control}_hide=true")
    before = state(page)
    page.keyboard.press(key)
    page.keyboard.press("l")  # the keys of what is in sight go on
    expect(page.locator("#chart button[aria-pressed=true]")).to_be_visible()
    assert state(page) == before
    page.evaluate("location.hash = 'seed=1'")
    page.wait_for_function("() => !location.hash.includes('_hide')")
    step_to(page, 1)
    before = state(page)
    page.keyboard.press(key)
    page.wait_for_function(CHANGED, arg=list(before[:4]))


@pytest.mark.parametrize("control", [name for name in CONTROLS if name in knobs()])
def test_compare_does_not_offer_a_hidden_knob(visit: Visit, control: str) -> None:
    page = visit(f"seed=1&{control}_hide=true")
    page.click("#compare")
    offered = page.locator(".gallery-knob option:not([hidden])")
    names = offered.evaluate_all("all => all.map(({ value }) => value)")
    assert set(names) == knobs().keys() - {control}
    assert page.input_value(".gallery-knob") in names
    if control == "learningRate":
        page.fill(".gallery-last", "1")
        page.click(".gallery-start")
        expect(page.locator(".gallery-tile")).not_to_have_count(0)


def test_without_the_settings_none_of_them_is_compared(open_page: Open) -> None:
    page = open_page("seed=1&settings_hide=true")
    sheet = set(page.evaluate(SHEET))
    page.click("#compare")
    names = page.locator(".gallery-knob option:not([hidden])").evaluate_all("all => all.map(({ value }) => value)")
    assert names
    assert not set(names) & sheet
    assert set(names) == knobs().keys() - sheet


@pytest.mark.parametrize("other", ["restarts", "compare"])
def test_a_dialog_of_experiments_leads_to_no_hidden_one(open_page: Open, other: str) -> None:
    seen = "compare" if other == "restarts" else "restarts"
    page = open_page(f"seed=1&{other}_hide=true")
    page.click(f"#{seen}")
    expect(page.locator(f"[data-turn={seen}]")).to_be_visible()
    expect(page.locator(f"[data-turn={other}]")).to_be_hidden()


def test_help_tells_no_key_of_a_hidden_control(open_page: Open) -> None:
    every = "&".join(f"{control}_hide=true" for control in KEYS)
    page = open_page(f"seed=1&{every}&lessons_hide=true")
    page.click("#help")
    told = page.locator("#help-dialog dd:visible").all_inner_texts()
    assert len(told) > 5
    assert not {"Play or pause", "One step", "One batch", "Share", "Discretize the output"} & set(told)
    expect(page.locator("#lessons-from-help")).to_be_hidden()


def test_the_settings_close_when_they_are_hidden_and_leave_hidden_activations_alone(open_page: Open) -> None:
    page = open_page("seed=1&activations=relu,sine&activation_hide=true&optimizer=adam")
    page.click("#more")
    expect(page.locator("#more .badge")).to_have_text("1")
    page.click("#usual")
    page.wait_for_url(re.compile("^(?!.*optimizer)"))
    assert parse_link(page.url).config.activations == ("relu", "sine")
    page.evaluate("location.hash += '&settings_hide=true'")
    expect(page.locator("#settings")).to_be_hidden()
    expect(page.locator("#more")).to_be_hidden()


def test_no_points_come_in_where_the_data_set_is_hidden(open_page: Open) -> None:
    page = open_page("seed=1&dataset=own&dataset_hide=true", permissions=CLIPBOARD)
    expect(page.locator(".no-points")).to_be_hidden()
    paste(page, "1,2,1\n-1,0,-1\n")
    expect(page.locator("#notice span")).to_contain_text("no other points can be brought in")
    expect(page.locator("#import")).to_be_hidden()
    assert parse_link(page.url).config.points == ""


def test_drawing_ends_when_the_data_set_is_hidden(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click("#draw")
    expect(page.locator(".sketch .tools")).to_be_visible()
    page.evaluate("location.hash += '&dataset_hide=true'")
    expect(page.locator(".sketch .tools")).to_be_hidden()


@pytest.mark.parametrize("control", ["resetButton", "learningRate", "playButton"])
def test_a_run_that_diverged_offers_nothing_that_is_hidden(open_page: Open, control: str) -> None:
    page = open_page(f"seed=1&problem=regression&learningRate=10&activation=linear&{control}_hide=true")
    if control == "playButton":
        for _ in range(3):
            page.keyboard.press("ArrowRight")
    else:
        page.click("#play")
    expect(page.locator("#notice span")).to_contain_text("grew without bound")
    expect(page.locator("#notice button")).to_be_hidden()


def test_a_lesson_leads_to_no_other_where_lessons_are_hidden(open_page: Open) -> None:
    page = open_page("seed=1&dataset=gauss&networkShape=&tutorial=hyperplane&lessons_hide=true")
    expect(page.locator("#lessons .lesson h2")).to_be_visible()
    for way in (".lessons-all", ".lesson-before", ".lesson-after", ".lesson-on"):
        expect(page.locator(way)).to_be_hidden()


def test_undo_and_redo_come_back_to_nothing_that_is_hidden(open_page: Open) -> None:
    page = open_page("seed=1&noise_hide=true")
    page.select_option("#knobs [name=problem]", "regression")
    page.wait_for_url("**problem=regression**")
    page.keyboard.press("Control+z")
    page.wait_for_url(re.compile("^(?!.*problem)"))
    config: Config = parse_link(page.url).config
    assert (config.noise, config.hide) == (0, ("noise",))


def test_a_hidden_feature_that_is_off_has_no_place_and_no_way_in(
    open_page: Open, keep: Callable[[Page, str], None]
) -> None:
    page = open_page("seed=1&xSquared_hide=true&xTimesY=true&xTimesY_hide=true&x_hide=true&networkShape=")
    for name in ("x", "xSquared", "xTimesY"):
        expect(page.locator(f".feature:has([name={name}])")).to_be_hidden()
    keep(page, "hidden-features")
    tops = page.locator(".feature:visible").evaluate_all("all => all.map((e) => e.getBoundingClientRect().top)")
    steps = {round(lower - upper) for upper, lower in pairwise(tops)}
    assert max(steps) - min(steps) <= 1  # no gap where one is left out
    page.click("#compare")
    names = page.locator(".gallery-knob option:not([hidden])").evaluate_all("all => all.map(({ value }) => value)")
    assert "sinX" in names
    assert not {"x", "xSquared", "xTimesY"} & set(names)
    page.keyboard.press("Escape")
    page.click(".feature:has([name=y])")
    expect(page.locator(".no-features")).to_be_visible()
    expect(page.locator(".no-features button")).to_be_hidden()


def test_a_hidden_feature_that_is_on_is_shown_and_stays_on(open_page: Open) -> None:
    page = open_page("seed=1&sinX=true&sinX_hide=true&v=1")
    assert parse_link(page.url).config.sinX
    expect(page.locator(".feature:has([name=sinX])")).to_be_visible()
    expect(page.locator("[name=sinX]")).to_be_disabled()


def test_a_hidden_feature_stays_hidden_when_something_else_is_ticked(open_page: Open) -> None:
    page = open_page("seed=1&xTimesY_hide=true")
    page.click("#share")
    page.check("#share-dialog [value=noise]")
    page.wait_for_url("**noise_hide=true**")
    assert parse_link(page.url).config.hide == ("noise", "xTimesY")
    page.click("#share-show-all")
    page.wait_for_url(re.compile("^(?!.*_hide)"))

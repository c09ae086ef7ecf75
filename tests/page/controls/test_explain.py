"""The explanations in place: every mark opens one, beside itself and inside the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.explain.topics import EXPLANATIONS
from engine import parse_link
from engine.tables.activations import ACTIVATIONS
from tests.drawing import in_module

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
DESKTOP: dict[str, Any] = {"width": 1280, "height": 800}
PHONE: dict[str, Any] = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
TRANSPORT = 68
"""The height of the bar at the bottom of a phone."""

every_screen = pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
OPENED = "() => document.activeElement.matches('.explanation:popover-open')"  # the last thing that opening does
INSIDE = """(e) => {
  const { left, top, right, bottom, width, height } = e.getBoundingClientRect();
  return width > 200 && height > 60 && left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
}"""


def marks(page: Page) -> list[Locator]:
    """All marks that can be seen."""
    return page.locator(".about:visible").all()


def mark(page: Page, topic: str) -> Locator:
    return page.locator(f".about[popovertarget=about-{topic}]").first


CLICKED = f"""async (all) => {{
  const found = [];
  for (const button of all.filter((button) => button.checkVisibility())) {{
    button.scrollIntoView({{ block: 'center', inline: 'center' }});
    const {{ left, top, width, height }} = button.getBoundingClientRect();
    const hit = document.elementFromPoint(left + width / 2, top + height / 2) === button;
    button.click();
    const popover = document.querySelector('.explanation:popover-open');
    while (!popover.matches(':focus')) await new Promise(requestAnimationFrame);
    found.push([popover.id, hit && popover.id === button.getAttribute('popovertarget') && ({INSIDE})(popover)]);
    popover.hidePopover();
  }}
  return found;
}}"""
"""Clicks mark after mark; gives what each has opened, and whether that is its own, inside the window, and in reach."""


@every_screen
def test_every_mark_opens_its_explanation_inside_the_window_by_click(open_page: Open, screen: dict[str, Any]) -> None:
    page = open_page("seed=1", **screen)
    opened = page.eval_on_selector_all(".about", CLICKED)
    assert [name for name, well in opened if not well] == []
    assert {"about-learningRate", "about-activation", "about-batchSize"} <= {name for name, _ in opened}


def test_every_mark_works_by_keyboard_and_gets_the_focus_back(open_page: Open) -> None:
    page = open_page("seed=1")
    for button in marks(page):
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_function(OPENED)
        assert page.locator(".explanation:popover-open").evaluate(INSIDE)
        page.keyboard.press("Escape")
        expect(button).to_be_focused()


def test_an_explanation_stands_beside_the_mark_that_opened_it_even_a_later_one(open_page: Open) -> None:
    page = open_page("seed=1")
    page.evaluate("""() => {
      const later = document.querySelector('[popovertarget=about-noise]').cloneNode(true);
      Object.assign(later.style, { position: 'fixed', left: '700px', top: '400px', zIndex: 9 });
      document.body.append(later);
    }""")
    page.locator("[popovertarget=about-noise]").last.click()
    page.wait_for_function(OPENED)
    box = page.locator("#about-noise").bounding_box()
    assert box
    assert (box["x"], box["y"]) == (700 - 8, 400 + 14 + 8)


@every_screen
def test_no_explanation_is_wider_than_its_place(open_page: Open, screen: dict[str, Any]) -> None:
    page = open_page("seed=1", **screen)
    too_wide = """all => all.filter((e) => {
      e.showPopover();
      return e.scrollWidth > e.clientWidth;
    }).map(e => e.id)"""
    assert page.locator(".explanation").count() == len(EXPLANATIONS)
    assert page.eval_on_selector_all(".explanation", too_wide) == []


@every_screen
def test_a_click_elsewhere_closes_an_explanation(open_page: Open, screen: dict[str, Any]) -> None:
    page = open_page("seed=1", **screen)
    mark(page, "noise").click()
    page.wait_for_function(OPENED)
    page.mouse.click(2, 2)
    expect(page.locator("#about-noise")).to_be_hidden()


def test_escape_closes_the_explanation_and_nothing_below_it(open_page: Open) -> None:
    page = open_page("dataset=xor&seed=1")
    page.click("[data-key=unit-0-2]")
    mark(page, "noise").click()
    page.wait_for_function(OPENED)
    page.keyboard.press("Escape")
    expect(page.locator("#about-noise")).to_be_hidden()
    expect(page.locator("#output-title")).to_have_text("Unit 3 of layer 1")  # still pinned


def test_formulas_are_set_as_formulas(open_page: Open) -> None:
    page = open_page("seed=1")
    mark(page, "learningRate").click()
    fraction = page.locator("#about-learningRate mfrac")
    numerator, denominator = (fraction.locator("> *").nth(i).bounding_box() for i in range(2))
    assert numerator
    assert denominator
    assert min(numerator["width"], numerator["height"]) > 5
    assert numerator["y"] + numerator["height"] <= denominator["y"] + 1


def test_a_list_shows_every_entry_of_its_table_the_chosen_one_first(open_page: Open) -> None:
    page = open_page("activation=gelu&seed=1")
    mark(page, "activation").click()
    page.wait_for_function(OPENED)
    entries = page.locator("#about-activation li")
    expect(entries).to_have_count(len(ACTIVATIONS))
    tops = {
        name: page.locator(f"#about-activation [data-entry={name}]").evaluate("e => e.offsetTop")
        for name in ACTIVATIONS
    }
    assert min(tops, key=lambda name: tops[name]) == "gelu"
    expect(page.locator("#about-activation [aria-current=true]")).to_contain_text("GELU")


def test_the_mark_of_what_is_chosen_follows_the_choice(open_page: Open) -> None:
    page = open_page("seed=1")
    for name in ("relu", "sine"):
        page.select_option("#knobs [name=activation]", name)
        mark(page, "activation").click()
        expect(page.locator("#about-activation [aria-current=true]")).to_have_attribute("data-entry", name)
        page.keyboard.press("Escape")


def test_an_explanation_stays_inside_a_window_that_shrinks(open_page: Open) -> None:
    page = open_page("seed=1", width=1280, height=800)
    mark(page, "activation").click()
    page.wait_for_function(OPENED)
    page.set_viewport_size({"width": 1020, "height": 620})
    page.wait_for_function(f"() => ({INSIDE})(document.querySelector('#about-activation'))")


def test_on_a_phone_an_explanation_is_a_sheet_above_the_transport(open_page: Open, keep: Keep) -> None:
    page = open_page("seed=1&activation=gelu", **PHONE)
    mark(page, "activation").click()
    page.wait_for_function(OPENED)
    keep(page, "explanation-phone")
    box = page.locator("#about-activation").bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, PHONE["width"])
    assert round(box["y"] + box["height"]) == PHONE["height"] - TRANSPORT


def test_on_a_phone_a_mark_of_a_control_can_be_hit_44_pixels_wide(open_page: Open) -> None:
    page = open_page("seed=1", **PHONE)
    page.tap("#more")
    missed = """all => all.filter((button) => button.checkVisibility()).flatMap((button) => {
      button.scrollIntoView({ block: 'center' });
      const { left, top, width, height } = button.getBoundingClientRect();
      return [[-21, -21], [21, -21], [-21, 21], [21, 21]]
        .filter(([dx, dy]) => document.elementFromPoint(left + width / 2 + dx, top + height / 2 + dy) !== button)
        .map((corner) => `${button.ariaLabel} ${corner}`);
    })"""
    assert page.eval_on_selector_all("#knobs .about, .slider .about, .setting .about", missed) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_explanations_look_as_they_should(open_page: Open, keep: Keep, scheme: str) -> None:
    page = open_page("activation=tanh&seed=1", color_scheme=scheme)
    mark(page, "activation").click()
    page.wait_for_function(OPENED)
    keep(page, f"explanation-{scheme}")
    surface = {"light": "rgb(255, 255, 255)", "dark": "rgb(29, 33, 38)"}
    expect(page.locator("#about-activation")).to_have_css("background-color", surface[scheme])


def test_a_plain_page_has_no_marks(open_page: Open) -> None:
    page = open_page("seed=1")
    assert marks(page)
    page.evaluate("document.body.classList.add('plain')")
    assert marks(page) == []


def test_labels_still_name_their_controls(open_page: Open) -> None:
    page = open_page("seed=1")
    expect(page.get_by_label("Learning rate", exact=True).and_(page.locator("select"))).to_have_attribute(
        "name", "learningRate"
    )
    expect(page.get_by_label("Noise", exact=True).and_(page.locator(".number"))).to_have_attribute("name", "noise")
    expect(page.get_by_label("Batch size", exact=True).and_(page.locator(".number"))).to_have_id("batchSize-number")


@pytest.mark.parametrize(
    ("box", "height", "expected"),
    [
        ({"left": 100, "top": 50, "bottom": 64}, 200, {"left": 92, "top": 72, "room": 720}),  # below
        ({"left": 100, "top": 700, "bottom": 714}, 200, {"left": 92, "top": 492, "room": 684}),  # above
        (
            {"left": 1200, "top": 50, "bottom": 64},
            900,
            {"left": 912, "top": 72, "room": 720},
        ),  # too long, too far right
        ({"left": 0, "top": 700, "bottom": 714}, 900, {"left": 8, "top": 8, "room": 684}),
    ],
)
def test_an_explanation_goes_where_there_is_room(
    loaded: Page, box: dict[str, int], height: int, expected: dict[str, int]
) -> None:
    beside = "({ beside }, [box, height]) => beside(box, 360, height, 1280, 800)"
    assert in_module(loaded, "controls/explain", beside, [box, height]) == expected


def test_the_entries_of_a_topic_that_are_chosen_are_known_by_the_configuration(loaded: Page) -> None:
    link = "problem=regression&regDataset=reg-gauss&networkShape=3,2&activations=relu&y=false&initZero=true"
    chosen = """({ chosenEntries }, [config, topics]) =>
      topics.map((topic) => chosenEntries(config, topic, JSON.parse(facts.textContent), 10))"""
    expected = {
        "dataset": ["reg-gauss"],
        "features": ["x", "initZero"],
        "score": ["regression"],
        "activation": ["relu", "tanh", "per layer"],
        "batchSize": ["all"],
        "loss": ["squared"],
        "outputActivation": ["linear"],
        "initializer": ["zero"],
        "optimizer": ["sgd"],
    }
    answer = in_module(loaded, "controls/explain", chosen, [parse_link(link).config.model_dump(), list(expected)])
    assert dict(zip(expected, answer, strict=True)) == expected


def test_every_mark_of_the_settings_opens_its_explanation_inside_the_window(open_page: Open, keep: Keep) -> None:
    page = open_page("seed=1&schedule=step")
    page.click("#more")
    opened = page.eval_on_selector_all("#settings .about", CLICKED)
    assert len(opened) > 5
    assert [name for name, well in opened if not well] == []
    page.click("#settings .about[popovertarget=about-schedule]")
    page.wait_for_function(OPENED)
    keep(page, "explanation-setting")
    expect(page.locator("#about-schedule [aria-current=true]")).to_have_attribute("data-entry", "step")


SHOWN = "all => all.filter((line) => line.checkVisibility()).map((line) => line.dataset.when)"


@pytest.mark.parametrize(
    ("link", "lines"),
    [
        ("", ["free decay-L1 decay-L2", "sgd"]),
        ("regularization=L1", ["free decay-L1 decay-L2", "decay-L1", "sgd"]),
        (
            "regularization=L2&optimizer=momentum&clipNorm=1&regularizationMode=loss",
            ["loss-L2", "clip", "momentum nesterov", "momentum"],
        ),
        (
            "regularization=L2&optimizer=adamw&regularizationMode=loss",
            ["free decay-L1 decay-L2", *["adam adamw"] * 3, "decay-L2", "adam adamw"],
        ),
        ("optimizer=rmsprop", ["free decay-L1 decay-L2", "rmsprop", "adagrad rmsprop"]),
    ],
)
def test_the_rule_of_an_update_is_that_of_the_present_settings(open_page: Open, link: str, lines: list[str]) -> None:
    page = open_page(f"seed=1&{link}")
    mark(page, "regularization").click()
    rule = page.locator(".explanation:popover-open .update-rule li")
    assert rule.evaluate_all(SHOWN) == lines


def test_the_rule_follows_a_change_while_it_is_open(open_page: Open) -> None:
    page = open_page("seed=1")
    mark(page, "regularization").click()
    rule = page.locator(".explanation:popover-open .update-rule li:visible")
    expect(rule).to_have_count(2)
    page.evaluate("location.hash = 'seed=1&regularization=L2&optimizer=adam'")
    expect(rule).to_have_count(6)

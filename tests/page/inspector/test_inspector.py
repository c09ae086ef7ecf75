"""A unit, a weight and a bias in numbers: read, and set by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import Trainer, parse_link
from tests.drawing import in_module
from tests.person import number, step_to, wait_for_epoch

LINK = "dataset=gauss&networkShape=2&seed=0.5&activation=tanh"
Open = Callable[..., Page]
HOVER_LINK = """() => {
  const { right, y, height } = document.querySelector('[data-key=unit-0-0]').getBoundingClientRect();
  return [right + 12, y + height / 2];
}"""
"""Where the one link begins that goes from there to the output."""


@pytest.fixture
def trainer() -> Trainer:
    return Trainer(parse_link(LINK).config)


def fields(page: Page) -> list[float]:
    return [number(text) for text in page.locator(".fields input").evaluate_all("all => all.map(e => e.value)")]


def formula_of(page: Page) -> str:
    """What a unit computes, once it is shown."""
    shown = page.locator(".formula")
    expect(shown).to_contain_text("tanh")
    return shown.inner_text()


def test_a_selected_unit_shows_its_formula_in_live_numbers(
    open_page: Open, trainer: Trainer, keep: Callable[[Page, str], None]
) -> None:
    page = open_page(LINK)
    page.click("[data-key=unit-0-1]")
    w1, w2, b = trainer.network.layers[0].W[1]
    formula = formula_of(page).replace("\n", "")
    found = re.fullmatch(r"tanh\((\S+)\sx1 ([+−]) (\S+)\sx2 ([+−]) (\S+)\)", formula)
    assert found, formula
    sign = {"+": 1, "−": -1}
    read = [
        number(found[1]),
        sign[found[2]] * number(found[3]),
        sign[found[4]] * number(found[5]),
    ]
    assert read == pytest.approx([w1, w2, b], rel=0.01)
    assert fields(page) == pytest.approx([w1, w2, b], rel=0.01)
    keep(page, "unit-panel")
    page.click("#step")
    wait_for_epoch(page, 1)
    trainer.train(1)
    page.wait_for_function("before => document.querySelector('.formula').innerText !== before", arg=formula)
    assert fields(page) == pytest.approx(trainer.network.layers[0].W[1].tolist(), rel=0.01)


def test_a_unit_fed_by_both_coordinates_tells_its_line(open_page: Open, trainer: Trainer) -> None:
    page = open_page(LINK)
    page.click("[data-key=unit-0-0]")
    w1, w2, b = trainer.network.layers[0].W[0]
    facts = page.locator(".facts")
    expect(facts).to_contain_text("normal (")
    assert number(facts.inner_text().split()[3]) == pytest.approx(abs(b) / np.hypot(w1, w2), rel=0.01)
    page.click("[data-key=unit-1-0]")
    expect(facts).to_be_hidden()  # the output is fed by units
    expect(page.locator(".unit-panel .name")).to_have_text("Output unit")


def test_the_line_is_drawn_on_the_plane(open_page: Open) -> None:
    page = open_page(LINK)
    page.click("[data-key=unit-0-0]")
    page.wait_for_function("() => document.querySelector('#output-title').textContent === 'Unit 1 of layer 1'")
    ink = """() => {
      const canvas = document.querySelector('.plane .map');
      const { data } = canvas.getContext('2d').getImageData(30, 10, canvas.width - 40, canvas.height - 40);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) count += data[i] < 60 && data[i + 1] < 60 && data[i + 2] < 60;
      return count;
    }"""
    with_line = page.evaluate(ink)
    page.check("[name=xSquared]")  # no line any more
    page.wait_for_url("**xSquared=true**")
    page.wait_for_function(f"before => ({ink})() < before / 2", arg=with_line)


def test_a_weight_is_set_by_keyboard_alone(open_page: Open) -> None:
    page = open_page(LINK)
    page.locator("[data-key=unit-0-0]").focus()
    page.keyboard.press("Enter")
    first = page.locator(".fields input").first
    expect(first).to_be_focused()
    expect(first).to_have_attribute("aria-label", "Weight from x1 to unit 1 of layer 1")
    page.keyboard.type("-2.5")
    page.keyboard.press("Enter")
    expect(page.locator(".formula")).to_contain_text("tanh(−2.50")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".fields input").nth(2)).to_have_attribute("aria-label", "Bias of unit 1 of layer 1")
    page.keyboard.type("1.5")
    page.keyboard.press("Tab")
    expect(page.locator(".formula")).to_contain_text("+ 1.50)")


def test_what_is_no_number_changes_nothing(open_page: Open) -> None:
    page = open_page(LINK)
    page.click("[data-key=unit-0-0]")
    before = formula_of(page)
    first = page.locator(".fields input").first
    first.fill("much")
    first.press("Tab")
    page.click("[data-key=unit-0-1]")
    page.click("[data-key=unit-0-0]")
    expect(page.locator(".formula")).to_have_text(before, use_inner_text=True)


def test_a_step_tells_gradient_step_and_new_value_of_a_weight(
    open_page: Open, trainer: Trainer, keep: Callable[[Page, str], None]
) -> None:
    page = open_page(LINK)
    page.select_option("#step-unit", "update")
    page.click("#step")
    before = trainer.network.theta.copy()
    trainer.step(1)
    page.mouse.move(*page.evaluate(HOVER_LINK))
    expect(page.locator(".link-panel .gradient")).not_to_have_text("–")
    expect(page.locator(".link-panel .name")).to_have_text("Weight from unit 1 of layer 1 to output unit")
    place = 6  # of theta: two units of two weights and a bias each come first
    exact = {name: page.get_attribute(f".link-panel .{name}", "title") for name in ("gradient", "value")}
    gradient, old, new = trainer.gradient()[place], before[place], trainer.network.theta[place]
    assert number(exact["gradient"] or "") == pytest.approx(gradient, rel=1e-12)
    assert number(exact["value"] or "") == new
    assert page.inner_text(".link-panel .value") == f"{new:.4f}".replace("-", "−")
    bracketed = f"({gradient:.4f})" if gradient < 0 else f"{gradient:.4f}"
    line = f"{new:.4f} = {old:.4f} − {trainer.rate:g} × {bracketed}".replace("-", "−")
    expect(page.locator(".link-panel .update")).to_have_text(f"new = old − rate × gradient: {line}")
    keep(page, "link-panel")


@pytest.mark.parametrize("optimizer", ["adam", "nesterov"])
def test_the_step_that_is_told_is_what_the_optimizer_has_added(open_page: Open, optimizer: str) -> None:
    link = f"{LINK}&optimizer={optimizer}&schedule=inverse&decayEpochs=1&clipNorm=0.01"
    page, trainer = open_page(link), Trainer(parse_link(link).config)
    step_to(page, 1)
    page.select_option("#step-unit", "update")
    page.click("#step")
    trainer.train(1)
    before = trainer.network.theta.copy()
    trainer.step(1)
    page.mouse.move(*page.evaluate(HOVER_LINK))
    new, step = trainer.network.theta[6], trainer.network.theta[6] - before[6]
    assert step != pytest.approx(-trainer.rate * trainer.gradient()[6], rel=1e-3)
    update = page.locator(".link-panel .update")
    expect(update).to_contain_text("new = old + step: " + f"{new:.4f} = {before[6]:.4f} + ".replace("-", "−"))
    assert number(page.inner_text(".link-panel .update").split(" + ")[-1].strip("()")) == pytest.approx(step, abs=5e-5)
    assert number(page.get_attribute(".link-panel .gradient", "title") or "") == pytest.approx(
        trainer.gradient()[6], rel=1e-12
    )


def test_without_a_step_the_panel_says_how_to_see_a_gradient(open_page: Open) -> None:
    page = open_page(LINK)
    page.mouse.move(*page.evaluate(HOVER_LINK))
    expect(page.locator(".link-panel .hint")).to_contain_text("after Step")
    expect(page.locator(".link-panel .gradient")).to_have_text("–")


def test_a_weight_is_slid(open_page: Open) -> None:
    page = open_page(LINK)
    page.mouse.click(*page.evaluate(HOVER_LINK))
    slider = page.locator(".card [type=range]")
    expect(page.locator(".card .number")).to_be_focused()
    slider.fill("3")
    expect(page.locator(".link-panel .value")).to_have_text("3.0000")
    page.keyboard.press("Escape")
    expect(slider).to_be_hidden()


def test_escape_from_a_field_leaves_the_focus_at_its_unit(open_page: Open) -> None:
    page = open_page(LINK)
    page.mouse.click(*page.evaluate(HOVER_LINK))
    expect(page.locator(".card .number")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-key^=unit-]:focus")).to_have_count(1)


def test_a_touched_link_opens_its_card(open_page: Open) -> None:
    page = open_page(LINK, width=390, height=844, has_touch=True)
    page.locator(".scroller").scroll_into_view_if_needed()
    page.touchscreen.tap(*page.evaluate(HOVER_LINK))
    expect(page.locator(".card .number")).to_be_visible()


@pytest.mark.parametrize("act", ["hover", "click"])
def test_a_bias_that_is_taken_back_while_it_is_pointed_at_or_edited_is_told_no_more(open_page: Open, act: str) -> None:
    page = open_page(LINK)
    page.click("[data-key=more-0]")
    unit = page.locator("[data-key=unit-0-2]")
    getattr(unit, act)(position={"x": 1, "y": unit.evaluate("e => e.clientHeight") - 1})
    expect(page.locator(".link-panel .name")).to_have_text("Bias of unit 3 of layer 1")
    page.evaluate("document.querySelector('#undo').click()")  # as the key does, for which no field may have the focus
    expect(unit).to_have_count(0)
    expect(page.locator(".link-panel")).to_be_hidden()
    expect(page.locator(".card")).to_be_hidden()


def test_the_curve_marks_where_a_pointed_place_is(open_page: Open) -> None:
    page = open_page(LINK)
    page.click("[data-key=unit-0-0]")
    curve = "() => document.querySelector('.unit-panel canvas').toDataURL()"
    page.wait_for_function("() => document.querySelector('.unit-panel figcaption').textContent === 'Tanh'")
    before = page.evaluate(curve)
    page.locator(".plane").hover()
    expect(page.locator(".unit-panel figcaption")).to_contain_text("z ")
    assert page.evaluate(curve) != before


def test_a_network_of_nothing_but_sums_tells_the_one_layer_that_it_equals(
    open_page: Open, keep: Callable[[Page, str], None]
) -> None:
    link = "dataset=gauss&networkShape=3,2&seed=0.5&activation=linear&outputActivation=linear&xTimesY=true"
    page, trainer = open_page(link), Trainer(parse_link(link).config)
    step_to(page, 2)
    trainer.train(2)
    collapsed = trainer.collapsed()
    assert collapsed is not None
    layer = page.locator(".collapse .layer")
    terms = "".join(layer.inner_text().split())
    found = re.fullmatch(r"y=(\S+)x1([+−]\S+)x2([+−]\S+)x1x2([+−]\S+)", terms)
    assert found, terms
    assert [number(term.lstrip("+")) for term in found.groups()] == pytest.approx(collapsed[0].tolist(), rel=0.01)
    keep(page, "collapse")
    expect(page.locator(".collapse .scaled")).to_be_hidden()
    page.click("[data-key=unit-2-0]")  # the output's own numbers, and this
    expect(layer).to_be_visible()
    page.click("[data-key=unit-0-0]")
    expect(layer).to_be_hidden()
    page.click("[data-key=unit-0-0]")
    page.mouse.move(5, 5)
    page.click("#more")
    page.check("#setting-normalize")
    expect(page.locator(".collapse")).to_contain_text("equals one layer of the normalized inputs:")
    page.locator(".layer-activations select").first.select_option("tanh")
    expect(layer).to_be_hidden()


def test_a_layer_of_several_outputs_has_a_row_for_each(loaded: Page) -> None:
    texts = in_module(
        loaded,
        "inspector/collapsed",
        """({ Collapse }, [collapsed, layout]) => {
          const section = document.querySelector('.collapse').cloneNode(true);
          new Collapse(section).render({ frame: { collapsed }, layout, config: {} }, true);
          return [...section.querySelectorAll('.layer p')].map((row) => row.textContent.replaceAll('\u2009', ''));
        }""",
        [[1, -2, 3, 4, 5, -6], {"shape": [2, 4, 2], "features": ["x", "y"]}],
    )
    assert texts == ["y1 = 1.00x1 − 2.00x2 + 3.00", "y2 = 4.00x1 + 5.00x2 − 6.00"]


def test_every_unit_and_every_parameter_can_be_reached_by_tab(open_page: Open) -> None:
    page = open_page("networkShape=3,2&seed=1")
    page.locator("[data-key=unit-0-0]").focus()
    reached = set()
    for _ in range(14):
        reached.add(page.evaluate("() => document.activeElement.dataset.key"))
        page.keyboard.press("Tab")
    assert {f"unit-{layer}-{unit}" for layer, units in enumerate((3, 2, 1)) for unit in range(units)} <= reached


def test_parameters_and_speed_are_told(open_page: Open) -> None:
    page = open_page("networkShape=3,2&seed=1")
    expect(page.locator(".rest .parameters")).to_have_text("20")
    page.click("#play")
    page.wait_for_function("() => Number(document.querySelector('#update-rate').textContent.replaceAll(',', '')) > 0")
    page.click("#play")
    expect(page.locator("#update-rate")).to_have_text("0")


def test_scores_are_those_of_the_engine(open_page: Open) -> None:
    page = open_page(LINK)
    trainer = Trainer(parse_link(LINK).config)
    step_to(page, 3)
    trainer.train(3)
    measures = trainer.measure()
    expect(page.locator("#test-score")).to_have_text(f"{100 * measures.test_score:.1f} %")
    expect(page.locator("#train-score")).to_have_text(f"{100 * measures.train_score:.1f} %")
    page.select_option("#knobs [name=problem]", "regression")
    expect(page.locator("#score-label")).to_have_text("R²")

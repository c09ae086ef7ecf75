"""The sheet of further settings: every one arrives in the run, says why it has no effect, and goes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine import Config, Trainer, parse_link
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import MODES
from engine.tables.schedules import SCHEDULES
from engine.tables.tasks import TASKS
from tests.drawing import in_module
from tests.engine.runs import PLANE_TASKS
from tests.page.page.test_layout import OVERLAPS
from tests.person import number, play_to, step_to

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
ELSEWHERE = {
    "networkShape": "#more-layers",
    "seed": "#regenerate",
    "activations": ".layer-activations select",
    "initZero": "#settings [name=initializer]",
    "points": "#draw",
    "hide": "#share-dialog fieldset",
    "compact": "#share-dialog option[value=compact]",
    "tutorial": "#lessons-open",
}
"""Fields whose control has another name, and where that is."""
LINKS_ALONE = {"collectStats", "hideText"}
"""Fields that are set by links alone."""


def opened(page: Page) -> Page:
    page.click("#more")
    expect(page.locator("#settings")).to_be_visible()
    return page


def config_of(page: Page) -> Config:
    return parse_link(page.url).config


def test_every_field_of_a_configuration_has_a_control(open_page: Open) -> None:
    page = opened(open_page("seed=1"))
    named = page.eval_on_selector_all("main [name], #knobs [name], #settings [name]", "all => all.map(e => e.name)")
    assert Config.model_fields.keys() - set(named) == ELSEWHERE.keys() | LINKS_ALONE
    for name, selector in ELSEWHERE.items():
        assert page.locator(selector).count(), name


def test_every_menu_has_its_table_and_every_control_a_name_and_an_explanation(open_page: Open) -> None:
    page = opened(open_page("seed=1"))
    tables: dict[str, dict[str, Any]] = {
        "problem": TASKS,
        "loss": LOSSES,
        "optimizer": OPTIMIZERS,
        "schedule": SCHEDULES,
        "initializer": INITIALIZERS,
        "outputActivation": OUTPUTS,
        "regularizationMode": MODES,
    }
    for name, table in tables.items():
        options = page.eval_on_selector_all(f"[name={name}] option", "all => all.map(e => [e.value, e.label])")
        assert options == [[key, entry.label] for key, entry in table.items()]
    unlike = """all => all.filter((row) => row.querySelectorAll('.about').length !== 1
      || [...row.querySelectorAll('input, select')].some((input) => !input.labels.length && !input.ariaLabel))
      .map((row) => row.outerHTML)"""
    assert page.eval_on_selector_all(".setting", unlike) == []
    assert page.locator(".setting").count() == 21


@pytest.mark.long
def test_every_setting_of_the_sheet_arrives_in_the_link_and_defaults_takes_all_back(open_page: Open) -> None:
    page = opened(open_page("seed=1"))
    page.select_option("#knobs [name=regularization]", "L2")
    page.wait_for_url("**regularization=L2**")
    before, badge = page.url, page.locator("#more .badge")
    expect(badge).to_be_hidden()
    chosen = {"optimizer": "adam", "schedule": "step", "outputActivation": "linear", "initializer": "he"}
    chosen["regularizationMode"] = "loss"
    typed = {
        "momentum": "0.8",
        "decayRate": "0.7",
        "decayEpochs": "20",
        "clipNorm": "2",
        "dropout": "0.25",
        "weightSeed": "abc",
        "numSamples": "300",
        "percValidationData": "20",
        "patience": "40",
        "minDelta": "0.01",
    }
    for name, value in chosen.items():
        page.select_option(f"#settings [name={name}]", value)
    for name, value in typed.items():
        page.fill(f"#setting-{name}", value)
        page.press(f"#setting-{name}", "Enter")
    for name in ("reshuffle", "restoreBest", "coverTest", "normalize"):
        page.check(f"#setting-{name}")
    for name, value in {**chosen, **typed, "normalize": "true"}.items():
        page.wait_for_url(re.compile(rf"[#&]{name}={value}(&|$)"))
    config = config_of(page)
    assert all((config.reshuffle, config.restoreBest, config.coverTest, config.normalize))
    expect(badge).to_have_text(str(len(chosen) + len(typed) + 4))
    page.reload()
    page.locator("body.ready").wait_for()
    expect(page.locator("#settings")).to_be_hidden()
    opened(page)
    for name, value in typed.items():
        expect(page.locator(f"#setting-{name}")).to_have_value(value)
    page.click("#usual")
    page.wait_for_url(before)
    expect(badge).to_be_hidden()
    assert page.is_disabled("#usual")
    page.click("#undo")
    page.wait_for_url("**optimizer=adam**")


def test_a_problem_has_its_own_loss_and_output_and_only_what_fits_in_the_menus(open_page: Open) -> None:
    page = opened(open_page("seed=1&loss=perceptron&outputActivation=step"))
    for problem in PLANE_TASKS:
        task = TASKS[problem]
        page.select_option("#knobs [name=problem]", problem)
        if problem != "classification":
            page.wait_for_url(re.compile(rf"^(?!.*(loss|outputActivation)=).*problem={problem}"))
            expect(page.locator("[name=loss]")).to_have_value(task.loss)
            expect(page.locator("[name=outputActivation]")).to_have_value(task.output)
        for name, table in (("loss", LOSSES), ("outputActivation", OUTPUTS)):
            shown = page.eval_on_selector_all(
                f"[name={name}] option", "all => all.filter(e => !e.hidden && !e.disabled).map(e => e.value)"
            )
            assert shown == [key for key, entry in table.items() if problem in entry.problems]
    page.select_option("#knobs [name=loss]", "huber")
    page.wait_for_url("**loss=huber**")
    page.select_option("#knobs [name=loss]", "squared")  # its own needs not to be said
    page.wait_for_url(re.compile(r"^(?!.*loss=)"))


def test_more_training_points_leave_fewer_to_validate(open_page: Open) -> None:
    page = open_page("seed=1&percValidationData=40")
    page.locator("[type=range][name=percTrainData]").fill("80")
    page.wait_for_url("**percTrainData=80**")
    assert config_of(page).percValidationData == 19
    expect(page.locator("#setting-percValidationData")).to_have_value("19")


def test_zero_and_other_first_weights(open_page: Open) -> None:
    page = opened(open_page("seed=1&initializer=he"))
    for name, link in (("zero", "initZero=true"), ("xavier", "initializer=xavier"), ("zero", "initZero=true")):
        page.select_option("[name=initializer]", name)
        page.wait_for_url(f"**{link}**")
        expect(page.locator("[name=initializer]")).to_have_value(name)
    expect(page.locator("#why-weightSeed")).to_have_text("Nothing is drawn: all weights start at zero.")
    page.select_option("[name=initializer]", "uniform")
    page.wait_for_url(re.compile(r"^(?!.*init)"))


def test_a_roll_of_the_dice_keeps_the_data_and_takes_other_weights(open_page: Open) -> None:
    page = opened(open_page("dataset=xor&seed=1"))
    points = "document.querySelector('.plane .points').toDataURL()"
    before = page.evaluate(points)
    page.click("#reroll")
    page.wait_for_url("**weightSeed=**")
    config = config_of(page)
    expect(page.locator("#setting-weightSeed")).to_have_value(config.weightSeed)
    expect(page.locator("#test-loss")).to_have_text(f"{Trainer(config).losses().test:.3f}")
    assert page.evaluate(points) == before


def test_layers_have_activations_of_their_own_which_the_knob_sets_all_at_once(open_page: Open) -> None:
    page = opened(open_page("networkShape=4,3,2&seed=1"))
    menus, knob = page.locator(".layer-activations select"), page.locator("#knob-activation")
    curve = "() => document.querySelectorAll('.layer-activations canvas')[1].toDataURL()"
    before = page.evaluate(curve)
    menus.nth(1).select_option("relu")
    page.wait_for_url("**activations=tanh,relu,tanh**")
    expect(knob).to_have_value("per layer")
    page.wait_for_function(f"before => ({curve})() !== before", arg=before)
    page.click("[data-key=unit-1-0]")
    expect(page.locator(".unit-panel figcaption")).to_have_text("ReLU")
    page.evaluate(
        """() => {
          for (const menu of document.querySelectorAll('.layer-activations select')) {
            menu.value = 'relu';
            menu.dispatchEvent(new Event('change', { bubbles: true }));
          }
        }"""
    )  # all before the next picture
    page.wait_for_url(re.compile(r"activation=relu(?!.*activations)"))  # one name says it all
    expect(knob).to_have_value("relu")
    menus.nth(0).select_option("sine")
    page.wait_for_url("**activations=sine,relu,relu**")
    knob.select_option("elu")
    page.wait_for_url(re.compile(r"activation=elu(?!.*activations)"))
    page.click("#fewer-layers")
    expect(menus).to_have_count(2)


@pytest.mark.parametrize(
    ("name", "link", "reason"),
    [
        ("momentum", "optimizer=rmsprop", "RMSprop has no momentum."),
        ("momentum", "optimizer=adam", ""),
        ("decayRate", "schedule=cosine", "The schedule Cosine has no factor."),
        ("decayRate", "schedule=inverse", ""),
        ("decayEpochs", "", "The schedule Constant has no period."),
        ("decayEpochs", "schedule=cosine", ""),
        ("dropout", "networkShape=", "There are no hidden units to leave out."),
        ("reshuffle", "batchSize=250", "Every batch has all points, in whatever order."),
        ("reshuffle", "", ""),
        ("weightSeed", "initZero=true&dropout=0.5", ""),  # the seed draws who is left out, too
        ("numSamples", "dataset=own", "Your own points are as many as you have made."),
        ("numSamples", "dataset=own&problem=regression", ""),
        ("patience", "", "Needs a share of points that validate."),
        ("patience", "percValidationData=10", ""),
        ("minDelta", "percValidationData=10", "Needs early stopping."),
        ("restoreBest", "patience=10", "Needs early stopping."),
        ("restoreBest", "percValidationData=10&patience=10", ""),
        ("clipNorm", "", ""),
        ("regularizationMode", "optimizer=adam", "There is no regularization."),
        ("regularizationMode", "optimizer=adamw&regularization=L2", "With AdamW it always is weight decay."),
        (
            "regularizationMode",
            "regularization=L2",
            "Without clipping, gradient descent makes the same step either way.",
        ),
        ("regularizationMode", "regularization=L2&clipNorm=1", ""),
        ("regularizationMode", "regularization=L1", ""),
        ("regularizationMode", "regularization=L2&optimizer=momentum", ""),
    ],
)
def test_a_setting_without_effect_has_a_reason(loaded: Page, name: str, link: str, reason: str) -> None:
    config = parse_link(link).config.model_dump()
    ask = "({ reasonOf }, [name, scene]) => reasonOf(name, { ...scene, facts: JSON.parse(facts.textContent) })"
    assert in_module(loaded, "controls/disabled", ask, [name, {"config": config, "train": 250}]) == reason


def test_a_setting_without_effect_is_disabled_and_says_why_until_it_has_one(open_page: Open) -> None:
    page = opened(open_page("seed=1"))
    patience = page.locator("#setting-patience")
    expect(patience).to_be_disabled()
    expect(patience).to_have_accessible_description("Needs a share of points that validate.")
    page.locator("[type=range][name=percValidationData]").fill("30")
    expect(patience).to_be_enabled()
    expect(page.locator("#why-patience")).to_be_hidden()


def test_the_rate_falls_by_its_schedule_and_is_told(open_page: Open) -> None:
    link = "seed=1&schedule=exponential&decayEpochs=5&learningRate=0.1"
    page = opened(open_page(link))
    rate, canvas = page.locator(".schedule output"), "document.querySelector('.schedule canvas').toDataURL()"
    expect(rate).to_have_text("0.100")
    before = page.evaluate(canvas)
    step_to(page, 2)
    trainer = Trainer(parse_link(link).config)
    trainer.train(2)
    expect(rate).to_have_text(f"{trainer.rate:.4f}")
    assert page.evaluate(canvas) != before
    page.select_option("[name=schedule]", "constant")
    expect(page.locator(".schedule")).to_be_hidden()


def test_the_sheet_stands_beside_the_run_and_escape_closes_it(open_page: Open, keep: Keep) -> None:
    link = "networkShape=4,3,2&seed=1&percValidationData=20&patience=9&schedule=cosine&coverTest=true&optimizer=adam"
    page = opened(open_page(link))
    play_to(page, 5)
    keep(page, "settings")
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [1280, 800]
    assert page.evaluate(OVERLAPS) == []
    sheet = page.locator("#settings").bounding_box()
    assert sheet
    for part in ("#network .stage", ".plane", ".chart-plot", ".losses"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["x"] + box["width"] <= sheet["x"], part
    page.focus("#setting-clipNorm")
    page.keyboard.press("Escape")
    expect(page.locator("#settings")).to_be_hidden()
    expect(page.locator("#more")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#more")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.locator("#usual")).to_be_focused()


STANDS_LEFT = """() => document.querySelector('#settings').getBoundingClientRect().right
  <= document.querySelector('.plane').getBoundingClientRect().left"""


def test_beside_a_lesson_and_on_a_narrow_screen_the_sheet_leaves_lesson_and_output_free(
    open_page: Open, keep: Keep
) -> None:
    page = opened(open_page("seed=1"))
    page.click("#lessons-open")
    expect(page.locator("#lessons")).to_be_visible()
    page.wait_for_function(STANDS_LEFT)
    boxes = {name: page.locator(name).bounding_box() for name in ("#settings", "#lessons", ".plane")}
    keep(page, "settings-lesson")
    sheet, lesson, plane = boxes.values()
    assert sheet
    assert lesson
    assert plane
    assert sheet["x"] + sheet["width"] <= plane["x"]
    assert sheet["x"] + sheet["width"] <= lesson["x"]
    page.click("#lessons-open")
    page.set_viewport_size({"width": 1024, "height": 768})
    for name in (".plane", ".losses"):
        sheet, shown = page.locator("#settings").bounding_box(), page.locator(name).bounding_box()
        assert sheet
        assert shown
        assert sheet["x"] + sheet["width"] <= shown["x"]
    keep(page, "settings-narrow")


def test_on_a_phone_the_sheet_unfolds_below_the_knobs(open_page: Open, keep: Keep) -> None:
    page = open_page("seed=1&schedule=step", width=390, height=844, has_touch=True, is_mobile=True)
    page.tap("#more")
    page.locator("#settings").scroll_into_view_if_needed()
    keep(page, "settings-phone")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    small = page.eval_on_selector_all(
        "#settings :is(select, [type=text]):not(:disabled)",
        "all => all.filter(e => e.offsetHeight < 44).map(e => e.name)",
    )
    assert small == []
    knobs, sheet = page.locator("#knobs").bounding_box(), page.locator("#settings").bounding_box()
    assert knobs
    assert sheet
    assert knobs["y"] + knobs["height"] <= sheet["y"] < knobs["y"] + knobs["height"] + 40


def test_the_batch_has_the_name_of_its_size(open_page: Open) -> None:
    page = open_page("seed=1")
    kind = page.locator("#batch-kind")
    for size, said in (
        ("1", "stochastic 250 updates"),
        ("30", "mini-batch 8 updates"),
        ("250", "gradient descent 1 update"),
    ):
        page.fill("#batchSize-number", size)
        page.press("#batchSize-number", "Enter")
        expect(kind).to_have_text(said)
    expect(page.locator("#batchSize-number")).to_have_accessible_description("gradient descent 1 update")
    page.click(".about[popovertarget=about-batchSize]")
    expect(page.locator("#about-batchSize [aria-current=true] b")).to_have_text("gradient descent")


def test_a_schedule_that_leaves_all_numbers_is_drawn_as_far_as_they_go(open_page: Open) -> None:
    page = opened(open_page("seed=1&schedule=step&learningRate=1e300&decayRate=10&decayEpochs=10"))
    assert number(page.inner_text(".schedule output")) == 1e300

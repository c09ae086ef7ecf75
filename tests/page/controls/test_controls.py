"""The controls: each changes the run, and the address with it."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from engine import Trainer, parse_link
from engine.data.datasets import DATASETS, Point
from engine.data.points import encode
from engine.tables.activations import ACTIVATIONS
from engine.tables.features import FEATURES
from tests.person import epoch, step_to

Open = Callable[..., Page]


def test_a_menu_changes_the_run_without_losing_it(open_page: Open) -> None:
    page = open_page("seed=1")
    step_to(page, 2)
    for name, value in (
        ("learningRate", "0.3"),
        ("activation", "relu"),
        ("activation", "gelu"),
        ("regularization", "L1"),
        ("regularizationRate", "0.01"),
    ):
        page.select_option(f"#knobs [name={name}]", value)
        page.wait_for_url(f"**{name}={value}**")
        assert epoch(page) == 2
    step_to(page, 3)


def test_a_step_heeds_the_knob_that_was_moved_just_before(open_page: Open) -> None:
    page = open_page("seed=1")
    page.evaluate(
        """() => {
          const rate = document.querySelector('#knobs [name=learningRate]');
          rate.value = '1';
          rate.dispatchEvent(new Event('input', { bubbles: true }));
          rate.dispatchEvent(new Event('change', { bubbles: true }));
          document.querySelector('#step').click();
        }"""
    )
    page.wait_for_url("**learningRate=1&**")
    page.wait_for_function("() => document.querySelector('#epoch').textContent === '000,001'")
    trainer = Trainer(parse_link("seed=1&learningRate=1").config)
    trainer.train(1)
    shown = float(page.inner_text("#test-loss"))
    assert abs(shown - trainer.measure().test_loss) < 0.002 * shown


def test_any_learning_rate_can_be_typed(open_page: Open) -> None:
    page = open_page("seed=1")
    page.select_option("[name=learningRate]", "other")
    page.keyboard.type("0.123")
    page.keyboard.press("Enter")
    page.wait_for_url("**learningRate=0.123**")
    expect(page.locator("[name=learningRate]")).to_have_value("0.123")


def test_a_typed_rate_that_is_no_number_changes_nothing(open_page: Open) -> None:
    page = open_page("seed=1")
    page.select_option("[name=learningRate]", "other")
    page.keyboard.type("fast")
    page.keyboard.press("Enter")
    expect(page.locator("[name=learningRate]")).to_have_value("0.03")


def test_a_number_out_of_its_limits_is_refused_with_a_sentence(open_page: Open) -> None:
    page = open_page("seed=1")
    page.fill("#noise-number", "800")
    page.keyboard.press("Enter")
    expect(page.locator("#notice span")).to_have_text("noise: expected at most 100, got 800.")
    page.locator("#noise-number").blur()
    expect(page.locator("#noise-number")).to_have_value("0")


def test_a_slider_and_its_field_are_one(open_page: Open) -> None:
    page = open_page("seed=1")
    for name, value in {"percTrainData": "70", "noise": "25", "batchSize": "30"}.items():
        page.locator(f"[type=range][name={name}]").fill(value)
        page.wait_for_url(f"**{name}={value}**")
        expect(page.locator(f"#{name}-number")).to_have_value(value)


def test_more_noise_moves_the_same_points(open_page: Open) -> None:
    page = open_page("dataset=spiral&seed=1")
    points = "document.querySelectorAll('.plane canvas')[1].toDataURL()"
    still = page.evaluate(points)
    page.locator("[type=range][name=noise]").fill("20")
    page.wait_for_url("**noise=20**")
    page.wait_for_function(f"before => {points} !== before", arg=still)
    page.locator("[type=range][name=noise]").fill("0")
    page.wait_for_function(f"before => {points} === before", arg=still)


def test_the_batch_reaches_to_all_training_points_and_no_further(open_page: Open) -> None:
    page = open_page("seed=1")
    assert page.get_attribute("[type=range][name=batchSize]", "max") == "250"
    page.fill("#batchSize-number", "400")
    page.keyboard.press("Enter")
    page.wait_for_url("**batchSize=250**")
    expect(page.locator("#notice span")).to_contain_text("250")


def test_every_data_set_of_the_engine_is_drawn_and_can_be_chosen(open_page: Open) -> None:
    page = open_page("seed=1")
    blank = page.evaluate(
        "(() => { const c = document.createElement('canvas'); c.width = c.height = 64; return c.toDataURL() })()"
    )
    pictures = page.eval_on_selector_all(".thumbnail:not(.own) canvas", "all => all.map(canvas => canvas.toDataURL())")
    assert len(set(pictures)) == sum(not dataset.own for dataset in DATASETS.values())
    assert blank not in pictures
    for name, dataset in DATASETS.items():
        if dataset.problem == "classification" and name not in ("circle", "own"):
            page.click(f".thumbnail:has([value={name}])")
            page.wait_for_url(f"**dataset={name}**")


def test_the_problem_chooses_which_data_sets_are_shown(open_page: Open) -> None:
    page = open_page("seed=1")
    page.select_option("[name=problem]", "regression")
    page.wait_for_url("**problem=regression**")
    expect(page.locator(".thumbnail:visible")).to_have_count(
        sum(dataset.problem == "regression" for dataset in DATASETS.values())
    )


def test_features_are_toggled_by_mouse_and_keyboard(open_page: Open) -> None:
    page = open_page("seed=1")
    assert page.locator(".feature").count() == len(FEATURES)
    page.click(".feature:has([name=sinX])")
    page.wait_for_url("**sinX=true**")
    page.keyboard.press("Tab")  # away and back: after a click, Space plays
    page.keyboard.press("Shift+Tab")
    page.keyboard.press(" ")
    page.wait_for_url(re.compile(r"^(?!.*sinX)"))


def test_cosines_are_fed_in_our_own_links(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click(".feature:has([name=cosX])")
    page.wait_for_url("**cosX=true&v=1**")
    page.reload()
    expect(page.locator("[name=cosX]")).to_be_checked()


def test_layers_and_units_are_added_and_removed_up_to_the_limits(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click("#more-layers")
    page.wait_for_url("**networkShape=4,2,2**")
    page.click("[data-key=more-0]")
    page.wait_for_url("**networkShape=5,2,2**")
    page.click("[data-key=fewer-1]")
    page.wait_for_url("**networkShape=5,1,2**")
    assert page.is_disabled("[data-key=fewer-1]")
    for left in ("5,1", "5", ""):
        page.click("#fewer-layers")
        page.wait_for_url(re.compile(f"networkShape={left}(&|$)"))
    assert page.is_disabled("#fewer-layers")
    assert page.inner_text("#layers-count").lower() == "0 hidden layers"


def test_presses_before_the_next_picture_add_up(open_page: Open) -> None:
    page = open_page("networkShape=4,2&seed=1")
    press = "keys => keys.forEach((key) => document.querySelector(`[data-key=${key}], #${key}`).click())"
    page.evaluate(press, ["more-0", "more-1", "more-1", "fewer-0", "more-0", "more-layers"])
    page.wait_for_url("**networkShape=5,4,2**")
    page.evaluate(press, ["fewer-2", "fewer-2", "fewer-2", *["more-layers"] * 9])
    page.wait_for_url("**networkShape=5,4,1,2,2,2,2,2,2,2**")
    page.evaluate(press, ["more-1"] * 70)
    page.wait_for_url("**networkShape=5,64,1,**")


def test_ten_layers_of_many_units_are_drawn(open_page: Open, keep: Callable[[Page, str], None]) -> None:
    page = open_page("networkShape=12,12,12,12,12,12,12,12,12,12&seed=1")
    assert page.is_disabled("#more-layers")
    assert page.locator(".unit").count() == 121  # and the output
    keep(page, "ten-layers")


def test_pointing_at_a_unit_shows_it_large(open_page: Open) -> None:
    page = open_page("dataset=xor&seed=1")
    page.hover("[data-key=unit-0-2]")
    expect(page.locator("#output-title")).to_have_text("Unit 3 of layer 1")
    page.mouse.move(5, 5)
    expect(page.locator("#output-title")).to_have_text("Output")


def test_a_weight_is_set_where_it_is_drawn(open_page: Open) -> None:
    page = open_page("dataset=xor&seed=1")
    before = page.inner_text("#test-loss")
    box = page.locator("[data-key=unit-0-0]").bounding_box()
    assert box
    page.mouse.click(box["x"] - 12, box["y"] + box["height"] / 3)
    page.keyboard.type("-3")
    page.keyboard.press("Enter")
    page.wait_for_function("before => document.querySelector('#test-loss').textContent !== before", arg=before)
    page.mouse.move(box["x"] - 12, box["y"] + box["height"] / 3)
    expect(page.locator(".card output")).to_have_text("= −3.00")


def test_controls_are_hidden_by_the_link(open_page: Open) -> None:
    page = open_page("seed=1&activation_hide=true&playButton_hide=true")
    expect(page.locator("#knobs [name=activation]")).to_be_hidden()
    expect(page.locator("#play")).to_be_hidden()
    expect(page.locator("#knobs [name=problem]")).to_be_visible()


def test_every_activation_of_the_engine_is_in_the_menu(open_page: Open) -> None:
    page = open_page()
    values = page.eval_on_selector_all("[name=activation] option", "all => all.map(option => option.value)")
    assert values == list(ACTIVATIONS)


def test_a_unit_that_is_removed_while_it_is_shown_large_gives_way_to_the_output(open_page: Open) -> None:
    page = open_page("dataset=xor&networkShape=4,3&seed=1")
    page.click("[data-key=unit-1-2]")
    page.mouse.move(5, 5)
    expect(page.locator("#output-title")).to_have_text("Unit 3 of layer 2")  # pinned
    page.click("[data-key=fewer-1]")
    expect(page.locator("#output-title")).to_have_text("Output")


def test_noise_is_off_for_points_of_ones_own_and_says_why(open_page: Open, keep: Callable[[Page, str], None]) -> None:
    page = open_page(
        f"seed=1&dataset=own&points={encode([Point(1, 1, 1), Point(-1, -1, -1), Point(1, -1, 1), Point(-1, 1, -1)])}"
    )
    why, slider = page.locator("#why-noise"), page.locator("input[type=range][name=noise]")
    expect(why).to_have_text("None is added to your own points.")
    expect(slider).to_be_disabled()
    expect(page.locator("#noise-number")).to_be_disabled()
    keep(page, "noise-off")
    page.locator("[name=dataset][value=xor]").check()
    expect(why).to_be_hidden()
    expect(slider).to_be_enabled()

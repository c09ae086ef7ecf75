"""Numbers that are typed: every field reads both decimal marks, or says no in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.drawing import in_module

Open = Callable[..., Page]
READ: dict[str, float] = {
    "0.9": 0.9,
    "0,9": 0.9,
    " 2,5 ": 2.5,
    ",5": 0.5,
    "5.": 5,
    "−1,25": -1.25,
    "+3": 3,
    "1e-3": 0.001,
    "1,5E2": 150,
    "0,030": 0.03,
    "1000": 1000,
}
REFUSED = {
    "fast": "expected a number, such as 0.5 or 0,5, got fast.",
    "": "expected a number, such as 0.5 or 0,5, got nothing.",
    "0x10": "expected a number, such as 0.5 or 0,5, got 0x10.",
    "1.000,5": "expected a number, such as 0.5 or 0,5, got 1.000,5.",
    "1 5": "expected a number, such as 0.5 or 0,5, got 1 5.",
    "1e999": "expected a number, such as 0.5 or 0,5, got 1e999.",
    "1,000": "1,000 can be read in two ways: type 1.000 or 1000.",
}
LISTS: dict[str, list[float]] = {
    "0.03, 1.5": [0.03, 1.5],
    "0.03,1.5": [0.03, 1.5],
    "0.03, 1.5,": [0.03, 1.5],
    "0.1,1": [0.1, 1],
    "0.01, 0.1,1": [0.01, 0.1, 1],
    "0,03; 1,5": [0.03, 1.5],
    "0,03;1.5": [0.03, 1.5],
    "0,03, 1,5": [0.03, 1.5],
    "0,03 1,5": [0.03, 1.5],
    "1 1,5": [1, 1.5],
    "0.01 0.1": [0.01, 0.1],
    "1, 3, 10": [1, 3, 10],
    "": [],
}
UNCLEAR = ("0,03", "1,3", "1,3,10", "0,03,1,5", "1, 3,10", "0.5 1,5", "0.5, 0,05")


def attempt(page: Page, name: str, *arguments: object) -> Any:
    """What a function of the module says, or the message of its error."""
    call = f"({{ {name} }}, all) => {{ try {{ return {name}(...all); }} catch ({{ message }}) {{ return message; }} }}"
    return in_module(page, "draw/numbers", call, list(arguments))


def test_a_number_is_read_with_either_decimal_mark(loaded: Page) -> None:
    assert {text: attempt(loaded, "readNumber", text) for text in READ} == READ


def test_what_is_no_number_is_refused_in_a_sentence(loaded: Page) -> None:
    assert {text: attempt(loaded, "readNumber", text) for text in REFUSED} == REFUSED


def test_a_list_is_read_however_it_is_punctuated(loaded: Page) -> None:
    assert {text: attempt(loaded, "readNumbers", text) for text in LISTS} == LISTS
    assert attempt(loaded, "readNumbers", "1,10,100", True) == [1, 10, 100]
    assert attempt(loaded, "readNumbers", "1, 10,100", True) == [1, 10, 100]


@pytest.mark.parametrize("text", UNCLEAR)
def test_a_list_that_can_be_read_in_two_ways_is_refused(loaded: Page, text: str) -> None:
    assert "can be read in two ways" in attempt(loaded, "readNumbers", text)


TYPED = {"percTrainData": "62,5", "noise": "2,5", "learningRate": "0,07", "decayRate": "0,9", "clipNorm": "2,5"}


def typed(page: Page, name: str, text: str) -> None:
    """A number typed into the field of a setting, as a person does it."""
    if name == "learningRate":
        page.select_option(f"[name={name}]", "other")
        page.keyboard.type(text)
    else:
        page.fill(f"#{name}-number, #setting-{name}", text)
    page.keyboard.press("Enter")


def test_every_setting_reads_a_decimal_comma(open_page: Open) -> None:
    page = open_page("seed=1&schedule=step")
    page.click("#more")
    for name, text in TYPED.items():
        typed(page, name, text)
        page.wait_for_url(f"**{name}={text.replace(',', '.')}**")


def test_no_field_of_the_page_is_one_that_the_browser_reads_in_its_own_language(open_page: Open) -> None:
    page = open_page("seed=1")
    assert page.locator("input[type=number]").count() == 0
    assert page.locator("input.number").count() > 15
    unnamed = "all => all.filter((field) => !field.ariaLabel && !field.labels.length).map((field) => field.outerHTML)"
    assert page.eval_on_selector_all("input.number", unnamed) == []


def test_every_setting_says_no_to_what_is_no_number(open_page: Open) -> None:
    page = open_page("seed=1&schedule=step")
    page.click("#more")
    labels = {"learningRate": "Learning rate", "noise": "Noise", "decayRate": "Factor", "clipNorm": "Gradient clipping"}
    before = page.url
    for name, label in labels.items():
        typed(page, name, "fast")
        expect(page.locator("#notice span")).to_have_text(f"{label}: expected a number, such as 0.5 or 0,5, got fast.")
    page.locator("#share").focus()
    expect(page.locator("#noise-number")).to_have_value("0")
    assert page.url == before


def test_arrow_keys_count_and_escape_takes_back_what_was_typed(open_page: Open) -> None:
    page = open_page("seed=1&noise=10")
    noise = page.locator("#noise-number")
    noise.press("ArrowUp")
    page.wait_for_url("**noise=11**")
    page.click("#more")
    momentum = page.locator("#setting-patience")
    page.fill("#setting-percValidationData", "20")
    page.press("#setting-percValidationData", "Enter")
    momentum.fill("7")
    momentum.press("Escape")
    expect(momentum).to_have_value("0")
    expect(momentum).to_be_focused()
    momentum.press("Escape")
    expect(page.locator("#settings")).to_be_hidden()
    expect(page.locator("#more")).to_be_focused()
    assert "patience" not in page.url


def test_compared_values_have_either_decimal_mark(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click("#compare")
    page.fill(".gallery-last", "1")
    page.fill(".gallery-values", "0,03; 1,5")
    page.press(".gallery-values", "Enter")
    expect(page.locator(".gallery-name span")).to_have_text(["0.03", "1.5"])
    page.fill(".gallery-values", "0,03,1,5")
    page.press(".gallery-values", "Enter")
    expect(page.locator(".gallery-why")).to_have_text(
        "Values: 0,03,1,5 can be read in two ways: put semicolons between the numbers."
    )
    page.select_option(".gallery-by", "loss")
    page.fill(".gallery-limit", "0,5")
    page.press(".gallery-limit", "Tab")
    expect(page.locator(".gallery-words")).to_be_hidden()
    page.fill(".gallery-limit", "half")
    page.press(".gallery-limit", "Tab")
    expect(page.locator(".gallery-words")).to_have_text("Limit: expected a number of at least 0, got half.")


def test_restarts_and_frames_have_whole_numbers_within_limits(open_page: Open) -> None:
    page = open_page("seed=1")
    page.click("#restarts")
    for field, text, sentence in (
        (".gallery-count", "100", "Runs: expected a whole number from 2 to 64, got 100."),
        (".gallery-last", "2,5", "Epochs: expected a whole number from 1 to 10000, got 2,5."),
    ):
        before = page.input_value(field)
        page.fill(field, text)
        page.press(field, "Enter")
        expect(page.locator(".gallery-why")).to_have_text(sentence)
        expect(page.locator(field)).to_be_focused()
        page.fill(field, before)


def test_a_weight_is_typed_with_a_decimal_comma_and_escape_leaves_it_as_it_is(open_page: Open) -> None:
    page = open_page("dataset=xor&seed=1")
    page.click("[data-key=unit-0-0]")
    first = page.locator(".fields input").first
    first.fill("−2,5")
    first.press("Enter")
    expect(page.locator(".formula")).to_contain_text("tanh(−2.50")
    box = page.locator("[data-key=unit-0-0]").bounding_box()
    assert box
    for key, text, value in (("Enter", "-1,25", "−1.25"), ("Escape", "9", "−1.25")):
        page.mouse.click(box["x"] - 12, box["y"] + box["height"] / 3)
        page.keyboard.type(text)
        page.keyboard.press(key)
        expect(page.locator(".card .editor")).to_be_hidden()
        expect(page.locator(".formula")).to_contain_text(f"tanh({value}")

"""The marks of the explanations: out of sight until asked for; labels open the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
SEEN = """() => [...document.querySelectorAll('.about')].filter((mark) =>
  mark.checkVisibility({ opacityProperty: true })).map((mark) => mark.getAttribute('popovertarget'))"""


@pytest.mark.parametrize(
    ("label", "topic"),
    [
        ("#knobs label:text('Activation')", "activation"),
        (".slider label:text('Noise')", "noise"),
        ("#epoch-label", "epoch"),
        ("dt:has-text('Training loss')", "trainLoss"),
        ("#data h2", "dataset"),
        (".key span:has-text('bias')", "bias"),
    ],
)
def test_a_label_opens_its_explanation(open_page: Open, label: str, topic: str) -> None:
    page = open_page("seed=1")
    page.locator(label).first.click()
    expect(page.locator(f"#about-{topic}")).to_be_visible()


def test_a_checkbox_goes_on_by_its_label(open_page: Open) -> None:
    page = open_page("seed=1")
    page.get_by_text("Discretize").first.click()
    expect(page.locator("[name=discretize]")).to_be_checked()
    expect(page.locator(".explanation:popover-open")).to_have_count(0)


def test_marks_come_where_a_person_points_or_goes_by_keys(open_page: Open) -> None:
    page = open_page("seed=1", reduced_motion="reduce")
    assert page.evaluate(SEEN) == []
    page.hover("#knob-activation")
    assert page.evaluate(SEEN) == ["about-activation"]
    page.mouse.move(0, 0)
    page.keyboard.press("Tab")
    page.locator("#noise-number").focus()
    assert page.evaluate(SEEN) == ["about-noise"]


def test_a_key_and_a_button_mark_all_that_is_explained(open_page: Open) -> None:
    page = open_page("seed=1", reduced_motion="reduce")
    page.keyboard.press("h")
    assert len(page.evaluate(SEEN)) > 25
    assert page.locator("[popovertarget=about-noise]").evaluate("mark => mark.tabIndex") == 0
    page.keyboard.press("h")
    assert page.evaluate(SEEN) == []
    page.keyboard.press("?")
    page.get_by_role("button", name="Mark what is explained").click()
    assert len(page.evaluate(SEEN)) > 25

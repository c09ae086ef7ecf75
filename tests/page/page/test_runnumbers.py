"""The numbers beside the output: of each part of the data, and of a test that is covered."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from engine import Trainer, parse_link
from tests.page.page.test_layout import OVERLAPS
from tests.person import step_to

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
LINK = "seed=1&noise=20&percValidationData=30"


def test_validation_has_its_loss_and_score_where_points_validate(open_page: Open, keep: Keep) -> None:
    page = open_page(LINK)
    step_to(page, 3)
    trainer = Trainer(parse_link(LINK).config)
    trainer.train(3)
    measures = trainer.measure()
    expect(page.locator("#validation-loss")).to_have_text(f"{measures.validation_loss:.3f}")
    expect(page.locator("#validation-score")).to_have_text(f"{100 * measures.validation_score:.1f} %")
    expect(page.locator("#announcer")).to_contain_text(f"validation loss {measures.validation_loss:.3f}")
    page.focus(".chart-plot")
    page.keyboard.press("End")
    expect(page.locator(".chart-card span")).to_have_text(["epoch", "test", "validation", "train", "batches"])
    keep(page, "validated")
    assert page.evaluate(OVERLAPS) == []
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [1280, 800]
    page.click("#more")
    page.fill("#setting-percValidationData", "0")
    page.keyboard.press("Enter")
    expect(page.locator("#validation-loss")).to_be_hidden()
    step_to(page, 2)
    page.focus(".chart-plot")
    page.keyboard.press("End")
    expect(page.locator(".chart-card span")).to_have_text(["epoch", "test", "train", "batches"])


def test_a_covered_test_is_told_nowhere_until_it_is_asked_for(open_page: Open, keep: Keep) -> None:
    page = open_page("seed=1&coverTest=true")
    loss, announcer, names = page.locator("#test-loss"), page.locator("#announcer"), page.locator(".chart-card span")
    step_to(page, 2)
    expect(announcer).to_contain_text("Epoch 2, test loss covered, training loss 0.")
    expect(loss).to_have_text("covered")
    expect(page.locator("#test-score")).to_have_text("–")
    expect(page).to_have_title("Playground")
    page.focus(".chart-plot")
    page.keyboard.press("End")
    expect(names).to_have_text(["epoch", "train", "batches"])
    keep(page, "covered")
    page.click("#uncover")
    expect(page.locator("#notice span")).to_have_text("The test loss is shown until the next run.")
    trainer = Trainer(parse_link("seed=1").config)
    trainer.train(2)
    expect(loss).to_have_text(f"{trainer.losses().test:.3f}")
    expect(page).to_have_title(re.compile(r"^0\.\d{3} - Playground"))
    page.focus(".chart-plot")
    page.keyboard.press("End")
    expect(names).to_have_text(["epoch", "test", "train", "batches"])
    page.click("#reset")
    expect(loss).to_have_text("covered")


def test_a_cover_that_is_put_on_again_covers(open_page: Open) -> None:
    page = open_page("seed=1&coverTest=true")
    page.click("#uncover")
    page.click("#more")
    page.uncheck("#setting-coverTest")
    expect(page.locator("#uncover")).to_be_hidden()
    page.check("#setting-coverTest")
    expect(page.locator("#test-loss")).to_have_text("covered")


HIDE = """hidden => {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
"""The tab goes to the background, or comes back."""


def test_the_title_of_a_tab_in_the_background_follows_the_losses(open_page: Open) -> None:
    page = open_page("seed=1&dataset=xor&learningRate=0.003", fresh=True)
    page.evaluate(HIDE, True)
    page.keyboard.press(" ")
    titles = []
    for _ in range(2):
        titles.append(page.title())
        page.wait_for_function("before => document.title !== before && /^▶ \\d/.test(document.title)", arg=titles[-1])
    page.keyboard.press(" ")
    page.wait_for_function("() => !document.title.startsWith('▶')")
    page.evaluate(HIDE, False)
    page.wait_for_function("() => document.title.startsWith(document.querySelector('#test-loss').textContent)")

"""What the page says: words that pass, words that last while they are true, and notes that stay until they are read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.drawing import in_module
from tests.person import epoch, step_to

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
DAMAGED = "seed=1&cosX=true&percTrainData=1&activation=nonsense&tutorial=nowhere"
ALONE = """({ Notice }, acts) => {
  const holder = document.createElement('div');
  holder.innerHTML = '<p><span></span></p><div><ul></ul><button></button></div>';
  const notice = new Notice(...holder.children), said = [];
  for (const [name, ...rest] of acts) {
    notice[name](...rest);
    said.push(holder.querySelector('span').textContent);
  }
  return said;
}"""


def texts(page: Page) -> list[str]:
    return page.locator("#notes li").all_inner_texts()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_notes_about_a_link_are_one_list_in_sight(open_page: Open, keep: Keep, width: int, scheme: str) -> None:
    page = open_page(DAMAGED, width=width, height=844 if width == 390 else 800, color_scheme=scheme)
    expect(page.locator("#notes li").last).to_have_text("There is no lesson named nowhere.")
    told = texts(page)
    assert len(told) == 4
    for part in ("cosX", "activation", "larger than the 5 training points"):
        assert any(part in note for note in told)
    keep(page, f"notes-{width}-{scheme}")
    box = page.locator("#notes").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    on_top = "([x, y]) => document.elementFromPoint(x, y).closest('#notes') !== null"
    assert page.evaluate(on_top, middle)


def test_what_the_page_says_next_leaves_the_notes_alone(open_page: Open) -> None:
    page = open_page(DAMAGED)
    expect(page.locator("#notes li")).to_have_count(4)
    page.fill("#noise-number", "fast")
    page.press("#noise-number", "Enter")
    expect(page.locator("#notice span")).to_contain_text("Noise: expected a number")
    expect(page.locator("#notes li")).to_have_count(4)


@pytest.mark.parametrize("way", ["dismiss", "escape", "step", "change"])
def test_notes_go_when_they_are_dismissed_or_the_person_goes_on(open_page: Open, way: str) -> None:
    page = open_page(DAMAGED)
    expect(page.locator("#notes li")).to_have_count(4)
    if way == "dismiss":
        page.get_by_role("button", name="Dismiss").click()
    elif way == "escape":
        page.keyboard.press("Escape")
    elif way == "step":
        step_to(page, 1)
    else:
        page.select_option("#knobs [name=activation]", "relu")
    expect(page.locator("#notes li")).to_have_count(0)
    expect(page.get_by_role("button", name="Dismiss")).to_be_hidden()


def test_another_link_brings_its_own_notes_alone(open_page: Open) -> None:
    page = open_page(DAMAGED)
    expect(page.locator("#notes li")).to_have_count(4)
    page.evaluate("location.hash = 'seed=1&loss=nothing'")
    expect(page.locator("#notes li")).to_have_count(1)
    expect(page.locator("#notes li")).to_contain_text("loss")


def test_a_passing_word_gives_way_to_what_lasts(loaded: Page) -> None:
    acts = [
        ["keep", "diverged", "It diverged."],
        ["say", "Copied."],
        ["pass"],
        ["keep", "connection", "Lost."],
        ["say", "No."],
        ["pass"],
        ["release", "connection"],
        ["release", "diverged"],
    ]
    said = in_module(loaded, "page/notice", ALONE, acts)
    assert said == ["It diverged.", "Copied.", "It diverged.", "Lost.", "No.", "Lost.", "It diverged.", ""]


def test_a_word_does_not_pass_while_nobody_can_read_it(loaded: Page) -> None:
    hidden = """(module, acts) => {
      const is = (hidden) => Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      is(true);
      try { return (%s)(module, acts); } finally { delete document.hidden; }
    }"""
    assert (
        in_module(loaded, "page/notice", hidden % ALONE, [["say", "Early stopping."], ["pass"]])
        == ["Early stopping."] * 2
    )


def test_a_refusal_is_gone_once_something_is_done(loaded: Page) -> None:
    acts = [["refuse", "No."], ["done"], ["say", "Copied."], ["done"], ["refuse", "No."], ["say", "Yes."], ["done"]]
    said = in_module(loaded, "page/notice", ALONE, acts)
    assert said == ["No.", "", "Copied.", "Copied.", "No.", "Yes.", "Yes."]


def test_a_refused_number_is_spoken_of_until_one_is_taken(open_page: Open) -> None:
    page = open_page("seed=1")
    page.fill("#noise-number", "fast")
    page.press("#noise-number", "Enter")
    expect(page.locator("#notice span")).to_contain_text("Noise: expected a number")
    page.fill("#noise-number", "10")
    page.press("#noise-number", "Enter")
    expect(page.locator("#notice span")).to_have_text("")


def test_without_points_neither_play_nor_step_pretends_to_train(open_page: Open) -> None:
    page = open_page("dataset=own&seed=1")
    for control in ("#play", "#step"):
        page.click(control)
        sentence = "There are no points to train on: choose a data set, or draw or import points."
        expect(page.locator("#notice span")).to_have_text(sentence)
        expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
        page.evaluate("document.querySelector('#notice span').textContent = ''")
    assert epoch(page) == 0

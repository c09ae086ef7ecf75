"""Somebody who clicks, drags, types and turns whatever there is, without any sense: nothing breaks."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.inputs.scale import ACTS, PLAYERS, some
from tests.person import wait_for_epoch, wait_until_drawn

Open = Callable[..., Page]
Act = Callable[[Page, random.Random], Any]
LOOK = 20
"""After so many acts the page is looked at."""
LINKS = (
    "",
    "dataset=spiral&networkShape=7,8,8,8&batchSize=10",
    "problem=multiclass&dataset=blobs&validation=20",
    "problem=regression&dataset=reg-plane&networkShape=&activation=linear",
    "dataset=xor&initializer=zeros&optimizer=adam&dropout=0.2&networkShape=4,4",
    "networkShape=4,2,2&activation=linear&problem=regression&learningRate=1e308",
    "lesson=xor",
    "dataset=nope&seed=<b>&networkShape=0,99,-1&learningRate=high",
)
SCREENS = ((1280, 800), (390, 844), (320, 568), (844, 390), (1001, 700), (1920, 1080))
KEYS = (
    *("Space", "Enter", "Escape", "Tab", "Shift+Tab", "Delete", "Backspace", "Home", "End", "PageUp", "PageDown"),
    *("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Control+z", "Control+Shift+z", *"rsu1d?+-"),
)
TEXTS = ("0.03", "-5", "1e308", "abc", "", "7,8,8", "1,2,3\n4,5", "٣", "<b>x</b>", "tanh", "spiral")
STAY = """addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  if (link && !link.getAttribute('href').startsWith('#')) event.preventDefault();
}, true)"""
"""What keeps a click from leaving the page."""
SHOWN = """([what, share]) => {
  const all = [...document.querySelectorAll(what)].filter((e) => e.checkVisibility({ visibilityProperty: true }));
  return all[Math.floor(share * all.length)] ?? document.body;
}"""
BOX = f"""(asked) => {{
  const {{ x, y, width, height }} = ({SHOWN})(asked).getBoundingClientRect();
  return [x, y, width, height];
}}"""
TURN = f"""([what, share, to, text]) => {{
  const e = ({SHOWN})([what, share]);
  if (e.disabled) return;
  const options = [...e.options ?? []].filter((option) => !option.disabled && !option.selected);
  if (options.length) options[Math.floor(to * options.length)].selected = true;
  else if (e.type === 'range') e.value = Number(e.min) + to * (e.max - e.min);
  else if (e.type === 'text') e.value = text;
  e.dispatchEvent(new Event('input', {{ bubbles: true }}));
  e.dispatchEvent(new Event('change', {{ bubbles: true }}));
}}"""
OUTSIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.body.querySelectorAll('*')]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth)
  .map((e) => [e.cloneNode().outerHTML, e.getBoundingClientRect().right, innerWidth])"""
"""What makes the page wider than its window."""
WRONG = r"NaN|undefined|Infinity|\[object"
"""What no text of the page may have."""


def _place(page: Page, rng: random.Random) -> tuple[float, float]:
    size = page.viewport_size or {"width": 0, "height": 0}
    return rng.random() * size["width"], rng.random() * size["height"]


def _click(page: Page, rng: random.Random) -> None:
    what = "button, a, input, select, summary, canvas, label, [data-key], [tabindex='0']"
    x, y, width, height = page.evaluate(BOX, [what, rng.random()])
    page.mouse.click(x + width * rng.random(), y + height * rng.random(), click_count=rng.choice((1, 1, 1, 2)))


def _drag(page: Page, rng: random.Random) -> None:
    page.mouse.move(*_place(page, rng))
    page.mouse.down()
    for _ in range(rng.randrange(1, 6)):
        page.mouse.move(*_place(page, rng))
    page.mouse.up()


def _turn(page: Page, rng: random.Random) -> None:
    page.evaluate(TURN, ["select, input", rng.random(), rng.random(), rng.choice(TEXTS)])


def _resize(page: Page, rng: random.Random) -> None:
    width, height = rng.choice(SCREENS)
    page.set_viewport_size({"width": width, "height": height})


ACTIONS: dict[str, tuple[int, Act]] = {
    "click": (40, _click),
    "turn": (12, _turn),
    "press": (12, lambda page, rng: page.keyboard.press(rng.choice(KEYS))),
    "drag": (10, _drag),
    "type": (4, lambda page, rng: page.keyboard.type(rng.choice(TEXTS))),
    "scroll": (4, lambda page, rng: page.mouse.wheel(0, rng.randrange(-600, 600))),
    "resize": (2, _resize),
    "back": (2, lambda page, _: page.evaluate("() => { if (navigation.canGoBack) history.back(); }")),
    "link": (1, lambda page, rng: page.evaluate("link => { location.hash = link; }", rng.choice(LINKS))),
}
"""What somebody does, how often, and how."""


@pytest.mark.long
@pytest.mark.parametrize("seed", range(PLAYERS))
def test_whatever_is_clicked_dragged_typed_and_turned_breaks_nothing(open_page: Open, seed: int) -> None:
    rng = some(seed)
    page = open_page(LINKS[seed % len(LINKS)], fresh=True, faults=True)
    page.add_init_script(STAY)
    page.evaluate(STAY)
    said: list[str] = []

    def log(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 422" not in message.text:  # the answer to points that are none
            said.append(message.text)

    page.on("console", log)
    page.context.on("page", lambda other: other.close())
    names, weights = list(ACTIONS), [often for often, _ in ACTIONS.values()]
    for count in range(ACTS):
        name = rng.choices(names, weights)[0]
        ACTIONS[name][1](page, rng)
        if count % LOOK == LOOK - 1:
            wait_until_drawn(page)
            assert (said, re.findall(WRONG, page.inner_text("body"))) == ([], []), f"act {count}: {name}"
            assert page.evaluate(OUTSIDE) == [], f"act {count}: {name}"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(page.url.split("#")[0] + "#dataset=xor&seed=1")
    page.reload()
    page.locator("body.ready").wait_for()
    page.click("#play")
    wait_for_epoch(page, 5)

"""The lessons beside the playground: each played to its ticked question, and how the panel behaves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from app.lessons import all_lessons
from engine import Trainer
from engine.link.link import parse_link
from tests.page.charts import LOAD
from tests.person import epoch, place_of, play_to, step_to, wait_for_epoch, wait_until_drawn
from tests.server import StartServer

Open = Callable[..., Page]
Keep = Callable[[Page, str], None]
Act = Callable[[Page], object]
OURS = all_lessons()
NAMES = [*OURS]
FIRST = OURS["first-steps"].link_of("first-steps")


def panel(page: Page, title: str = "First steps") -> Locator:
    """The panel, with a lesson on show."""
    expect(page.locator(".lesson h2")).to_have_text(title)
    expect(page.locator(".lesson h2")).to_be_visible()  # a closed one has its words still
    return page.locator("#lessons")


def box(page: Page, selector: str) -> FloatRect:
    found = page.locator(selector).bounding_box()
    assert found
    return found


# --- what a student does to answer ------------------------------------------------------------------------------------


def play(page: Page) -> None:
    page.click("#play")


def check(*features: str) -> Act:
    """Turn features on and play."""

    def act(page: Page) -> None:
        for name in features:
            page.locator(f"main [name={name}]").check()
        play(page)

    return act


def choose(name: str, value: str) -> Act:
    """Choose a value in a menu above the network and play."""

    def act(page: Page) -> None:
        page.select_option(f"#knobs [name={name}]", value)
        play(page)

    return act


def settle(page: Page, name: str, value: str) -> None:
    """Change one of the further settings."""
    if page.locator("#settings").is_hidden():
        page.click("#more")
    field = page.locator(f"#setting-{name}")
    if field.evaluate("e => e.tagName") == "SELECT":
        field.select_option(value)
    elif field.get_attribute("type") == "checkbox":
        field.check()
    else:
        field.fill(value)
        field.press("Enter")
        field.blur()


def settings(**values: str) -> Act:
    """Change further settings and play."""

    def act(page: Page) -> None:
        for name, value in values.items():
            settle(page, name, value)
        page.click("#settings .dialog-close")
        play(page)

    return act


def slide(name: str, value: str) -> Act:
    """Type a number beside a slider and play."""

    def act(page: Page) -> None:
        page.fill(f"#{name}-number", value)
        page.press(f"#{name}-number", "Enter")
        page.locator(f"#{name}-number").blur()
        play(page)

    return act


def turn_the_line(page: Page) -> None:
    page.click("[data-key=unit-0-0]")
    fields = page.locator(".unit-panel .fields input")
    for i, value in enumerate(("1", "1", "-1.5")):
        fields.nth(i).fill(value)
        fields.nth(i).press("Enter")


def count(page: Page) -> None:
    page.click("[data-key=more-0]")
    page.click("[data-key=more-1]")


def point_between(page: Page) -> None:
    play_to(page, 5)
    page.mouse.move(*place_of(page, 0.0, 0.0))


def point_at_the_worst(page: Page) -> None:
    last = play_to(page, 15)
    page.locator("[name=showWorst]").check()
    trainer = Trainer(parse_link(OURS["worst-points"].link).config)
    trainer.train(last)
    worst = trainer.train_data.points[int(trainer.point_losses()[0].argmax())]
    page.mouse.move(*place_of(page, worst.x, worst.y))


def descend(page: Page) -> None:
    page.select_option("#knobs [name=learningRate]", "0.1")
    page.wait_for_url("**learningRate=0.1&**")
    step_to(page, 3)
    start, end = box(page, ".feature:has([name=x])"), box(page, "[data-key=unit-0-0]")
    page.mouse.move((start["x"] + start["width"] + end["x"]) / 2, start["y"] + start["height"] / 2, steps=2)
    for share in range(1, 20):  # along the way from the feature to the unit, until the pointer is on the link
        at = start["x"] + start["width"] + share / 20 * (end["x"] - start["x"] - start["width"])
        page.mouse.move(at, start["y"] + start["height"] / 2)
        wait_until_drawn(page)
        if page.locator(".link-panel").is_visible():
            return


def adopt(button: str) -> Act:
    """Train runs side by side, and take over one that has solved it."""

    def act(page: Page) -> None:
        page.click(button)
        page.click(".gallery-start")
        expect(page.locator(".gallery-done")).to_contain_text("have ended")
        page.locator(".gallery-list button").filter(has_text="solved").first.click()

    return act


PLAYED: dict[str, Act] = {
    "first-steps": play,
    "perceptron": play,
    "hyperplane": turn_the_line,
    "activations": choose("activation", "relu"),
    "without-activation": choose("activation", "tanh"),
    "classes": slide("classes", "5"),
    "parameters": count,
    "beyond-lines": check("xSquared", "ySquared"),
    "spiral": check("sinX", "sinY"),
    "softmax": point_between,
    "cross-entropy": choose("loss", "crossEntropy"),
    "worst-points": point_at_the_worst,
    "gradient-descent": descend,
    "learning-rate": adopt("#compare"),
    "decay": settings(schedule="step"),
    "local-minima": adopt("#restarts"),
    "mini-batches": slide("batchSize", "100"),
    "normalization": settings(normalize="on"),
    "splits": settings(patience="20"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_is_ticked_off_once_its_question_is_answered(open_page: Open, name: str) -> None:
    page = open_page(OURS[name].link_of(name))
    panel(page, OURS[name].title)
    for part in (".lessons-body", ".lesson-formulas"):
        assert page.eval_on_selector(part, "e => e.scrollWidth - e.clientWidth") == 0
    done = page.locator(".lesson-done")
    expect(page.locator(".lesson-check li:not(.met):visible").first).to_be_visible()
    expect(done).to_be_hidden()
    PLAYED[name](page)
    expect(done).to_be_visible()
    expect(page.locator(".lessons-announcer")).to_have_text(f"Done: {page.locator('.lesson-praise').inner_text()}")
    assert json.loads(page.evaluate("localStorage.lessons")) == [name]


def test_every_lesson_is_played() -> None:
    assert [*PLAYED] == NAMES


# --- the panel --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_a_link_opens_a_lesson_beside_the_page_that_covers_nothing(
    open_page: Open, keep: Keep, width: int, height: int
) -> None:
    page = open_page(FIRST, width=width, height=height)
    panel(page)
    page.wait_for_function(
        "() => document.querySelector('.stage').clientWidth <= document.querySelector('.scroller').clientWidth"
    )
    keep(page, "lesson" if width == 1280 else "lesson-1920")
    left = box(page, "#lessons")["x"]
    for part in ("#data", "#network", "#output", ".plane", ".view span:last-child", "#inspector"):
        last = page.locator(part).last.bounding_box()
        assert last
        assert last["x"] + last["width"] <= left
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [width, height]
    assert page.eval_on_selector(".scroller", "e => e.scrollWidth === e.clientWidth")
    expect(page.locator(".lesson-check")).to_be_in_viewport(ratio=1)  # whatever the length of the text above


@pytest.mark.parametrize("width", [390, 1024, 1160])
def test_on_a_narrow_screen_the_lesson_stays_above_what_it_tells_of(open_page: Open, keep: Keep, width: int) -> None:
    page = open_page(FIRST, width=width, height=844)
    text = panel(page).locator(".lessons-body")
    keep(page, f"lesson-{'phone' if width == 390 else width}")
    expect(page.locator(".lesson-asked")).to_be_in_viewport(ratio=1)
    expect(page.locator(".lesson-check li:visible").first).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert box(page, "#lessons")["height"] < 0.4 * 844
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    expect(text.get_by_role("heading", name="First steps")).to_be_in_viewport()
    assert text.evaluate("e => [e.scrollHeight > e.clientHeight, e.scrollWidth > e.clientWidth]") == [True, False]


def test_the_button_opens_the_list_and_a_lesson_is_set_up_by_a_click(open_page: Open, keep: Keep) -> None:
    page = open_page("seed=1&dataset=spiral")
    page.click("#lessons-open")
    rows = page.locator(".lessons-list a")
    told = [f"{place}{lesson.title}{lesson.minutes} min" for place, lesson in enumerate(OURS.values(), 1)]
    expect(rows).to_have_text(told)
    expect(page.locator(".lessons-list h3")).to_have_text([*dict.fromkeys(one.chapter for one in OURS.values())])
    expect(page.locator(".lessons-list canvas")).to_have_count(len(OURS))
    keep(page, "lessons")
    expect(page.locator("#lessons-open")).to_have_attribute("aria-expanded", "true")
    rows.first.click()
    panel(page)
    page.wait_for_url(f"**#{FIRST}")
    expect(page.locator("[name=dataset][value=gauss]")).to_be_checked()
    page.get_by_role("link", name="The next lesson").click()
    panel(page, OURS["perceptron"].title)
    page.get_by_role("link", name="The lesson before").click()
    panel(page)
    expect(page.get_by_role("link", name="The lesson before")).to_be_hidden()
    page.go_back()
    panel(page, OURS["perceptron"].title)


def test_words_light_up_what_they_name_and_the_other_way_round(open_page: Open, keep: Keep) -> None:
    page = open_page(OURS["splits"].link_of("splits"))
    panel(page, OURS["splits"].title)
    word, more = page.locator(".shows").first, page.locator("#more")
    word.hover()
    expect(more).to_have_class(re.compile(r"\blit\b"))  # where patience is found
    keep(page, "lesson-words")
    page.mouse.move(5, 5)
    expect(page.locator(".lit")).to_have_count(0)
    word.focus()
    expect(more).to_have_class(re.compile(r"\blit\b"))
    page.locator("#play").focus()
    expect(more).not_to_have_class(re.compile(r"\blit\b"))
    more.hover()
    expect(page.locator(".shows[data-shows=settings]").first).to_have_class(re.compile(r"\blit\b"))


def test_on_a_phone_a_word_brings_into_sight_what_it_names(open_page: Open) -> None:
    page = open_page(OURS["mini-batches"].link_of("mini-batches"), width=390, height=844, has_touch=True)
    panel(page, OURS["mini-batches"].title)
    page.locator(".shows[data-shows=losses]").first.tap()
    expect(page.locator("#chart")).to_be_in_viewport()


def test_hints_come_after_a_while_one_by_one_and_at_last_the_solution(open_page: Open, keep: Keep) -> None:
    page = open_page("seed=1", fresh=True)
    page.context.add_init_script("const after = setTimeout; window.setTimeout = (act, time) => after(act, time / 20)")
    page.goto(page.url.partition("#")[0] + "#" + OURS["spiral"].link_of("spiral"))
    page.reload()
    panel(page, "The spiral")
    more, hints = page.locator(".lesson-hint"), page.locator(".lesson-hints li")
    expect(more).to_be_hidden()
    expect(more).to_have_text("A hint")
    more.click()
    expect(more).to_have_text("Another hint")
    more.click()
    expect(more).to_have_text("The solution")
    more.click()
    expect(more).to_be_hidden()
    expect(hints).to_have_count(3)
    keep(page, "lesson-hints")
    check("sinX", "sinY")(page)
    expect(page.locator(".lesson-learned")).to_have_text(OURS["spiral"].learned or "")
    expect(hints).to_have_count(0)


def test_the_last_lesson_ends_with_what_was_learned_in_all(open_page: Open, keep: Keep) -> None:
    page = open_page("seed=1", fresh=True)
    page.context.add_init_script(f"localStorage.lessons ??= JSON.stringify({NAMES[:-1]})")
    page.goto(page.url.partition("#")[0] + "#" + OURS[NAMES[-1]].link_of(NAMES[-1]))
    page.reload()
    panel(page, OURS[NAMES[-1]].title)
    expect(page.locator(".lesson-end")).to_be_hidden()
    PLAYED[NAMES[-1]](page)
    page.click(".lesson-end")
    expect(page.locator(".lessons-done")).to_have_text(f"All {len(OURS)} done. This is what you have learned:")
    expect(page.locator(".lessons-list li > p")).to_have_count(len(OURS))
    keep(page, "lessons-end")


def test_ticks_are_kept_and_stand_in_the_list(open_page: Open) -> None:
    page = open_page(FIRST)
    panel(page)
    play(page)
    expect(page.locator(".lesson-done")).to_be_visible()
    page.get_by_role("link", name=f"Next: {OURS['perceptron'].title}").click()
    panel(page, OURS["perceptron"].title)
    expect(page.locator(".lesson-done")).to_be_hidden()
    page.reload()
    page.locator("body.ready").wait_for()
    page.click(".lessons-all")
    expect(page.locator(".lessons-done")).to_have_text(f"1 of {len(OURS)} done.")
    expect(page.locator(".lessons-list a:has(svg)")).to_have_accessible_name("First steps (done)")
    page.locator(".lessons-list a").first.click()
    panel(page)
    expect(page.locator(".lesson-done")).to_be_visible()


def test_a_question_that_was_answered_praises_only_what_holds_now(open_page: Open) -> None:
    page = open_page(FIRST)
    panel(page)
    play(page)
    before = page.locator(".lesson-done b").get_by_text("Answered before.")
    expect(page.locator(".lesson-done")).to_be_visible()
    expect(before).to_be_hidden()
    page.click("#play")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    page.click("#reset")
    expect(before).to_be_visible()
    play(page)
    expect(before).to_be_hidden()


@pytest.mark.parametrize("kept", ["{", '{"first-steps": true}'])
def test_a_damaged_memory_is_no_harm(open_page: Open, kept: str) -> None:
    page = open_page("seed=1")
    page.evaluate("kept => localStorage.setItem('lessons', kept)", kept)
    page.evaluate("hash => { location.hash = hash; location.reload(); }", FIRST)
    panel(page)
    page.locator("body.ready").wait_for()
    play(page)
    expect(page.locator(".lesson-done")).to_be_visible()
    assert json.loads(page.evaluate("localStorage.lessons")) == ["first-steps"]


def test_a_browser_that_keeps_nothing_ticks_for_as_long_as_the_page(open_page: Open) -> None:
    page = open_page("seed=1", fresh=True)
    page.add_init_script("Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error('refused') }")
    page.goto(page.url.partition("#")[0] + f"?#{FIRST}")
    page.locator("body.ready").wait_for()
    panel(page)
    play(page)
    expect(page.locator(".lesson-done")).to_be_visible()
    page.click(".lessons-all")
    expect(page.locator(".lessons-done")).to_have_text(f"1 of {len(OURS)} done.")


def test_a_network_that_was_trained_on_something_else_answers_no_question(open_page: Open) -> None:
    """A condition that a click meets at once says nothing about the run before it."""
    link = OURS["beyond-lines"].link_of("beyond-lines").replace("dataset=ring", "dataset=circle")
    page = open_page(f"{link}&xSquared=true&ySquared=true")
    panel(page, OURS["beyond-lines"].title)
    play(page)
    rows = page.locator(".lesson-check li:visible")
    expect(rows.filter(has_text="Test loss")).to_have_class("met")
    expect(rows.filter(has_text="Data set")).to_have_text("Data setRing")
    page.locator("[name=dataset][value=ring]").check(force=True)
    expect(rows).to_have_count(1)
    expect(page.locator(".lesson-done")).to_be_hidden()
    assert page.evaluate("localStorage.lessons ?? null") is None


def test_what_shall_stay_is_shown_only_where_it_does_not(open_page: Open) -> None:
    page = open_page(FIRST)
    panel(page)
    rows = page.locator(".lesson-check li:visible")
    expect(rows).to_have_count(1)
    page.locator("[name=dataset][value=xor]").check(force=True)
    expect(rows).to_have_count(2)
    expect(rows.first).to_have_text("Data setTwo Gaussians")


def test_setting_it_up_again_starts_anew(open_page: Open) -> None:
    page = open_page(FIRST)
    panel(page)
    step_to(page, 2)
    page.click(".lesson-begin")
    page.wait_for_function("() => document.querySelector('#epoch').textContent === '000,000'")


def test_a_try_sets_the_playground_and_keeps_the_lesson(open_page: Open) -> None:
    page = open_page(OURS["perceptron"].link_of("perceptron"))
    panel(page, OURS["perceptron"].title)
    page.locator(".lesson-tries a").click()
    page.wait_for_url("**dataset=xor**tutorial=perceptron**")
    panel(page, OURS["perceptron"].title)
    expect(page.locator("[name=dataset][value=xor]")).to_be_checked()


def test_a_lesson_leaves_the_look_of_the_page_as_it_is(open_page: Open) -> None:
    page = open_page(f"{FIRST}&compact=true&noise_hide=true")
    panel(page)
    page.get_by_role("link", name="The next lesson").click()
    panel(page, OURS["perceptron"].title)
    expect(page.locator("body.compact")).to_be_visible()
    assert "compact=true" in page.url
    assert "noise_hide=true" in page.url


def test_a_closed_lesson_is_gone_from_the_link_and_the_run_goes_on(open_page: Open) -> None:
    page = open_page(FIRST)
    panel(page)
    step_to(page, 2)
    page.get_by_role("button", name="Close the lessons").click()
    expect(page.locator("#lessons")).to_be_hidden()
    page.wait_for_url("**#dataset=gauss&networkShape=3&seed=2")
    assert epoch(page) == 2
    width = box(page, "#network")["width"]
    page.go_back()
    panel(page)
    assert box(page, "#network")["width"] < width


def test_an_unknown_lesson_is_told(open_page: Open) -> None:
    page = open_page("seed=1&tutorial=../nope")
    expect(page.locator("#notes li")).to_have_text("There is no lesson named ../nope.")
    expect(page.locator("#lessons")).to_be_hidden()
    step_to(page, 1)


def test_a_server_that_does_not_answer_is_told(open_page: Open) -> None:
    page = open_page("seed=1", faults=True)
    page.route("**/api/v1/lessons", lambda route: route.abort())
    page.evaluate("location.hash = 'seed=1&tutorial=spiral'")
    expect(page.locator("#notes li")).to_have_text("The lessons could not be loaded: the server does not answer.")
    expect(page.locator("#lessons")).to_be_hidden()


def test_lessons_can_be_opened_read_and_closed_by_keyboard(open_page: Open) -> None:
    page = open_page("seed=1")
    page.locator("#lessons-open").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".lessons-head h2")).to_be_focused()
    page.get_by_role("link", name=OURS["spiral"].title).focus()
    page.keyboard.press("Enter")
    panel(page, OURS["spiral"].title)
    expect(page.locator(".lesson h2")).to_be_focused()
    page.get_by_role("button", name="Close the lessons").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#lessons")).to_be_hidden()
    expect(page.locator("#lessons-open")).to_be_focused()


def test_the_keys_of_the_page_work_beside_a_lesson(open_page: Open) -> None:
    page = open_page(FIRST)
    panel(page)
    page.keyboard.press(" ")
    wait_for_epoch(page, 3)


# --- lessons of others, and what they can ask about -------------------------------------------------------------------


MINE = """
title = "Mine"
text = "<b>Look</b> & *do*."
link = "dataset=gauss&networkShape=2&seed=1"
question = "Do something of everything."
done = "Done."

[[check]]
fact = "steps"
at_least = 2

[[check]]
fact = "unitsPinned"
is = 1

[[check]]
fact = "pointsProbed"
at_least = 1

[[check]]
fact = "playing"
is = false
"""


def test_a_lesson_of_a_teacher_counts_what_is_done_since_it_was_set_up(
    open_page: Open, start_server: StartServer, tmp_path: Path
) -> None:
    tmp_path.joinpath("mine.toml").write_text(MINE)
    server = start_server(workers=1, lessons=tmp_path)
    page = open_page("seed=1&networkShape=2", at=server)
    page.click("#step")
    page.click("#lessons-open")
    page.get_by_role("link", name="Mine").click()
    panel(page, "Mine")
    expect(page.locator(".lesson-text")).to_have_text("<b>Look</b> & do.")
    expect(page.locator(".lesson-formulas")).to_be_hidden()
    rows = page.locator(".lesson-check li")
    expect(rows.first).to_have_text("Steps made0at least 2")
    step_to(page, 2)
    expect(rows.first).to_have_text("Steps made2at least 2, met")
    page.click("[data-key=unit-0-1]")
    expect(rows.nth(1)).to_have_class("met")
    page.keyboard.press("Escape")
    first = Trainer(parse_link(server_link(page)).config).train_data.points[0]
    page.mouse.move(*place_of(page, first.x, first.y))
    expect(page.locator(".lesson-done")).to_be_visible()


def server_link(page: Page) -> str:
    """What stands behind the # of the address."""
    return page.url.partition("#")[2]


RESTARTS = "{ restarts: { members: [{ solved: true }, { solved: false }] } }"
COMPARED = "{ compare: { knob: 'noise', members: [{}, {}, {}] } }"
READ = [
    ("restarts", RESTARTS, 2),
    ("restartsSolved", RESTARTS, 0.5),
    ("restarts", COMPARED, 0),
    ("restartsSolved", COMPARED, None),
    ("compared", COMPARED, 3),
    ("comparedKnob", COMPARED, "noise"),
    ("comparedKnob", RESTARTS, None),
]


@pytest.mark.parametrize(("fact", "galleries", "value"), READ)
def test_what_galleries_came_to_can_be_asked_about(loaded: Page, fact: str, galleries: str, value: object) -> None:
    state = f"{{ galleries: {galleries}, config: {{}} }}"
    assert loaded.evaluate(f"async () => (await ({LOAD})('lessons/facts')).readFact('{fact}', {state})") == value


@pytest.mark.parametrize(("fact", "value"), [("loss", "crossEntropy"), ("outputActivation", "softmax"), ("noise", 5)])
def test_a_key_of_the_configuration_is_what_holds(loaded: Page, fact: str, value: object) -> None:
    state = "{ config: { problem: 'multiclass', loss: null, outputActivation: null, noise: 5 } }"
    facts = "JSON.parse(document.querySelector('#facts').textContent)"
    read = f"async () => (await ({LOAD})('lessons/facts')).readFact('{fact}', {state}, {facts})"
    assert loaded.evaluate(read) == value

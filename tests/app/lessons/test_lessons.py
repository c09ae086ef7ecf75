"""The format of lessons: what a file may say, its prose, and the facts it asks about."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from app.lessons import all_lessons
from app.lessons.catalog import lessons_in
from app.lessons.facts import FACTS, RUN_FACTS
from app.lessons.form import Condition
from app.lessons.text import formula, paragraphs, sentence
from app.page.assets import STATIC
from engine.config import Config
from tests.app.lessons.lessons import GOOD, OURS, lessons_folder


def refusal(folder: Path) -> str:
    """What is said about a folder of lessons that is refused."""
    with pytest.raises(ValueError, match=r"\.$") as caught:
        all_lessons(folder)
    return str(caught.value)


# --- the form -------------------------------------------------------------------------------------------------------


def test_a_lesson_of_a_teacher_stands_behind_ours(tmp_path: Path) -> None:
    found = all_lessons(lessons_folder(tmp_path, **{"20-mine": GOOD, "03-first": GOOD.replace("Mine", "First")}))
    assert [*found] == [*OURS, "first", "mine"]
    assert found["mine"].title == "Mine"


def test_a_lesson_of_the_same_name_takes_the_place_of_ours(tmp_path: Path) -> None:
    found = all_lessons(lessons_folder(tmp_path, spiral=GOOD))
    assert [*found] == [*OURS]
    assert found["spiral"].title == "Mine"


def test_what_may_be_left_out_is_left_out(tmp_path: Path) -> None:
    (lesson,) = lessons_in(lessons_folder(tmp_path, mine=GOOD)).values()
    assert (lesson.ideas, lesson.formula, lesson.tries) == ((), (), ())


def test_everything_that_a_lesson_may_say_is_read(tmp_path: Path) -> None:
    more = 'ideas = [2, 3]\nformula = "y = x"\n'
    rest = '\n[[try]]\ntext = "Look."\n\n[[try]]\ntext = "Go."\nlink = "#dataset=gauss&seed=2"\nkeep'
    text = more + GOOD + rest.removesuffix("\nkeep") + '\n\n[[check]]\nfact = "dataset"\nis = "xor"\nkeep = true\n'
    (lesson,) = lessons_in(lessons_folder(tmp_path, mine=text)).values()
    assert (lesson.ideas, lesson.formula) == ((2, 3), ("y = x",))
    assert [one.link for one in lesson.tries] == [None, "dataset=gauss&seed=2"]
    assert [(one.comparison, one.value, one.keep) for one in lesson.check] == [
        ("under", 0.05, False),
        ("is", "xor", True),
    ]


REPLACED = {
    "title": ('title = "Mine"', "", "mine.toml, title: expected a value, got nothing."),
    "empty": ('title = "Mine"', 'title = ""', "mine.toml, title: expected at least 1 character, got ''."),
    "unknown": (
        'title = "Mine"',
        'title = "Mine"\nauthor = "me"',
        "author: expected the name of a field, got 'author'.",
    ),
    "idea": ('title = "Mine"', 'title = "Mine"\nideas = [21]', "ideas.0: expected at most 20, got 21."),
    "link": ("dataset=xor", "dataset=nope", "mine.toml, link: expected a link without a mistake (dataset: expected"),
    "key": (
        "dataset=xor",
        "datasets=xor",
        "link: expected a link without a mistake ('datasets' (did you mean 'dataset'?) is",
    ),
    "lesson": ("dataset=xor", "tutorial=x", "link: expected a link without the key tutorial, which the page adds, got"),
    "formula": ('"Mine"', '"Mine"\nformula = "\\\\frac{"', "mine.toml, formula.0: expected LaTeX that can be set as"),
    "in text": ("$w$", "$\\\\nope$", "mine.toml, text: expected LaTeX that can be set as a formula, got 'Some *words*"),
    "try": ("[[check]]", '[[try]]\ntext = ""\n[[check]]', "mine.toml, try.0.text: expected at least 1 character"),
    "fact": ("testLoss", "tesLoss", "check.0.fact: expected the name of a fact, as docs/lessons.md lists them, got "),
    "no check": (
        '[[check]]\nfact = "testLoss"\nunder = 0.05',
        "check = []",
        "check: expected at least 1 item, got [].",
    ),
    "comparison": ("under = 0.05", "", "check.0: expected one of is, at_least, at_most, under, over, got {'fact'"),
    "two": ("under = 0.05", "under = 0.05\nover = 0", "check.0: expected one of is, at_least, at_most, under, over"),
    "number": ("under = 0.05", 'under = "a"', "check.0.under: expected a number"),
    "size": ("testLoss", "dataset", "check.0: expected the comparison is, because dataset is no number, got"),
    "kind": ("under = 0.05", 'is = "a"', "check.0: expected a number, because testLoss is a number, got"),
    "flag": (
        '"testLoss"\nunder = 0.05',
        '"playing"\nis = 1',
        "check.0: expected true or false, because playing",
    ),
    "value": ('"testLoss"\nunder = 0.05', '"dataset"\nis = "rong"', "check.0.is: expected 'circle', 'xor', 'gauss'"),
    "toml": ("question =", "question", "mine.toml: expected TOML, got a mistake: "),
}


@pytest.mark.parametrize("name", REPLACED)
def test_a_bad_file_is_refused_by_its_name_and_field(tmp_path: Path, name: str) -> None:
    before, after, said = REPLACED[name]
    assert before in GOOD
    text = refusal(lessons_folder(tmp_path, mine=GOOD.replace(before, after, 1)))
    assert text.startswith("mine.toml")
    assert said in text


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    tmp_path.joinpath("mine.toml").write_bytes(b"\xff")
    assert refusal(tmp_path).startswith("mine.toml: expected a text in UTF-8, got ")


@pytest.mark.parametrize("name", ["Mine", "my_lesson", "1-", "x" * 41, "a--b"])
def test_a_name_that_cannot_stand_in_a_link_is_refused(tmp_path: Path, name: str) -> None:
    said = refusal(lessons_folder(tmp_path, **{name: GOOD}))
    assert said.startswith("lessons: expected a name of up to 40 small letters, digits and hyphens")


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    said = refusal(lessons_folder(tmp_path, **{"01-mine": GOOD, "02-mine": GOOD}))
    assert said == "02-mine.toml: expected a name of its own, got a second lesson mine."


@pytest.mark.parametrize("place", ["", "nope"])
def test_a_folder_without_lessons_is_refused(tmp_path: Path, place: str) -> None:
    said = refusal(tmp_path / place)
    assert said.startswith("lessons: expected a folder with lessons, files NAME.toml, got '/")


# --- prose ----------------------------------------------------------------------------------------------------------


def test_prose_becomes_html_and_nothing_in_it_is_markup() -> None:
    assert paragraphs("One\n*two*.\n\n<b>3</b> & 4") == ["One <em>two</em>.", "&lt;b&gt;3&lt;/b&gt; &amp; 4"]
    assert sentence("2 * 3 * 4 costs $5").startswith("2 <em> 3 </em> 4")
    assert "<math" in sentence("about $w_1$.")


@pytest.mark.parametrize(
    "latex", [r"\nope", r"\text{<b>x</b>}", r"\href{javascript:x}{y}", r"\style{color:red}{x}", "a & b", " "]
)
def test_a_formula_is_nothing_but_a_formula(latex: str) -> None:
    with pytest.raises(ValueError, match="LaTeX that can be set"):
        formula(latex)


# --- facts ----------------------------------------------------------------------------------------------------------


def test_the_page_can_read_every_fact() -> None:
    source = (STATIC / "lessons" / "facts.js").read_text()
    (table,) = re.findall(r"export const FACTS = \{\n(.*?)\n\};", source, re.DOTALL)
    assert set(re.findall(r"^  (\w+):", table, re.MULTILINE)) == set(RUN_FACTS)
    assert not set(Config.model_fields) & set(RUN_FACTS)


def test_every_fact_has_a_name_for_people_and_a_sentence() -> None:
    for name, fact in FACTS.items():
        assert fact.label, name
        assert fact.hint.endswith("."), name
        assert fact.kind in ("number", "whole", "share", "flag", "text", "list"), name


@pytest.mark.parametrize(
    ("fact", "comparison", "value", "words"),
    [
        ("testLoss", "under", 0.05, "under 0.05"),
        ("testAccuracy", "at_least", 0.95, "at least 95 %"),
        ("parameters", "is", 12000, "12,000"),
        ("dataset", "is", "xor", "Quadrants (XOR)"),
        ("networkShape", "is", (4, 2), "4, 2"),
        ("networkShape", "is", (), "none"),
        ("showWorst", "is", True, "yes"),
        ("comparedKnob", "is", "learningRate", "Learning rate"),
        ("loss", "is", "crossEntropy", "Cross-entropy"),
    ],
)
def test_what_has_to_hold_is_said_in_words(fact: str, comparison: str, value: Any, words: str) -> None:
    assert Condition.model_validate({"fact": fact, comparison: value}).words == words


def test_words_that_show_a_part_of_the_page_are_buttons_but_in_links() -> None:
    assert sentence("The [batch](batchSize)") == (
        'The <button type="button" class="in-text shows" data-shows="batchSize">batch</button>'
    )
    assert sentence("The [batch](batchSize)", in_link=True) == "The batch"
    with pytest.raises(ValueError, match=r"the name of a part of the page behind \[x\]"):
        sentence("[x](nowhere)")
    assert sentence("[<b>](output)").endswith(">&lt;b&gt;</button>")

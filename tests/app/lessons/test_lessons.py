"""The lessons: their form, what is refused, how they are served, and that ours are as they should be."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.http.problem_json import MEDIA_TYPE
from app.lessons import all_lessons
from app.lessons.catalog import OWN_FOLDER, lessons_in
from app.lessons.facts import FACTS, NAMES, RUN_FACTS
from app.lessons.form import Condition, Lesson
from app.lessons.routes import presented
from app.lessons.text import formula, paragraphs, sentence
from app.page.assets import STATIC
from engine import Trainer
from engine.config import Config
from engine.link.link import parse_link
from tests.server import PATIENCE, ROOT, Serve, Server, clean_environment

PATH = "/api/v1/lessons"
IDEAS = set(range(1, 19))
"""The ideas of the lecture that can be played."""
GOOD = """
title = "Mine"
text = "Some *words* about $w$."
link = "dataset=xor&seed=1"
question = "What?"
done = "That."

[[check]]
fact = "testLoss"
under = 0.05
"""
OURS = all_lessons()


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """A client of the shared server."""
    with httpx.Client(base_url=server.address, trust_env=False, timeout=PATIENCE) as client:
        yield client


def lessons_folder(folder: Path, **files: str) -> Path:
    """A folder with some files, their names without the ending."""
    for name, text in files.items():
        folder.joinpath(f"{name}.toml").write_text(text)
    return folder


def refusal(folder: Path) -> str:
    """What is said about a folder of lessons that is refused."""
    with pytest.raises(ValueError, match=r"\.$") as caught:
        all_lessons(folder)
    return str(caught.value)


# --- the form ---------------------------------------------------------------------------------------------------------


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


# --- prose ------------------------------------------------------------------------------------------------------------


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


# --- facts ------------------------------------------------------------------------------------------------------------


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


# --- our own ----------------------------------------------------------------------------------------------------------


def test_every_idea_of_the_lecture_that_can_be_played_has_a_lesson() -> None:
    assert {idea for lesson in OURS.values() for idea in lesson.ideas} == IDEAS


def test_our_lessons_are_in_the_order_of_the_lecture() -> None:
    firsts = [lesson.ideas[0] for lesson in OURS.values() if lesson.ideas]
    assert firsts == sorted(firsts)
    assert next(iter(OURS)) == "first-steps"


def test_our_files_are_numbered_without_a_gap() -> None:
    numbers = [int(file.name[:2]) for file in sorted(OWN_FOLDER.glob("*.toml"))]
    assert numbers == [*range(1, len(OURS) + 1)]


def links(lesson: Lesson) -> list[str]:
    """All links of a lesson."""
    return [lesson.link, *(one.link for one in lesson.tries if one.link is not None)]


@pytest.mark.parametrize("name", OURS)
def test_our_links_are_good_and_say_their_seed(name: str) -> None:
    for file in OWN_FOLDER.glob(f"*-{name}.toml"):
        written = re.findall(r'^link = "(.*)"$', file.read_text(), re.MULTILINE)
        assert len(written) == len(links(OURS[name]))
        assert all("seed=" in link and not parse_link(link).notes for link in written)


@pytest.mark.parametrize("name", OURS)
def test_what_a_lesson_keeps_holds_when_it_is_set_up(name: str) -> None:
    config = parse_link(OURS[name].link).config
    for condition in OURS[name].check:
        if condition.keep and condition.comparison == "is" and condition.fact in Config.model_fields:
            assert getattr(config, condition.fact) == condition.value


@pytest.mark.parametrize("name", OURS)
def test_a_lesson_is_short_and_has_something_to_try(name: str) -> None:
    lesson = OURS[name]
    assert len(lesson.text.split()) < 150
    assert lesson.tries
    assert lesson.question[-1] in ".?"
    assert any(not condition.keep for condition in lesson.check)


def losses(link: str, *epochs: int) -> list[tuple[float, float]]:
    """Training and test loss of a link after some numbers of epochs."""
    trainer, found = Trainer(parse_link(link).config), []
    for epoch in epochs:
        trainer.train(epoch - trainer.epoch)
        found.append((trainer.losses().train, trainer.losses().test))
    return found


def link_of(name: str, words: str) -> str:
    """The link of a try, by some of its words."""
    (link,) = (one.link for one in OURS[name].tries if words in one.text and one.link)
    return link


def test_what_the_lessons_tell_about_linear_layers_is_so() -> None:
    for link in (OURS["without-activation"].link, link_of("without-activation", "Six linear")):
        assert all(test > 0.49 for _, test in losses(link, 50, 200))
    assert len(Trainer(parse_link(OURS["without-activation"].link).config).network.theta) == 37


def test_what_the_lessons_tell_about_the_spiral_is_so() -> None:
    assert all(test > 0.35 for _, test in losses(OURS["spiral"].link, 50, 200, 1000))
    (train, test) = losses(link_of("spiral", "Three layers"), 1000)[0]
    assert test > 2 * train
    assert len(Trainer(parse_link(link_of("spiral", "Three layers")).config).network.theta) == 177
    sines = OURS["spiral"].link + "&sinX=true&sinY=true"
    assert len(Trainer(parse_link(sines).config).network.theta) == 49


def test_what_the_lessons_tell_about_other_shapes_is_so() -> None:
    assert losses(link_of("beyond-lines", "Three islands"), 100)[0][1] < 0.05
    assert losses(link_of("beyond-lines", "with eight units"), 500)[0][1] > 0.1
    trainer = Trainer(parse_link(link_of("beyond-lines", "one unit")).config)
    trainer.train(200)
    assert trainer.measure().test_score < 0.7


def test_what_the_lessons_tell_about_learning_rates_is_so() -> None:
    assert all(min(pair) > 0.45 for pair in losses(link_of("learning-rate", "overshoots"), 50, 200, 400))
    (_, soon), (train, test), (last_train, last_test) = losses(link_of("learning-rate", "0.3"), 50, 100, 1000)
    assert soon < 0.05
    assert last_train < train
    assert last_test > 2 * test
    jumping = [test for _, test in losses(OURS["decay"].link, *range(20, 201, 10))]
    assert max(b / a for a, b in pairwise(jumping)) > 2
    assert losses(link_of("decay", "gone before"), 200)[0][1] > 0.1


def test_what_the_lessons_tell_about_the_gradient_is_so() -> None:
    growing = [train for train, _ in losses(link_of("gradient-descent", "grows"), 1, 2, 3)]
    assert growing[0] < growing[1] < growing[2]
    assert losses(OURS["gradient-descent"].link, 3)[0][0] > 0.003


def test_what_the_lessons_tell_about_local_minima_is_so() -> None:
    stuck = losses(OURS["local-minima"].link, 50, 400)
    assert all(0.24 < test < 0.28 for _, test in stuck)
    starts = [re.sub(r"weightSeed=2", f"weightSeed={seed}", OURS["local-minima"].link) for seed in range(10, 20)]
    solved = [losses(link, 50)[0][1] < 0.05 for link in starts]
    assert 2 <= sum(solved) <= 8


def test_what_the_lessons_tell_about_normalization_is_so() -> None:
    for link in (OURS["normalization"].link, link_of("normalization", "does not save")):
        assert all(0.49 < train < 0.51 for train, _ in losses(link, 20, 100))


def test_what_the_lessons_tell_about_overfitting_is_so() -> None:
    (train, test), (last_train, last_test) = losses(OURS["splits"].link, 25, 400)
    assert last_train < 0.8 * train
    assert last_test > test


def test_what_the_lessons_tell_about_cross_entropy_is_so() -> None:
    trainer = Trainer(parse_link(OURS["cross-entropy"].link).config)
    trainer.train(100)
    assert trainer.measure().test_score < 0.95


# --- how they are served ----------------------------------------------------------------------------------------------


def test_all_lessons_are_listed_each_with_its_link(client: httpx.Client) -> None:
    listed = client.get(PATH).json()
    assert [(one["name"], one["title"], tuple(one["ideas"])) for one in listed] == [
        (name, lesson.title, lesson.ideas) for name, lesson in OURS.items()
    ]
    for one in listed:
        assert parse_link(one["link"]).config.tutorial == one["name"]


@pytest.mark.parametrize("name", OURS)
def test_a_lesson_is_served_as_the_page_shows_it(client: httpx.Client, name: str) -> None:
    answer = client.get(f"{PATH}/{name}")
    assert answer.status_code == 200
    found = answer.json()
    assert found == presented(name, OURS[name]).model_dump(mode="json")
    assert len(found["formulas"]) == len(OURS[name].formula) > 0
    assert all(one.startswith('<math display="block">') for one in found["formulas"])
    html = "".join([*found["html"], found["question"], found["done"], *(one["html"] for one in found["tries"])])
    assert not re.search(r"<script|<style|style=|\son\w+=", html)
    assert "$" not in unescape(html)
    assert all(parse_link(one["link"]).config.tutorial for one in found["tries"] if one["link"])


@pytest.mark.parametrize("name", ["nope", "First-Steps", "01-first-steps", "first-steps%00", "%2E%2E", "x" * 40])
def test_an_unknown_name_is_refused_and_the_known_ones_are_told(client: httpx.Client, name: str) -> None:
    answer = client.get(f"{PATH}/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.json()["detail"].startswith("There is no lesson named '")
    assert answer.json()["detail"].endswith(f"; there are {', '.join(OURS)}.")


def test_what_is_too_long_for_a_name_is_refused(client: httpx.Client) -> None:
    answer = client.get(f"{PATH}/{'x' * 41}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA_TYPE)
    assert answer.json()["errors"][0]["field"] == "name"


def test_a_teachers_folder_is_served(serve: Serve, tmp_path: Path) -> None:
    folder = tmp_path / "lessons"
    folder.mkdir()
    with serve(workers=1, lessons=lessons_folder(folder, mine=GOOD)) as own:
        listed = httpx.get(f"{own.address}{PATH}", trust_env=False).json()
    assert [one["name"] for one in listed] == [*OURS, "mine"]


def test_a_bad_folder_is_refused_at_the_start_in_one_sentence(tmp_path: Path) -> None:
    lessons_folder(tmp_path, mine=GOOD.replace("testLoss", "tesLoss"))
    command = [sys.executable, "-m", "app", "serve", "--no-open", "--lessons", str(tmp_path)]
    environment = clean_environment(data=tmp_path)
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 2
    expected = "the name of a fact, as docs/lessons.md lists them"
    assert ended.stderr == f"mine.toml, check.0.fact: expected {expected}, got 'tesLoss'.\n"


def test_every_key_whose_values_are_names_is_read_by_them() -> None:
    named = {key for key, field in Config.model_fields.items() if "OneOf" in str(field) and key in FACTS}
    assert NAMES.keys() == named | {"comparedKnob"}

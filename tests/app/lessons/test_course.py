"""The lessons of this course are whole: in the order of the lecture, with good links and all their parts."""

from __future__ import annotations

import re
from itertools import groupby

import pytest

from app.lessons.catalog import OWN_FOLDER
from app.lessons.form import Lesson
from engine.config import Config
from engine.link.link import parse_link
from tests.app.lessons.lessons import OURS

IDEAS = set(range(1, 19))
"""The ideas of the lecture that can be played."""


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


@pytest.mark.parametrize("name", OURS)
def test_a_lesson_helps_on_says_what_was_learned_and_how_long_it_takes(name: str) -> None:
    lesson = OURS[name]
    assert len(lesson.hint) == 2
    assert lesson.solution
    assert lesson.learned
    assert len(lesson.learned) < 100
    assert lesson.chapter
    assert lesson.minutes


def test_a_chapter_is_one_stretch_of_the_course() -> None:
    chapters = [lesson.chapter for lesson in OURS.values()]
    assert len([chapter for chapter, _ in groupby(chapters)]) == len(set(chapters)) > 4

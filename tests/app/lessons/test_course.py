"""The lessons of this course do what they say."""

from __future__ import annotations

import re
from itertools import groupby, pairwise

import numpy as np
import pytest

from app.lessons.catalog import OWN_FOLDER
from app.lessons.form import Lesson
from engine import Measures, Trainer
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


def losses(link: str, *epochs: int) -> list[tuple[float, float]]:
    """Training and test loss of a link after some numbers of epochs."""
    trainer, found = Trainer(parse_link(link).config), []
    for epoch in epochs:
        trainer.train(epoch - trainer.epoch)
        found.append((trainer.losses().train, trainer.losses().test))
    return found


def measured(link: str, *epochs: int) -> list[Measures]:
    """All that is measured of a link after some numbers of epochs."""
    trainer, found = Trainer(parse_link(link).config), []
    for epoch in epochs:
        trainer.train(epoch - trainer.epoch)
        found.append(trainer.measure())
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
    at_50, at_400 = measured(OURS["splits"].link, 50, 400)
    assert at_400.train_loss < 0.5 * at_50.train_loss
    for soon, last in ((at_50.validation_loss, at_400.validation_loss), (at_50.test_loss, at_400.test_loss)):
        assert last > 1.2 * soon
    (more,) = measured(link_of("splits", "60 %"), 400)
    parted = at_400.validation_loss - at_400.train_loss
    for loss in (more.validation_loss, more.test_loss):
        assert 0 < loss - more.train_loss < 0.3 * parted
    patient = Trainer(parse_link(OURS["splits"].link).config.replace(patience=20))
    patient.train(400)
    assert patient.stopped
    assert 20 < patient.epoch < 100


def test_what_the_lessons_tell_about_mini_batches_is_so() -> None:
    def spread(link: str) -> tuple[float, int]:
        trainer = Trainer(parse_link(link).config)
        trainer.train(20)
        return float(np.std(trainer.batch_losses())), trainer.updates // 20

    (single, updates), (all_of_them, one) = (
        spread(OURS["mini-batches"].link),
        spread(link_of("mini-batches", "All 250")),
    )
    assert (updates, one) == (250, 1)
    assert single > 0.1
    assert all_of_them == 0


def test_what_the_lessons_tell_about_cross_entropy_is_so() -> None:
    trainer = Trainer(parse_link(OURS["cross-entropy"].link).config)
    trainer.train(100)
    assert trainer.measure().test_score < 0.95

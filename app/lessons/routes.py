"""The lessons over HTTP: their list, and each as the page shows it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict

from app.http.problem_json import RefusedError, refusals
from app.lessons.catalog import LONGEST_NAME, Course
from app.lessons.facts import FACTS
from app.lessons.form import Condition, Lesson, Try, Value
from app.lessons.text import formula, paragraphs, sentence
from app.schemas import examples
from engine.errors import with_suggestion

router = APIRouter(prefix="/api/v1/lessons", tags=["lessons"])


class ListedLesson(BaseModel):
    """A lesson to choose, by `tutorial=NAME` in a link."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str
    title: str
    ideas: list[int]
    """The numbers of the lecture's ideas that it is about."""
    chapter: str
    """The part of the course that it belongs to; empty where it names none."""
    minutes: int | None
    """About how long it takes."""
    learned: str | None
    """HTML: what was learned, in a line."""
    link: str
    """The part after the # of a link that opens it with its configuration."""


class ShownTry(BaseModel):
    """Something to try."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    html: str
    link: str | None
    """The part after the # of a link that sets it up."""


class ShownCondition(BaseModel):
    """A part of a question's check."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    fact: str
    label: str
    """What a person calls the fact."""
    kind: str
    """number, whole, share, flag, text or list."""
    comparison: str
    """is, at_least, at_most, under or over."""
    value: Value
    words: str
    """The condition in words."""
    keep: bool
    """Whether it holds from the first on, and is shown only where it does not."""


class ShownLesson(ListedLesson):
    """A lesson as the page shows it. What is called html is a fragment of HTML without scripts and styles."""

    html: list[str]
    """Its paragraphs."""
    formulas: list[str]
    """MathML."""
    tries: list[ShownTry]
    question: str
    """HTML."""
    check: list[ShownCondition]
    """The conditions that together answer the question."""
    hints: list[str]
    """HTML: hints, shown one after the other."""
    solution: str | None
    """HTML: what to do."""
    done: str
    """HTML that is shown once the question is answered."""


@router.get("", responses={200: {"content": {"application/json": {"example": [examples.LESSON]}}}})
async def list_lessons(request: Request) -> list[ListedLesson]:
    """All lessons, in the order of the course."""
    course: Course = request.app.state.lessons
    return [ListedLesson.model_validate(_listed(name, lesson)) for name, lesson in course.items()]


@router.get(
    "/{name}",
    responses={
        200: {"content": {"application/json": {"example": examples.SHOWN_LESSON}}},
        **refusals({404: "There is no such lesson.", 422: "This is not a name."}),
    },
)
async def get_lesson(
    request: Request,
    name: Annotated[str, Path(description="The lesson's name.", max_length=LONGEST_NAME, examples=["spiral"])],
) -> ShownLesson:
    """A lesson: its text, its configuration, things to try, and its question with the conditions for the answer."""
    course: Course = request.app.state.lessons
    if name not in course:
        raise RefusedError(
            404, detail=f"There is no lesson named {with_suggestion(name, course)}; there are {', '.join(course)}."
        )
    return presented(name, course[name])


def _listed(name: str, lesson: Lesson) -> dict[str, object]:
    return {
        **lesson.model_dump(include={"title", "ideas", "chapter", "minutes"}),
        "name": name,
        "learned": sentence(lesson.learned) if lesson.learned else None,
        "link": lesson.link_of(name),
    }


def presented(name: str, lesson: Lesson) -> ShownLesson:
    """A lesson as the page shows it."""
    return ShownLesson.model_validate(
        {
            **_listed(name, lesson),
            "html": paragraphs(lesson.text),
            "formulas": [formula(latex, "block") for latex in lesson.formula],
            "tries": [_try(name, lesson, one) for one in lesson.tries],
            "question": sentence(lesson.question),
            "check": [_condition(one) for one in lesson.check],
            "hints": [sentence(hint) for hint in lesson.hint],
            "solution": sentence(lesson.solution) if lesson.solution else None,
            "done": sentence(lesson.done),
        }
    )


def _try(name: str, lesson: Lesson, one: Try) -> dict[str, object]:
    link = lesson.link_of(name, one.link) if one.link is not None else None
    return {"html": sentence(one.text, in_link=link is not None), "link": link}


def _condition(one: Condition) -> dict[str, object]:
    fact = FACTS[one.fact]
    return {
        "fact": one.fact,
        "label": fact.label,
        "kind": fact.kind,
        "comparison": one.comparison,
        "value": one.value,
        "words": one.words,
        "keep": one.keep,
    }

"""The format of a lesson's file, and its validation."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from app.lessons.facts import FACTS, named
from app.lessons.text import formula, paragraphs
from engine.config import Config
from engine.errors import InputError, problems
from engine.link.link import format_link, parse_link

IDEAS = 20
"""How many ideas the lecture has."""

COMPARISONS = {"is": "", "at_least": "at least ", "at_most": "at most ", "under": "under ", "over": "over "}
"""The ways to compare a fact, and what a person reads before the value."""

FORM = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True)


def _read(link: str) -> str:
    """A link of the playground, in its own form; ValueError where anything in it would be ignored or clamped."""
    parsed = parse_link(link)
    if parsed.notes:
        raise ValueError(f"a link without a mistake ({parsed.notes[0].rstrip('.')})")
    state = f"&state={parsed.state}" if parsed.state else ""
    return format_link(parsed.config) + state


def _without_lesson(link: str) -> str:
    if parse_link(link).config.tutorial:
        raise ValueError("a link without the key tutorial, which the page adds")
    return link


def _many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _set(latex: str) -> str:
    formula(latex)
    return latex


def _written(text: str) -> str:
    paragraphs(text)
    return text


Title = Annotated[str, Field(min_length=1, max_length=60)]
Prose = Annotated[str, Field(min_length=1, max_length=4_000), AfterValidator(_written)]
Sentence = Annotated[str, Field(min_length=1, max_length=600), AfterValidator(_written)]
Link = Annotated[str, Field(max_length=8_000), AfterValidator(_read)]
Formula = Annotated[str, Field(min_length=1, max_length=600), AfterValidator(_set)]
Value = bool | int | float | str | tuple[int | str, ...]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Kind(NamedTuple):
    """What the values of a kind of facts may be."""

    of: tuple[type, ...]
    words: str


NUMBER = Kind((int, float), "a number")
KINDS = {"flag": Kind((bool,), "true or false"), "text": Kind((str,), "a text"), "list": Kind((tuple,), "a list")}


class Try(BaseModel):
    """Something to try."""

    model_config = FORM

    text: Sentence
    """What to do, and what to look at."""
    link: Link | None = None
    """What the playground is set to by a click on it; where it is left out, it is only to be read."""


class Condition(BaseModel):
    """One part of a question's check: a fact, and one comparison."""

    model_config = FORM

    fact: Annotated[str, Field(max_length=60)]
    """The name of a fact, as docs/lessons.md lists them; every key of a link is one."""
    is_: Annotated[Value | None, Field(alias="is")] = None
    at_least: Number | None = None
    at_most: Number | None = None
    under: Number | None = None
    over: Number | None = None
    keep: bool = False
    """Whether this is how the lesson sets it up and shall stay: it is shown only where it does not hold."""

    @field_validator("fact")
    @classmethod
    def _is_known(cls, fact: str) -> str:
        if fact not in FACTS:
            raise ValueError("the name of a fact, as docs/lessons.md lists them")
        return fact

    @model_validator(mode="after")
    def _fits(self) -> Condition:
        """One comparison that suits the fact."""
        given = [name for name in COMPARISONS if self.value_of(name) is not None]
        if len(given) != 1:
            raise ValueError(f"one of {', '.join(COMPARISONS)}")
        if given != ["is"] and not FACTS[self.fact].numeric:
            raise ValueError(f"the comparison is, because {self.fact} is no number")
        kind, types = FACTS[self.fact].kind, KINDS.get(FACTS[self.fact].kind, NUMBER)
        if given == ["is"] and type(self.is_) not in types.of:
            raise ValueError(f"{types.words}, because {self.fact} is a {kind}")
        return self

    def value_of(self, comparison: str) -> Any:
        """What the fact is compared with in a way, or None."""
        return getattr(self, "is_" if comparison == "is" else comparison)

    @property
    def comparison(self) -> str:
        """The way in which the fact is compared."""
        return next(name for name in COMPARISONS if self.value_of(name) is not None)

    @property
    def value(self) -> Value:
        """What the fact is compared with."""
        value: Value = self.value_of(self.comparison)
        return value

    @property
    def words(self) -> str:
        """What has to hold, as a person reads it: "under 0.05"."""
        return COMPARISONS[self.comparison] + named(self.fact, self.value)


class Lesson(BaseModel):
    """A lesson: some sentences, a formula, a configuration, things to try, and a question that the page checks."""

    model_config = FORM

    title: Title
    """What the list shows."""
    chapter: Annotated[str, Field(max_length=60)] = ""
    """The part of the course that it belongs to, as a heading of the list."""
    minutes: Annotated[int, Field(ge=1, le=120)] | None = None
    """About how long it takes."""
    ideas: Annotated[tuple[Annotated[int, Field(ge=1, le=IDEAS)], ...], Field(max_length=IDEAS)] = ()
    """The numbers of the lecture's ideas that it is about."""
    text: Prose
    """Paragraphs apart by an empty line; *emphasis*, and $LaTeX$ in a sentence. Nothing else has a meaning."""
    formula: Annotated[tuple[Formula, ...], BeforeValidator(_many), Field(max_length=6)] = ()
    """LaTeX, one formula or a list of them."""
    link: Annotated[Link, AfterValidator(_without_lesson)]
    """What the lesson sets up: a link of the playground, or what stands behind its #."""
    tries: Annotated[tuple[Try, ...], Field(alias="try", max_length=8)] = ()
    """Things to try."""
    question: Sentence
    """What the student shall bring about."""
    check: Annotated[tuple[Condition, ...], Field(min_length=1, max_length=8)]
    """The conditions that together answer the question."""
    hint: Annotated[tuple[Sentence, ...], BeforeValidator(_many), Field(max_length=4)] = ()
    """What helps, one after the other, where the question is not answered for a while."""
    solution: Sentence | None = None
    """What to do, offered after the last hint."""
    done: Sentence
    """What is said once it holds."""
    learned: Sentence | None = None
    """What was learned, in a line: for the end of the lesson, and of the course."""

    def link_of(self, name: str, link: str | None = None) -> str:
        """The lesson's own link, or that of a try, with the key that opens the lesson unless it names another."""
        parsed = parse_link(link or self.link)
        config = parsed.config.model_copy(update={"tutorial": parsed.config.tutorial or name})
        return format_link(config) + (f"&state={parsed.state}" if parsed.state else "")


def lesson(data: dict[str, Any]) -> Lesson:
    """A lesson from the fields of its file; ValueError with a sentence about the first that is not as it should be."""
    try:
        made = Lesson.model_validate(data)
    except ValidationError as error:
        raise InputError(problems(error)[0]) from None
    for place, condition in enumerate(made.check):
        if condition.comparison == "is" and condition.fact in Config.model_fields:
            _check_value(f"check.{place}.is", condition, parse_link(made.link).config)
    return made


def _check_value(place: str, condition: Condition, config: Config) -> None:
    """A key of a link can only be what a link can say."""
    try:
        Config.model_validate({**config.model_dump(), condition.fact: condition.value})
    except ValidationError as error:
        raise InputError(problems(error)[0]._replace(field=place)) from None

"""The catalog of lessons: folders of TOML files, in the order of their names."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from app.lessons.form import Lesson, lesson
from engine.errors import InputError, Problem, shown

OWN_FOLDER = Path(__file__).parent / "course"
NAME = re.compile(r"(?:\d+-)?([a-z0-9]+(?:-[a-z0-9]+)*)\.toml")
LONGEST_NAME = 40

Course = dict[str, Lesson]
"""The lessons by their names, in order."""


def all_lessons(folder: Path | None = None) -> Course:
    """The playground's own lessons, and those of a folder behind them; one of the same name takes the place of ours.

    ValueError with a sentence, where the folder holds none or one that is not as it should be.
    """
    return own_lessons() | (lessons_in(folder) if folder else {})


@cache
def own_lessons() -> Course:
    """The lessons that come with the playground."""
    return lessons_in(OWN_FOLDER)


def lessons_in(folder: Path) -> Course:
    """The lessons of a folder."""
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not files:
        raise InputError(Problem("lessons", "a folder with lessons, files NAME.toml", shown(str(folder))))
    found: Course = {}
    for file in files:
        name = name_of(file)
        if name in found:
            raise InputError(Problem(file.name, "a name of its own", f"a second lesson {name}"))
        found[name] = read(file)
    return found


def name_of(file: Path) -> str:
    """A lesson's name in a link: that of its file without the number that orders it."""
    found = NAME.fullmatch(file.name)
    if not found or len(found[1]) > LONGEST_NAME:
        expected = f"a name of up to {LONGEST_NAME} small letters, digits and hyphens, as 03-my-lesson.toml"
        raise InputError(Problem("lessons", expected, shown(file.name)))
    return found[1]


def read(file: Path) -> Lesson:
    """The lesson of a file."""
    try:
        return lesson(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Problem(file.name, "a text in UTF-8", f"{error}.")) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(Problem(file.name, "TOML", f"a mistake: {error}.")) from None
    except ValueError as error:
        raise ValueError(f"{file.name}, {error}") from None

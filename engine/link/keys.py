"""The keys of a link, and how a link is recognized in a text."""

from __future__ import annotations

import re

from engine.config import Config
from engine.tables.features import FEATURES
from engine.tables.hideable_controls import CONTROLS

MARK = "v"
"""The key that marks a link as one of this playground's own form."""
VERSION = "1"
STATE = "state"
"""The key of a trained network's state."""
HIDE = "_hide"
"""What a control's name ends with in the key that hides it."""
NOT_A_KEY = "hide"
"""The one field without a key of its own: it is carried as one NAME_hide=true for each control."""

SETTINGS = tuple(name for name in Config.model_fields if name != NOT_A_KEY)
"""The keys that say something of the run or the page."""
HIDING = tuple(f"{name}{HIDE}" for name in dict.fromkeys((*CONTROLS, *FEATURES)))
"""The keys that hide something."""
LETTERS = tuple(name for name in SETTINGS if len(name) == 1)
"""Keys that other texts are full of: `x=3`."""


def _any_of(names: tuple[str, ...]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


EQUALS = r"(?:\\?=|%3D)"
KEY_WITH_VALUE = re.compile(
    r"(?:^|[^A-Za-z0-9_]|%23|%26)"  # a key begins here, also behind a percent-encoded # or &
    rf"(?P<key>(?:{_any_of(tuple(name for name in (*SETTINGS, *HIDING) if name not in LETTERS))}){EQUALS}"
    rf"|(?:{_any_of(LETTERS)}){EQUALS}(?:true|false))"
)
QUERY = re.compile(r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*://(?:(?!%23)[^\s#])*")
"""A URL up to its `#`, where the keys are another program's."""


def holds_link(text: str) -> bool:
    """Whether a text holds a link of a playground: a known key with a value, which stands in no URL's query. A single
    letter counts only with true or false."""
    return first_key(text) is not None


def first_key(text: str) -> int | None:
    """Where the first known key with a value begins in a text, or None where it holds no link."""
    found = KEY_WITH_VALUE.search(QUERY.sub(lambda match: " " * len(match[0]), text))
    return found.start("key") if found else None

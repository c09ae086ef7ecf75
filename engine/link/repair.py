"""Finds a link in a text and repairs it where the original is certain."""

from __future__ import annotations

import re
from typing import NamedTuple

from engine.link.damage import (
    KEY,
    KEYS,
    PUNCTUATION,
    REPAIRS,
    SIGNS,
    SPACE,
    repaired_key,
    repaired_value,
    without_spaces,
)
from engine.link.keys import STATE, first_key
from engine.link.values import TEXTS, can_be_read

GAP = re.compile(r"([\s<>\"`]+)")
"""What ends a link, unless it certainly continues after it."""
UNKNOWN_PAIRS = re.compile(r"(?:(?<=[\s<>\"`#/?&(\[])|^)(?:[^\s<>\"`#/?&=]+=[^\s<>\"`#&]*&)+$")
"""The pairs that stand before the first known key."""
KNOWN = re.compile(f"{KEY}=")
CONTINUATION = re.compile(r"[A-Za-z_]+=|[A-Za-z_]*$")
LONG = ("points", STATE)
VALUE_LINE = re.compile(r"[A-Za-z0-9_-]{20,}|[A-Za-z-]*[0-9_][A-Za-z0-9_-]*")
"""A line that continues a long value; such words are rare in prose."""
CLOSERS = {"(": ")", "[": "]", "{": "}", "'": "'", "*": "*", "_": "_", "“": "”", "‘": "’", "«": "»"}
END_PUNCTUATION = ".,;:!?…"


class RepairedLink(NamedTuple):
    """A link as it was before it was damaged."""

    link: str
    """What follows its `#`."""
    damage: tuple[str, ...] = ()
    """What was undone, each by its name."""
    words: str = ""
    """The text that it was taken out of, if there is any."""
    has_address: bool = False
    """Whether it begins with a URL or a `#`, which separates it from the text around it."""


def repaired_link(text: str) -> RepairedLink | None:
    """The link in a text, repaired where it is certain what it was; None where the text holds none."""
    damage = []
    for name, repair in REPAIRS.items():
        text, before = repair(text), text
        damage += [name] if text != before else []
    begin = _begin(text)
    if begin is None:
        return None
    opening, address, before = _before(text[:begin])
    link, end = _joined(text, begin)
    after = text[end:].strip(PUNCTUATION)
    bare = _unwrapped(link, opening, before)
    pairs, wrong = zip(*map(_pair, bare.split("&")), strict=True)
    damage += [SPACE] if link != text[begin:end] else []
    damage += [SIGNS] if bare != link.rstrip("&") or text[end:].strip() != after else []
    damage += [name for name in wrong if name]
    return RepairedLink("&".join(pairs), tuple(dict.fromkeys(damage)), f"{before} {after}".strip(), bool(address))


def find_link(text: str) -> str | None:
    """The link that a text holds, as what follows its `#`, repaired; None where it holds none."""
    found = repaired_link(text)
    return found.link if found else None


def _begin(text: str) -> int | None:
    """Where the first link begins: at its first known key, or at the keys of others that stand before that."""
    key = first_key(text)
    if key is None or not text[:key].endswith("&"):
        return key
    others = UNKNOWN_PAIRS.search(text[:key])
    return others.start() if others else key


def _before(text: str) -> tuple[str, str, str]:
    """The sign that stands before a link's address, the address up to its `#`, and the words before both."""
    token = "" if text[-1:].isspace() else (text.split() or [""])[-1]
    start = token.find("://")
    if start < 0:
        start = len(token.rstrip("#?/"))
    while start and token[:start][-1:].isalpha():
        start -= 1
    words = text[: len(text) - len(token) + start]
    return token[:start][-1:], token[start:], words.strip(PUNCTUATION + "=")


def _joined(text: str, begin: int) -> tuple[str, int]:
    """A link without the gaps in it, and where it ends in the text."""
    link, *rest = GAP.split(text[begin:])
    end = begin + len(link)
    for gap, chunk in zip(rest[::2], rest[1::2], strict=True):
        separator = _separator(link[link.rfind("&") + 1 :], gap, chunk)
        if separator is None:
            break
        link += separator + chunk
        end += len(gap) + len(chunk)
    return link, end


def _separator(last: str, gap: str, chunk: str) -> str | None:
    """What belongs between a link's last pair so far and some text behind a gap; None where the link has ended."""
    key, equals, value = last.partition("=")
    head, goes_on, tail = chunk.partition("&")
    is_space = not gap.strip(" \t\r\n\f\v\xa0>") and (not gap.strip() or "\n" in gap)  # > marks a quoted line of a mail
    if not equals:
        return "" if is_space and KNOWN.match(key + chunk) else None
    if KNOWN.match(chunk):
        return "&" if is_space else None
    if goes_on and CONTINUATION.match(tail):
        keeps = key in TEXTS and "\n" not in gap if head or not is_space else False
        joined = value + head if "\n" in gap else without_spaces(f"{value} {head}")
        fits = key in (*TEXTS, *LONG) or can_be_read(key, joined) or not head
        return gap if keeps or not fits else ""
    return "" if is_space and _completes(key, value, head) else None


def _completes(key: str, value: str, more: str) -> bool:
    """Whether only both parts together are a value."""
    if key in LONG:
        return VALUE_LINE.fullmatch(more) is not None
    if key in TEXTS or key not in KEYS or can_be_read(key, value):
        return False
    return can_be_read(key, value + more.strip(PUNCTUATION))


def _unwrapped(link: str, opening: str, words: str) -> str:
    """A link without the signs of the text around it."""
    closer = CLOSERS.get(opening)
    if closer and closer in link:
        inside, _, outside = link.rpartition(closer)
        if not outside.strip(PUNCTUATION):
            return inside.rstrip("&")
    if words:
        link = link.rstrip(END_PUNCTUATION)
    return link.rstrip("&")


def _pair(text: str) -> tuple[str, str]:
    """A key with its value, both repaired_link, and the name of what was wrong with them, or nothing."""
    key, equals, value = text.partition("=")
    plain = repaired_key(key)
    value, damage = repaired_value(plain, value)
    return f"{plain}{equals}{value}", damage or (SIGNS if plain != key else "")

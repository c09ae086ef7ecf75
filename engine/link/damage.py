"""Damage that mail, chats and browsers do to a link's characters, and how it is undone where it is certain.

Each repair is a function of a text that gives the same text where it finds nothing to mend.
"""

from __future__ import annotations

import html
import quopri
import re
from collections.abc import Callable
from html.entities import html5
from urllib.parse import quote, unquote

from engine.link.keys import HIDE, HIDING, SETTINGS
from engine.link.values import TEXTS, can_be_read

KEYS = (*SETTINGS, *HIDING)
KEY = rf"(?:{'|'.join(sorted(KEYS, key=len, reverse=True))})"
PLAIN = rf"(?:{'|'.join(name for name in SETTINGS if name not in TEXTS)})"
"""The keys whose values have no signs that could be damage."""

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]|%C2%AD|%E2%80%8[B-F]|%E2%81%A0|%EF%BB%BF")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
MAX_UNESCAPES = 3
"""How many times over a text may have become HTML."""
QUOTED_PRINTABLE = re.compile(rf"{PLAIN}=3D")
BROKEN_VALUE = re.compile(rf"({KEY}=[^=&\s]+|[#&])=\r?\n")
BROKEN_KEY = re.compile(r"((?:^|[#&?])([A-Za-z]+))=\r?\n(?=([A-Za-z_]+)=)", re.MULTILINE)
ESCAPED_HIDE = rf"\{HIDE}="
BROKEN_FIRST = re.compile(r"(#([A-Za-z]+))\s*\n[\s>]*(?=([A-Za-z_]+)=)")
ESCAPED = re.compile(r"\\([&#_=,~.*()\[\]-])")
HASH = re.compile(rf"%23(?={KEY}(?:=|%3D))")
ENCODED_LINK = re.compile(rf"(?:^|[#\s(<\"'/]){KEY}%3D\S*")
EQUALS = re.compile(rf"((?:^|[#&?\s]){KEY})%3D")
AMPERSAND = re.compile(rf"%26(?={KEY}=)")
BESIDE_DIGITS = re.compile(r"(?<![0-9.])\s+|\s+(?![0-9.])")
PUNCTUATION = " \t\r\n.,;:!?()[]{}<>\"'`*_\u201c\u201d\u2018\u2019\u00ab\u00bb\\/&#"
"""What a sentence may leave at the end of a value."""


def _keys_read_as_entities() -> dict[str, str]:
    """Texts that are a key's beginning read as an HTML entity with its `&`, as ® is `&reg`, and that beginning."""
    legacy = {name: char for name, char in html5.items() if not name.endswith(";")}
    found = {}
    for key in KEYS:
        for name, char in legacy.items():
            if key.startswith(name):
                rest = re.escape(key[len(name) :])
                found[f"(?:{char}|{quote(char)})(?={rest}=)"] = f"&{name}"
    return found


KEYS_READ_AS_ENTITIES = _keys_read_as_entities()


def _entities(text: str) -> str:
    for _ in range(MAX_UNESCAPES):
        text = ENTITY.sub(lambda match: html.unescape(match[0]), text)
    for pattern, key in KEYS_READ_AS_ENTITIES.items():
        text = re.sub(pattern, key, text)
    return re.sub(f"&amp(?={KEY}=)", "&", text)


def _quoted_printable(text: str) -> str:
    if QUOTED_PRINTABLE.search(text):
        return quopri.decodestring(text.encode(errors="replace")).decode(errors="replace")
    text = BROKEN_KEY.sub(lambda match: match[1] if match[2] + match[3] in KEYS else match[0], text)
    return BROKEN_VALUE.sub(r"\1", text)


def _markdown(text: str) -> str:
    every_and = r"\#" in text or (r"\&" in text and text.count("&") == text.count(r"\&"))
    return ESCAPED.sub(r"\1", text) if every_and or ESCAPED_HIDE in text else text


def _first_key(text: str) -> str:
    return BROKEN_FIRST.sub(lambda match: match[1] if match[2] + match[3] in KEYS else match[0], text)


def _percent(text: str) -> str:
    text = _with_hash(text)
    if not re.search(rf"(?:^|[#&?\s]){KEY}=", text):
        return ENCODED_LINK.sub(lambda match: unquote(match[0]), text)
    return AMPERSAND.sub("&", EQUALS.sub(r"\1=", text))


def _with_hash(text: str) -> str:
    """A text whose first link begins with `#`, where that was percent-encoded and is no part of a value."""
    found = HASH.search(text)
    address = text[: found.start()].split()[-1:] if found else []
    is_value = any("#" in part or ("://" not in part and set("=&") & set(part)) for part in address)
    return text if found is None or is_value else f"{text[: found.start()]}#{text[found.end() :]}"


REPAIRS: dict[str, Callable[[str], str]] = {
    "invisible characters": lambda text: INVISIBLE.sub("", text),
    "quoted-printable": _quoted_printable,
    "HTML entities": _entities,
    "Markdown": _markdown,
    "percent-encoding": _percent,
    "white space": _first_key,
}
"""What is undone, by its name in a note, in this order."""
PERCENT, SPACE, SIGNS = "percent-encoding", "white space", "punctuation around it"


def repaired_key(text: str) -> str:
    """A key without the white space and signs in and around it, where that makes it one."""
    if text in KEYS:
        return text
    bare = "".join(unquote(text).split()).strip(PUNCTUATION)
    return bare if bare in KEYS else text


def without_spaces(text: str) -> str:
    """A value without its white space, but for what stands between two digits, which may have been two numbers."""
    return BESIDE_DIGITS.sub("", text)


def repaired_value(key: str, text: str) -> tuple[str, str]:
    """A value without what makes it unreadable, and the name of that, where it is certain; or as it is."""
    if key not in KEYS or can_be_read(key, text):
        return text, ""
    plain = unquote(text)
    bare = without_spaces(plain)
    for value, damage in ((plain, PERCENT), (bare, SPACE), (bare.strip(PUNCTUATION), SIGNS)):
        if value and can_be_read(key, value):
            return value, damage
    return text, ""

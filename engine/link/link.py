"""Links: a Config as the part of a URL after `#`, in TensorFlow Playground's own form, and back."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import quote

from pydantic import ValidationError

from engine.config import LIMITS, Config
from engine.errors import InputError, Problem, problems, shown
from engine.link import original_rules
from engine.link.keys import HIDE, MARK, NOT_A_KEY, SETTINGS, STATE, VERSION
from engine.link.notes import Note, refused, sentences
from engine.link.repair import RepairedLink, repaired_link
from engine.link.values import MAY_BE_EMPTY, READERS, kind, limited, written
from engine.tables.hideable_controls import CONTROLS

__all__ = ["MARK", "MAY_BE_EMPTY", "READERS", "STATE", "LinkError", "ParsedLink", "format_link", "kind", "parse_link"]

ALWAYS = ("seed",)
"""Written even at its default, because the original draws a new one where a link has none."""
SAFE_IN_FRAGMENT = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"<>`')
"""What a browser leaves as it is after `#`; all else it writes as %XX, and so the original sees it."""
ADDRESS = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*://\S*|/\S*)?")
URL = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://")
MAY_BE_LEFT = ("tutorial", "weightSeed", "points")
"""The keys whose default is no text."""
DEFAULT = "The default was taken."
WORDS = "What could be read of it was taken."


class LinkError(InputError):
    """A link that does not mean what it says."""


class ParsedLink(NamedTuple):
    """A link's configuration, and sentences about what in it was repaired, or not taken as it stands."""

    config: Config
    notes: list[str]
    state: str = ""
    """The saved state of the run that the link carries, as `engine.state` reads it; or nothing."""


class Reading(NamedTuple):
    """A link's configuration and state, and all that there is to say about it."""

    config: Config
    state: str
    notes: list[Note]
    has_pairs: bool = True


Pairs = dict[str, str]


def format_link(config: Config) -> str:
    """The hash of a configuration, without the `#`; what is at its default is left out, but for the seed."""
    parts = []
    for name in Config.model_fields:
        value = getattr(config, name)
        if name == NOT_A_KEY:
            parts += [f"{control}{HIDE}=true" for control in value]
        elif name in ALWAYS or not config.is_default(name):
            parts.append(f"{name}={written(value)}")
    if original_rules.needs_mark(config):
        parts.append(f"{MARK}={VERSION}")
    return "&".join(parts)


def parse_link(link: str, *, strict: bool = False) -> ParsedLink:
    """The configuration of a link: what follows a `#`, a whole URL, or any text with one of them in it.

    Never an exception, however malformed; but where it is strict a LinkError for a link that is empty, or that does
    not keep its meaning, as `engine.link.notes.KEEPS_MEANING` tells.
    """
    read = _read(link)
    if strict:
        found = refused(read.notes)
        if not found and not read.has_pairs:
            found = [
                Problem("link", "a link that says something, as seed=0.5 for the run at all defaults", shown(link))
            ]
        if found:
            raise LinkError(*found)
    return ParsedLink(read.config, sentences(read.notes), read.state)


def _fragment(text: str) -> str:
    """What follows the `#`; of a URL without one nothing, of any other text all of it."""
    before, hash_sign, after = text.partition("#")
    return (after if hash_sign else "" if URL.match(before) else before).strip()


def _read(text: str) -> Reading:
    before, hash_sign, _ = text.partition("#")
    is_alone = not hash_sign or ADDRESS.fullmatch(before)
    plain = _fragment(text)
    if is_alone:
        read = _read_pairs(_pairs(plain), ours=True)
        if _is_as_formatted(plain, read.config):
            return read
    found = repaired_link(text)
    pairs = _pairs(found.link if found else plain)
    read = _read_pairs(pairs, ours=original_rules.is_ours(pairs))
    return read._replace(notes=[*_repaired(found), *read.notes]) if found else read


def _repaired(found: RepairedLink) -> list[Note]:
    if found.words and not found.has_address:
        return [Note("words", Problem("link", "a link alone, or one that begins with #", shown(found.words)), WORDS)]
    undone = f"repaired ({', '.join(found.damage)})" if found.damage else ""
    if found.words:
        return [Note("repaired", f"The link was taken out of the text around it{undone and f' and {undone}'}.")]
    return [Note("repaired", f"The link was damaged on its way and has been {undone}.")] if undone else []


def _pairs(link: str) -> Pairs:
    """Names and values as the original splits them: what follows a second `=` is dropped, the last of equals counts."""
    pairs = {}
    for pair in link.split("&"):
        name, _, value = quote(pair, safe=SAFE_IN_FRAGMENT, errors="replace").partition("=")
        if name:
            pairs[name] = value
    return pairs


def _is_as_formatted(link: str, config: Config) -> bool:
    """Whether a link of this configuration has been written as this one, in any order: then it is no other's, and
    undamaged. Links with much noise had no mark once."""
    given = sorted(pair for pair in link.split("&") if not pair.startswith(f"{STATE}="))
    ours = sorted(format_link(config).split("&"))
    return given == ours or (config.noise > original_rules.MAX_NOISE and sorted([*given, f"{MARK}={VERSION}"]) == ours)


def _read_pairs(pairs: Pairs, *, ours: bool) -> Reading:
    """A link's pairs as values, by the original's rules where it is not ours."""
    notes: list[Note] = []
    values: dict[str, Any] = {}
    for name, text in pairs.items():
        if name.endswith(HIDE):
            _read_hide(name, text, values, notes)
        elif name in SETTINGS:
            _read_setting(name, text, values, notes, ours=ours)
        elif name not in (MARK, STATE):
            notes.append(Note("key", name))
    if pairs.get(MARK, VERSION) != VERSION:
        problem = Problem(MARK, VERSION, shown(pairs[MARK]))
        notes.append(Note("value", problem, "The link is of another version of this playground."))
    if MARK not in pairs:
        notes += original_rules.turn_off_cosines(values)
    if not ours:
        notes += original_rules.apply_original_rules(values)
    _limit(values, notes)
    return Reading(_validated(values, notes), pairs.get(STATE, ""), notes, bool(pairs))


def _read_hide(name: str, text: str, values: dict[str, Any], notes: list[Note]) -> None:
    control = name.removesuffix(HIDE)
    if control not in CONTROLS:
        notes.append(Note("control", name))
    elif text == "true":
        values["hide"] = (*values.get("hide", ()), control)
    elif text != "false":
        notes.append(Note("value", Problem(name, "true or false", shown(text)), "It is shown."))


def _read_setting(name: str, text: str, values: dict[str, Any], notes: list[Note], *, ours: bool) -> None:
    text, equals, more = text.partition("=")
    if equals:
        problem = Problem(name, "one value", shown(f"{text}={more}"))
        notes.append(Note("value", problem, f"{shown(text)} was taken, as the original does."))
    if not text.strip() and name not in MAY_BE_EMPTY:
        if name not in MAY_BE_LEFT:
            notes.append(Note("value", Problem(name, "a value", "none"), DEFAULT))
        return
    if not ours and original_rules.is_on(name, text):
        values[name] = True
        notes.append(Note("value", Problem(name, "true or false", shown(text)), original_rules.ON))
        return
    try:
        values[name] = READERS[kind(name)](text)
    except ValueError as error:
        notes.append(Note("value", Problem(name, str(error), shown(text)), DEFAULT))


def _limit(values: dict[str, Any], notes: list[Note]) -> None:
    """Move numbers to the nearest that their fields allow, with a note where one had to move."""
    for name in [name for name in values if name in LIMITS or name == "networkShape"]:
        near, limit = limited(name, values[name], values.get("problem"))
        if near != values[name]:
            notes.append(Note("value", Problem(name, limit, shown(values[name])), f"{written(near)} was taken."))
            values[name] = near


def _validated(values: dict[str, Any], notes: list[Note]) -> Config:
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        for problem in problems(error):
            notes.append(Note("value", problem, DEFAULT))
            values.pop(problem.field.partition(".")[0], None)
        return _validated(values, notes)  # what fitted a value that was refused need not fit its default

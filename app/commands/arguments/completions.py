"""What a shell is offered for what has begun: formats, measures, keys, values, links."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

Offers = Iterator[tuple[str, str]]
"""Texts with what they are."""


def complete_format(incomplete: str) -> Offers:
    """The formats of models."""
    from app.exports import FORMATS

    yield from ((name, form.hint) for name, form in FORMATS.items() if name.startswith(incomplete))


def complete_measure(incomplete: str) -> Iterator[str]:
    """What a run is measured by."""
    from engine import Measures

    yield from (name for name in Measures._fields if name.startswith(incomplete))


def complete_setting(incomplete: str) -> Offers:
    """The keys of a configuration, and behind the equals sign the values that a key may have."""
    yield from _pairs(incomplete, ",", several=False)


def complete_values(incomplete: str) -> Offers:
    """The same with several values of a key, as they are tried."""
    key = incomplete.partition("=")[0]
    yield from _pairs(incomplete, ";" if _items(key) else ",", several=True)


def complete_link(incomplete: str) -> Offers:
    """The last key or value of a link, or a file."""
    yield from ((str(file), "") for file in Path().glob(f"{incomplete}*") if incomplete.isidentifier())
    before, last = _last(incomplete, "&" if "&" in incomplete else "#")
    if last or before:
        yield from ((before + offer, hint) for offer, hint in _pairs(last, ",", several=False))


def _pairs(incomplete: str, between: str, *, several: bool) -> Offers:
    from engine import Config

    key, equals, begun = incomplete.partition("=")
    if not equals:
        for name, field in Config.model_fields.items():
            if name.startswith(key):
                yield f"{name}=", field.description or name
        return
    before, last = _last(begun, between) if several else ("", begun)
    inner, name = _last(last, ",") if _items(key) else ("", last)
    yield from ((f"{key}={before}{inner}{value}", "") for value in _names(key) if value.startswith(name))


def _last(text: str, between: str) -> tuple[str, str]:
    """All up to the last of these characters, and what follows it."""
    head, found, last = text.rpartition(between)
    return head + found, last


def _schema(key: str) -> dict[str, Any]:
    from engine import Config

    schema: dict[str, Any] = Config.model_json_schema()["properties"].get(key, {})
    found: dict[str, Any] = schema.get("anyOf", [schema])[0]
    return found


def _items(key: str) -> bool:
    """Whether a value of the key is a list."""
    return "items" in _schema(key)


def _names(key: str) -> list[str]:
    """The values that a key may have, where they are few, or that the page offers."""
    from app.explain.rates import RATES

    if key in RATES:
        return RATES[key]
    schema = _schema(key)
    if schema.get("type") == "boolean":
        return ["true", "false"]
    return [str(value) for value in schema.get("items", schema).get("enum", [])]

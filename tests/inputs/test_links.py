"""Links that nobody made: whatever stands in an address, a run is opened and what was wrong is said."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from app.wire.limits import MAX_LINK
from engine import Config, Trainer, format_link, parse_link
from engine.tables.features import FEATURES
from tests.engine.link.test_link import configs
from tests.golden.links import FILE
from tests.inputs.scale import LINKS, NASTY, ROUND_TRIPS, some

GOOD: list[str] = [record["link"] for record in json.loads(FILE.read_text())]
KEYS = [
    *Config.model_fields,
    "v",
    "state",
    "numHiddenLayers",
    "play_hide",
    "nonsense_hide",
    "",
    "x ",
    "ｘ",
    "SEED",
    "__proto__",
]
PARTS = (
    "&",
    "=",
    "#",
    "%",
    "+",
    ",",
    "?",
    "/",
    "\n",
    "\t",
    "\0",
    "http://",
    "9" * 40,
    "é",
    "\U0010ffff",
    "\ud800",
    "-",
    ".",
)


def text(chance: random.Random) -> str:
    """Characters of any kind."""
    return "".join(chr(chance.randrange(chance.choice([128, 0x3000, 0x110000]))) for _ in range(chance.randrange(60)))


def pairs(chance: random.Random) -> str:
    """Known and unknown keys with values that do not suit them."""
    values = (
        str(chance.choice(NASTY)) if chance.random() < 0.8 else text(chance) for _ in range(chance.randrange(1, 12))
    )
    return "&".join(f"{chance.choice(KEYS)}={value}" for value in values)


def spoilt(chance: random.Random) -> str:
    """A good link with some mistakes."""
    link = list(chance.choice(GOOD))
    for _ in range(chance.randrange(1, 8)):
        place = chance.randrange(len(link) + 1)
        link[place : place + chance.randrange(3)] = chance.choice(PARTS)
    return "".join(link)


def doubled(chance: random.Random) -> str:
    """Two good links in one, in pieces."""
    pieces = [piece for link in chance.choices(GOOD, k=2) for piece in link.split("&")]
    chance.shuffle(pieces)
    return "&".join(pieces)


MAKERS: tuple[Callable[[random.Random], str], ...] = (text, pairs, spoilt, doubled)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_every_link_opens_a_run_and_says_what_was_wrong(make: Callable[[random.Random], str]) -> None:
    chance = some(1)
    for number in range(LINKS // len(MAKERS)):
        link = make(chance)
        config, notes, _ = parsed = parse_link(link)
        assert parsed.config == Config.model_validate(config.model_dump()), (number, link)
        assert all(note.endswith(".") and len(note) < 500 for note in notes), (number, link)
        again = parse_link(format_link(config))
        assert (again.config, again.notes) == (config, []), (number, link)


@given(configs)
@settings(max_examples=ROUND_TRIPS)
def test_every_configuration_comes_back_from_its_link(config: Config) -> None:
    assert parse_link("#" + format_link(config)) == (config, [], "")


def seconds(work: Callable[[], Any]) -> float:
    """The least processor time of some tries."""
    times = []
    for _ in range(5):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.parametrize(
    "piece", ["&", "=", "a=1&", "seed=1&", "networkShape=9,", "%zz", "#", "１", "noise=9e9&", "x_hide=true&"]
)
def test_the_longest_link_costs_no_more_than_its_length(piece: str) -> None:
    longest = (piece * MAX_LINK)[:MAX_LINK]
    # A part that were read again for each other part would cost sixteen times sixteen times as much.
    assert seconds(lambda: parse_link(longest)) < 64 * max(seconds(lambda: parse_link(longest[: MAX_LINK // 16])), 1e-4)


def test_what_a_bad_link_opens_can_be_trained() -> None:
    chance, tried = some(2), 0
    while tried < 20:
        config = parse_link(pairs(chance)).config
        if len(config.networkShape) * len(FEATURES) * config.samples < 20_000:
            Trainer(config).step(1)
            tried += 1

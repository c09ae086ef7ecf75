"""Messages that no page of ours would send: each is answered, and nobody else notices."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from app.wire.limits import MAX_LINK
from app.wire.messages import GREETINGS, INCOMING
from tests.app.conftest import OpenPage
from tests.app.pages import Answer, Page
from tests.faults.witness import until, well
from tests.inputs.scale import FULL, MESSAGES, NASTY, some
from tests.inputs.usage import megabytes, sessions
from tests.server import StartServer

Schema = dict[str, Any]
MODELS: Schema = INCOMING.json_schema()["$defs"] | GREETINGS.json_schema()["$defs"]
KINDS = [name for name, model in MODELS.items() if "type" in model.get("properties", {})]
ROUNDS = 20
LARGE = {"count": 2, "epochs": 3}
"""Values for what would else keep the server busy for long, which is no bad input."""

END = 123_456_789
"""The number of a control that follows each message."""


def valid(schema: Schema, chance: random.Random, name: str = "") -> Any:
    """A value that a schema allows, mostly a small one."""
    if "$ref" in schema:
        return valid(MODELS[schema["$ref"].rpartition("/")[2]], chance)
    if name in LARGE:
        return LARGE[name]
    for one_of in ("anyOf", "oneOf"):
        if one_of in schema:
            return valid(chance.choice(schema[one_of]), chance, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const") or chance.choice(schema["enum"])
    return PLAIN[schema.get("type", "string")](schema, chance)


def _object(schema: Schema, chance: random.Random) -> Any:
    properties, needed = schema.get("properties", {}), schema.get("required", [])
    names = [name for name in properties if name in needed or chance.random() < 4 / len(properties)]
    return {name: valid(properties[name], chance, name) for name in names}


def _number(schema: Schema, chance: random.Random) -> Any:
    return schema.get("minimum", 0) + chance.choice([0, 0.25, 1, 2])


PLAIN: dict[str, Any] = {
    "object": _object,
    "array": lambda schema, chance: [valid(schema.get("items", {}), chance) for _ in range(schema.get("minItems", 2))],
    "integer": lambda schema, chance: schema.get("minimum", 0) + chance.randrange(3),
    "number": _number,
    "string": lambda schema, chance: chance.choice(["", "0.5", "xor", "1"]),
    "boolean": lambda schema, chance: chance.random() < 0.5,
    "null": lambda schema, chance: None,
}


def message(chance: random.Random) -> Answer:
    """A message as it should be."""
    made: Answer = valid(MODELS[chance.choice(KINDS)], chance)
    return made


def spoilt(chance: random.Random) -> Answer:
    """A message of which some parts are something else, or are missing, or too many."""
    made = copy.deepcopy(message(chance))
    for _ in range(chance.randrange(1, 4)):
        holder = made
        while (inner := [value for value in holder.values() if isinstance(value, dict)]) and chance.random() < 0.7:
            holder = chance.choice(inner)
        name = chance.choice([*holder, "seq", "unknown"])
        if chance.random() < 0.2:
            holder.pop(name, None)
        else:
            holder[name] = copy.deepcopy(chance.choice(NASTY))
    return made


def written(made: Any) -> str:
    """JSON, or nearly so: with NaN and such."""
    return json.dumps(made, ensure_ascii=False).encode(errors="replace").decode()


def torn(chance: random.Random) -> str:
    """JSON with a mistake in it."""
    text = written(spoilt(chance))
    place = chance.randrange(len(text))
    return text[:place] + chance.choice(["", '"', "}", "\0", "\ufeff", "[" * 500, "\\u12", "//"]) + text[place + 1 :]


def noise(chance: random.Random) -> str | bytes:
    """Anything at all."""
    if chance.random() < 0.5:
        return chance.randbytes(chance.randrange(200))
    others = (
        written(chance.choice(NASTY)),
        "[" * 5_000,
        '{"a":' * 900,
        '{"type":"play","type":"pause"}',
        "x" * MAX_LINK,
    )
    return chance.choice(others)


def anything(chance: random.Random) -> str | bytes:
    """Any message, good or bad."""
    makers: tuple[Callable[[random.Random], str | bytes], ...] = (
        lambda chance: written(message(chance)),
        lambda chance: written(spoilt(chance)),
        torn,
        noise,
    )
    return chance.choice(makers)(chance)


def answered(page: Page, said: str | bytes) -> None:
    """Say something, and hear that it was applied, is refused, or a pong; an ack alone may go without."""
    page.send(said)
    page.send({"type": "pause", "seq": END})
    heard: list[Answer] = []
    while not (heard and heard[-1].get("seq") == END):
        one = page.next()
        if isinstance(one, dict) and one["type"] in ("applied", "error", "pong"):
            heard.append(one)
    assert len(heard) > 1 or '"ack"' in str(said), said
    for answer in heard[:-1]:
        if answer["type"] == "error":
            assert answer["problems"], answer
            assert all(problem["field"] and problem["expected"] for problem in answer["problems"]), answer
            assert ": expected " in answer["message"], answer


@pytest.mark.long
def test_every_message_is_answered_and_the_neighbour_trains_on(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(workers=1, messages_per_second=1_000_000, resume_seconds=0.2)
    chance, neighbour = some(3), open_page(server)
    neighbour.greet("dataset=xor&networkShape=3,2&seed=0.123")
    taken = []
    for _ in range(ROUNDS):
        page = open_page(server)
        page.greet("numSamples=100&networkShape=2")
        for _ in range(MESSAGES // ROUNDS):
            answered(page, anything(chance))
        page.ask("visibility", visible=True)
        page.ask("configure", link="numSamples=100&networkShape=2")
        assert page.stepped(1)
        page.websocket.close()
        well(neighbour)
        until(lambda: sessions(server) == 1)
        taken.append(megabytes(server))
    # The least, because what is refused is garbage that takes some megabytes now and then, until it is collected; and
    # after a while, because the largest message of all takes some for good.
    settled = taken[ROUNDS // 2 :]
    assert min(settled[ROUNDS // 4 :]) - min(settled[: ROUNDS // 4]) < (1 if FULL else 40), taken

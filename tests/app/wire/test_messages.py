"""What a page may say: what is taken, and that everything else is refused in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.wire.limits import MAX_LINK, PROTOCOL, SPEEDS
from app.wire.messages import GREETINGS, INCOMING, Ack, Control, Hello, Resume
from engine.errors import problems

FILE = {
    "format": "neural-playground",
    "version": 1,
    "config": {"noise": 10},
    "state": "AAAA",
    "history": [[0, 0.5, 0.5, 0.25, 0.75], [1, 0.5, 0.5, 0.25, 0.75, None, 0.03], [2, 0.5, 0.5, 0.25, 0.75, 0.5, 0.03]],
}
CONTROLS: list[dict[str, Any]] = [
    {"type": "configure", "set": {"noise": 10}},
    {"type": "configure", "link": "noise=10"},
    {"type": "configure", "set": {"noise": 10}, "gesture": 2**53},
    {"type": "play"},
    {"type": "pause"},
    {"type": "step"},
    {"type": "step", "unit": "update", "count": 1000},
    {"type": "reset"},
    {"type": "regenerate"},
    {"type": "weight", "layer": 0, "unit": 1, "source": 2, "value": -0.5},
    {"type": "weight", "layer": 0, "unit": 1, "source": 2, "value": 3},
    {"type": "bias", "layer": 10, "unit": 63, "value": 1e300},
    {"type": "bias", "layer": 0, "unit": 0, "value": 1, "gesture": 4},
    {"type": "point", "part": "train", "point": 2999, "x": 1.5, "y": -2, "gesture": 4},
    {"type": "select"},
    {"type": "select", "layer": 0, "unit": 0},
    {"type": "probe"},
    {"type": "image"},
    {"type": "image", "pixels": [0.0, 1.0], "chosen": 3},
    {"type": "probe", "x": 1, "y": -2.5},
    {"type": "probe", "x": 1.5, "y": -2.5, "label": -1},
    {"type": "undo"},
    {"type": "redo"},
    {"type": "save"},
    {"type": "open", "file": FILE},
    {"type": "speed", "speed": "max"},
    {"type": "visibility", "visible": False},
]


def test_whatever_is_taken_goes_to_the_worker_as_it_is() -> None:
    for message in CONTROLS:
        control = INCOMING.validate_python(message)
        assert json.loads(control.model_dump_json()) == json.loads(json.dumps(control.model_dump()))


def name(message: object) -> str:
    return json.dumps(message)[:60]


@pytest.mark.parametrize("message", CONTROLS, ids=name)
def test_every_control_is_taken_with_its_number(message: dict[str, Any]) -> None:
    control = INCOMING.validate_json(json.dumps({**message, "seq": 7}))
    assert isinstance(control, Control)
    dumped = control.model_dump()
    assert {**message, "seq": 7}.items() <= dumped.items()


def test_a_control_without_a_number_has_the_number_0() -> None:
    control = INCOMING.validate_json('{"type": "play"}')
    assert isinstance(control, Control)
    assert control.seq == 0


@pytest.mark.parametrize("speed", SPEEDS)
def test_every_speed_is_taken_by_its_name(speed: str) -> None:
    assert INCOMING.validate_python({"type": "speed", "speed": speed}).model_dump()["speed"] == speed


def test_an_ack_has_no_number_of_its_own() -> None:
    assert INCOMING.validate_json('{"type": "ack", "frame": 3}') == Ack(type="ack", frame=3)
    with pytest.raises(ValidationError):
        INCOMING.validate_json('{"type": "ack", "frame": 3, "seq": 1}')


def test_the_greetings_are_taken() -> None:
    hello = GREETINGS.validate_json('{"type": "hello", "protocol": 1}')
    assert hello == Hello(type="hello", protocol=1, link="")
    resume = GREETINGS.validate_json('{"type": "resume", "protocol": 1, "session": "abc", "after": 12}')
    assert resume == Resume(type="resume", protocol=1, session="abc", link="", after=12)


REFUSED: list[tuple[object, str]] = [
    ({"type": "hello", "protocol": PROTOCOL}, "expected one of"),
    ({"type": "dance"}, "expected one of"),
    ({"type": 5}, "expected one of"),
    ({"type": None}, "expected one of"),
    ({"type": ["play"]}, "expected one of"),
    ({}, "type"),
    ([], "expected an object"),
    ("play", "expected an object"),
    (5, "expected an object"),
    (None, "expected an object"),
    ({"type": "play", "seq": -1}, "seq: expected at least 0"),
    ({"type": "play", "seq": 2**53 + 1}, "seq: expected at most"),
    ({"type": "play", "seq": 1.5}, "seq: expected a whole number"),
    ({"type": "play", "seq": "1"}, "seq: expected a whole number"),
    ({"type": "play", "seq": True}, "seq: expected a whole number"),
    ({"type": "play", "fast": True}, "fast: expected the name of a field"),
    ({"type": "configure"}, "either set or link"),
    ({"type": "configure", "set": {}, "link": ""}, "either set or link"),
    ({"type": "configure", "set": []}, "set: expected"),
    ({"type": "configure", "set": {str(i): i for i in range(65)}}, "set: expected"),
    ({"type": "configure", "link": "x" * (MAX_LINK + 1)}, "link: expected at most"),
    ({"type": "configure", "link": 5}, "link: expected"),
    ({"type": "configure", "set": {"noise": float("nan")}}, "set: expected finite numbers"),
    ({"type": "configure", "set": {"hide": [{"deep": float("-inf")}]}}, "set: expected finite numbers"),
    ({"type": "configure", "set": {}, "gesture": -1}, "gesture: expected at least 0"),
    ({"type": "configure", "set": {}, "gesture": 2**53 + 1}, "gesture: expected at most"),
    ({"type": "configure", "set": {}, "gesture": "1"}, "gesture: expected a whole number"),
    ({"type": "step", "count": 0}, "count: expected at least 1"),
    ({"type": "step", "count": 1001}, "count: expected at most 1000"),
    ({"type": "step", "count": 1.0}, "count: expected a whole number"),
    ({"type": "step", "unit": "day"}, "unit: expected 'epoch' or 'update'"),
    ({"type": "weight", "layer": 0, "unit": 0, "source": 0}, "value: expected a value"),
    ({"type": "weight", "layer": 0, "unit": 0, "source": 0, "value": "1"}, "value: expected a number"),
    ({"type": "weight", "layer": 0, "unit": 0, "source": 0, "value": float("inf")}, "value: expected a finite number"),
    ({"type": "weight", "layer": 0, "unit": 0, "source": 0, "value": float("nan")}, "value: expected a finite number"),
    ({"type": "weight", "layer": -1, "unit": 0, "source": 0, "value": 1}, "layer: expected at least 0"),
    ({"type": "weight", "layer": 0, "unit": 0, "source": 64, "value": 1}, "source: expected less than 64"),
    ({"type": "point", "part": "all", "point": 0, "x": 1, "y": 1}, "part: expected 'train', 'validation' or 'test'"),
    ({"type": "bias", "layer": 11, "unit": 0, "value": 1}, "layer: expected at most 10"),
    ({"type": "bias", "layer": 0, "unit": 0, "source": 0, "value": 1}, "source: expected the name of a field"),
    ({"type": "select", "layer": "0", "unit": 0}, "layer: expected a whole number"),
    ({"type": "probe", "x": "1", "y": 1}, "x: expected a number"),
    ({"type": "image", "pixels": [2]}, "pixels.0: expected at most 1"),
    ({"type": "probe", "x": 1, "y": float("inf")}, "y: expected a finite number"),
    ({"type": "probe", "x": 1, "y": 1, "label": float("nan")}, "label: expected a finite number"),
    ({"type": "probe", "place": [1, 1]}, "place: expected the name of a field"),
    ({"type": "undo", "count": 2}, "count: expected the name of a field"),
    ({"type": "open"}, "file: expected a value"),
    ({"type": "open", "file": "nonsense"}, "file: expected an object"),
    ({"type": "open", "file": {**FILE, "format": "other"}}, "file.format: expected 'neural-playground'"),
    ({"type": "speed", "speed": "3"}, "speed: expected '1', '2', '5', '20', '100' or 'max'"),
    ({"type": "speed", "speed": 1}, "speed: expected '1'"),
    ({"type": "speed"}, "speed: expected a value"),
    ({"type": "visibility"}, "visible: expected a value"),
    ({"type": "visibility", "visible": 7}, "visible: expected true or false"),
    ({"type": "ack"}, "frame: expected a value"),
    ({"type": "ack", "frame": -1}, "frame: expected at least 0"),
    ({"type": "ack", "frame": "1"}, "frame: expected a whole number"),
]


@pytest.mark.parametrize(("message", "words"), REFUSED, ids=name)
def test_a_bad_message_is_refused_with_its_field_and_what_was_expected(message: object, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        INCOMING.validate_json(json.dumps(message))
    assert words in " ".join(map(str, problems(refused.value)))


@pytest.mark.parametrize(
    "message",
    [
        {"type": "play"},
        {"type": "hello"},
        {"type": "hello", "protocol": "one"},
        {"type": "hello", "protocol": 1, "link": "x" * (MAX_LINK + 1)},
        {"type": "hello", "protocol": 1, "link": 5},
        {"type": "hello", "protocol": 1, "seq": 1},
        {"type": "resume", "protocol": 1},
        {"type": "resume", "protocol": 1, "session": "x" * 65},
        {"type": "resume", "protocol": 1, "session": 5},
        {"type": "resume", "protocol": 1, "session": "abc", "after": float("nan")},
        {"type": "resume", "protocol": 1, "session": "abc", "after": "1"},
    ],
    ids=name,
)
def test_a_bad_greeting_is_refused(message: object) -> None:
    with pytest.raises(ValidationError):
        GREETINGS.validate_json(json.dumps(message))


TEXTS = ["", " ", "{", "nonsense", '{"type": "play"', '{"type": "play"} x', "\0", "[" * 60_000, "1" * 60_000]


@pytest.mark.parametrize("text", [*TEXTS, '{"type": "play", "seq": 1' + "0" * 5_000 + "}"], ids=lambda text: text[:20])
def test_text_that_is_no_json_is_refused(text: str) -> None:
    for messages in (INCOMING, GREETINGS):
        with pytest.raises(ValidationError) as refused:
            messages.validate_json(text)
        assert all(str(problem) for problem in problems(refused.value))


# --- soups ------------------------------------------------------------------------------------------------------------

TYPES = sorted({message["type"] for message in CONTROLS} | {"hello", "resume", "ack"})
FIELDS = (
    *("type", "seq", "protocol", "link", "session", "after", "set", "unit", "count", "layer", "source", "value"),
    *("speed", "visible", "frame", "noise", "networkShape", "gesture", "x", "y", "label"),
    *("file", "format", "version", "config", "state", "history"),
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-3, 70)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*TYPES, *SPEEDS, "epoch", "update", 10**400, -(10**4_000)])
)
keys = st.sampled_from(FIELDS) | st.text(max_size=8)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
almost = st.builds(
    lambda fields, kind: {**fields, "type": kind}, st.dictionaries(keys, values, max_size=6), st.sampled_from(TYPES)
)
texts = (almost | values).map(json.dumps) | st.text()


@given(texts)
def test_whatever_is_said_is_taken_or_refused_in_words(text: str) -> None:
    for messages in (INCOMING, GREETINGS):
        try:
            messages.validate_json(text)
        except ValidationError as refused:
            found = problems(refused)
            assert found
            assert all(problem.expected and problem.got for problem in found)

"""Files that are no saved run are refused with a sentence, and change nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.live.checkpoint import run_to_bytes
from app.wire.history import ROWS
from app.wire.messages import INCOMING
from engine import Config
from engine.errors import problems
from tests.app.talk import apply, message, run_at
from tests.app.wire.saved_runs import SPARSE, amid_an_epoch, file_of

GOOD = file_of(amid_an_epoch(SPARSE))
SHORT = [1.0, 0.5, 0.5, 0.25, 1.0]


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


MALFORMED: list[tuple[object, str, str]] = [
    (without("format"), "file.format", "a value"),
    (without("version"), "file.version", "a value"),
    (without("config"), "file.config", "a value"),
    (without("state"), "file.state", "a value"),
    ({}, "file.format", "a value"),
    ([], "file", "an object"),
    ("{}", "file", "an object"),
    (None, "file", "an object"),
    ({**GOOD, "format": "other"}, "file.format", "'neural-playground'"),
    ({**GOOD, "version": 2}, "file.version", "1"),
    ({**GOOD, "version": "1"}, "file.version", "1"),
    ({**GOOD, "config": []}, "file.config", "an object"),
    ({**GOOD, "config": {"noise": float("nan")}}, "file.config", "finite numbers"),
    ({**GOOD, "config": {"noise": float("inf")}}, "file.config", "finite numbers"),
    ({**GOOD, "config": {str(i): i for i in range(65)}}, "file.config", "64"),
    ({**GOOD, "state": 5}, "file.state", "text"),
    ({**GOOD, "state": None}, "file.state", "text"),
    ({**GOOD, "history": {}}, "file.history", "a list"),
    ({**GOOD, "history": [SHORT, SHORT[:4]]}, "file.history.1", "at least 5"),
    ({**GOOD, "history": [[*SHORT, 1.0, 1.0, 1.0]]}, "file.history.0", "at most 7"),
    ({**GOOD, "history": [[0, 0, None, 0, 0, 0, 0]]}, "file.history.0", "5 numbers"),
    ({**GOOD, "history": [[0, 0, 0, 0, 0, -1, 0]]}, "file.history.0.5", "at least 0"),
    ({**GOOD, "history": [[0, float("nan"), 0, 0, 0]]}, "file.history.0.1", "a finite number"),
    ({**GOOD, "history": [[float("inf"), 0, 0, 0, 0]]}, "file.history.0.0", "a finite number"),
    ({**GOOD, "history": [[0, 0, -1, 0, 0]]}, "file.history.0.2", "at least 0"),
    ({**GOOD, "history": [[0, 0, "much", 0, 0]]}, "file.history.0.2", "a number"),
    ({**GOOD, "history": [SHORT] * (ROWS + 2)}, "file.history", f"at most {ROWS + 1}"),
]


@pytest.mark.parametrize(("file", "field", "expected"), MALFORMED, ids=lambda part: str(part)[:30])
def test_what_is_no_saved_run_is_refused_with_its_field(file: object, field: str, expected: str) -> None:
    with pytest.raises(ValidationError) as refused:
        INCOMING.validate_json(json.dumps({"type": "open", "file": file}))
    found = problems(refused.value)
    assert found[0].field == f"open.{field}"
    assert expected in found[0].expected


MISFITTING: list[tuple[Callable[[dict[str, Any]], object], str, str]] = [
    (lambda file: file["config"].update(noise=101), "noise", "at most 100"),
    (lambda file: file["config"].update(networkShape=[129]), "networkShape.0", "at most 128"),
    (lambda file: file["config"].update(networkShape=[1] * 11), "networkShape", "at most 10"),
    (lambda file: file["config"].update(colour="red"), "colour", "the name of a field"),
    (lambda file: file["config"].update(points="AAAA"), "points", "9 characters"),
    (lambda file: file["config"].update(networkShape=[3]), "state", "bytes for 13 parameters"),
    (lambda file: file.update(state=""), "state", "a saved state"),
    (lambda file: file.update(state=file["state"][:-8]), "state", "bytes for 43 parameters"),
    (lambda file: file.update(state="_" * len(file["state"])), "state", "a saved state"),
    (lambda file: file.update(state=f"{file['state'][:2]}{'_' * 10}{file['state'][12:]}"), "state", "at most 9007"),
    (lambda file: file["config"].update(percTrainData=1), "state", "a place among 5 training points"),
]


@pytest.mark.parametrize(
    ("spoil", "field", "expected"), MISFITTING, ids=lambda part: part[:30] if isinstance(part, str) else "file"
)
def test_a_file_that_does_not_fit_is_refused_and_changes_nothing(
    spoil: Callable[[dict[str, Any]], object], field: str, expected: str
) -> None:
    run = run_at(3)
    apply(run, "play")
    apply(run, "configure", set={"noise": 5})
    apply(run, "undo")
    before = run_to_bytes(run), [*run.undo_stack.done], [*run.undo_stack.undone]
    file = json.loads(json.dumps(GOOD))
    spoil(file)
    answer = apply(run, "open", seq=4, file=file)
    assert (answer["type"], answer["seq"]) == ("error", 4)
    assert answer["problems"][0]["field"] == field
    assert expected in answer["problems"][0]["expected"]
    assert (run_to_bytes(run), run.undo_stack.done, run.undo_stack.undone) == before


def test_fields_of_a_later_writer_are_passed_over() -> None:
    run = run_at(0)
    assert apply(run, "open", file={**GOOD, "author": "somebody"})["type"] == "applied"
    assert run.config == SPARSE


def test_a_file_without_losses_opens_with_those_of_its_state() -> None:
    run, saved = run_at(0), run_at(3, SPARSE)
    apply(run, "open", file={**file_of(saved), "history": []})
    assert run.losses.history.since(-1)[:, 0].tolist() == [3]


@pytest.mark.parametrize("epochs", [(0, 1, 2, 3, 8, 9), (2, 3, 1, 0), (7, 8)], ids=str)
def test_losses_that_do_not_belong_to_the_state_are_left_out(epochs: tuple[int, ...]) -> None:
    run, saved = run_at(0), run_at(3, SPARSE)
    apply(run, "open", file={**file_of(saved), "history": [[epoch, *SHORT[1:]] for epoch in epochs]})
    left = run.losses.history.since(-1)[:, 0].tolist()
    assert left == sorted(set(left))
    assert left[-1] == 3


values = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.floats(), max_size=6)
)
names = st.sampled_from([*GOOD, "noise", "networkShape"])


@given(
    st.dictionaries(names, values | st.dictionaries(names, values, max_size=3) | st.lists(st.lists(st.floats(0, 9)))),
    st.dictionaries(st.sampled_from([*Config.model_fields, "colour"]), values, max_size=3),
)
def test_whatever_is_opened_is_taken_or_refused_in_words(changes: dict[str, Any], fields: dict[str, Any]) -> None:
    file = {**GOOD, "config": {**GOOD["config"], **fields}, **changes}
    run = run_at(0)
    try:
        opened = message("open", file=file)
    except ValidationError:
        return
    answer = apply(run, "open", file=json.loads(opened.model_dump_json())["file"])  # as it goes to the worker
    assert json.dumps(answer, allow_nan=False)
    assert answer["type"] == "applied" or all(re.search(r"\w", problem["field"]) for problem in answer["problems"])
    run.trainer.train()

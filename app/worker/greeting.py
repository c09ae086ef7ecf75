"""The run with which a session begins: the one that its page brings, or a new one from its link."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from app.live import answers, controls
from app.live.run import LiveRun
from app.wire.carried_run import CarriedRun
from app.wire.refusal import Answer
from app.worker.carrying import run_of
from engine import parse_link
from engine.errors import InputError, problems

BROUGHT = "The server does not know this run any more, so this page has brought it along"


def greeted(head: dict[str, Any]) -> tuple[LiveRun, float, Answer]:
    """The run, the last epoch whose losses the page has, and the hello for it."""
    message = head["message"]
    if head["carried"]:
        try:
            run = run_of(CarriedRun.model_validate(head["carried"]))
        except (ValidationError, InputError) as error:
            found = problems(error) if isinstance(error, ValidationError) else error.problems
            message = f"{message} The run that it brought cannot go on: {' '.join(map(str, found))}"
        else:
            hello = answers.hello(run, head["session"], resumed=True, taken=run.taken, message=BROUGHT)
            return run, head["after"], hello
    trainer, notes = controls.opened(parse_link(head["link"]))
    run = LiveRun(trainer)
    return run, -1.0, answers.hello(run, head["session"], notes, message=message)

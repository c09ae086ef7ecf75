"""Messages about controls that a script applied: to the script, and to the page."""

from __future__ import annotations

import math

from app.live import answers
from app.live.controlled_run import ControlledRun
from app.wire.refusal import Answer
from engine.state import digest

MESSAGE = "A script changed this run."


def script_state(run: ControlledRun) -> Answer:
    """The state of a run for a script."""
    measures = {name: value if math.isfinite(value) else None for name, value in run.losses.now._asdict().items()}
    messages = [answer["message"] for answer in answers.end_of_run(run.trainer)]
    return {
        **answers.state(run),
        **measures,
        "reason": messages[0] if messages else None,
        "theta_sha256": digest(run.trainer),
    }


def page_answer(answer: Answer) -> Answer:
    """The message to the page about a control that a script applied."""
    rest = {name: value for name, value in answer.items() if name != "seq"}
    return {**rest, "type": "steered", "message": MESSAGE}

"""Messages about controls that a script applied: to the script, and to the page."""

from __future__ import annotations

import math

from app.live import answers
from app.live.controlled_run import ControlledRun
from app.wire.refusal import Answer
from engine.state import digest

MESSAGE = "A script changed this run."


def script_state(run: ControlledRun) -> Answer:
    """Where a run is, as a script is told."""
    measures = {name: value if math.isfinite(value) else None for name, value in run.losses.now._asdict().items()}
    said = [answer["message"] for answer in answers.end_of_run(run.trainer)]
    return {**answers.state(run), **measures, "reason": said[0] if said else None, "theta_sha256": digest(run.trainer)}


def page_answer(answer: Answer) -> Answer:
    """What the page is told of a control that a script has had applied."""
    rest = {name: value for name, value in answer.items() if name != "seq"}
    return {**rest, "type": "steered", "message": MESSAGE}

"""What a run says to its page, as JSON: hello, applied, error, diverged, recovered."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.messages import MAX_LINK, MAX_STEPS, PROTOCOL, SPEEDS
from app.past import Moment
from app.saved import FORMAT, SavedRun
from app.tokens import public_id
from engine import Config, Divergence, format_link, format_state
from engine.activations import ACTIVATIONS
from engine.config import LIMITS, MAX_LAYERS, MAX_UNITS
from engine.link import STATE
from engine.problems import Problem

if TYPE_CHECKING:
    from app.run import Run

Answer = dict[str, Any]


def state(run: Run) -> Answer:
    """Where the run stands: part of every answer to a control."""
    return {
        "epoch": run.trainer.epoch,
        "updates": run.trainer.updates,
        "version": run.version,
        "run": run.number,
        "playing": run.plays_on,
        "speed": run.speed,
        "config": run.config.model_dump(),
        "link": format_link(run.config),
        "undo": _newest(run.past.done),
        "redo": _newest(run.past.undone),
    }


def _newest(moments: Sequence[Moment]) -> Answer | None:
    """What one step back or forth would bring: the change that it takes back or makes, and its link."""
    return {"what": moments[-1].what, "link": format_link(moments[-1].config)} if moments else None


def scene(run: Run) -> Answer:
    """What stays as long as data and network do: the points, the layout, the features' maps."""
    trainer, grid = run.trainer, run.grid
    return {
        "data": {
            "domain": grid.domain,
            "train": trainer.train_data.points,
            "test": trainer.test_data.points,
            "features": {
                name: {"map": base64.b64encode(q.tobytes()).decode(), "range": limit}
                for name, (q, limit) in grid.features().items()
            },
        },
        "layout": {
            "shape": run.config.shape,
            "features": run.config.features,
            "parameters": len(trainer.network.theta),
            "unitSide": grid.unit_side,
            "side": grid.side,
        },
    }


def saved(run: Run) -> Answer:
    """The run as a link with its state, where that is not too long, and as a file."""
    state = format_state(run.trainer)
    link = f"{format_link(run.config)}&{STATE}={state}"
    file = SavedRun(
        format=FORMAT,
        version=1,
        config=run.config.model_dump(),
        state=state,
        history=[tuple(row) for row in run.history.since(-1).tolist()],
    )
    return {"link": link if len(link) <= MAX_LINK else None, "file": file.model_dump()}


def remarks(run: Run) -> list[str]:
    """What about a configuration may surprise, though it is as the link says."""
    batch, size = run.trainer.batch, run.trainer.train_size
    if batch <= size or not size:
        return []
    return [
        f"The batch of {batch} is larger than the {size} training points, so no update is ever made, as in the "
        f"original. Try at most {size}."
    ]


def hello(run: Run, session: str, notes: Sequence[str], resumed: bool, message: str | None) -> Answer:
    """All that a page needs to show a run from nothing."""
    return {
        "type": "hello",
        "protocol": PROTOCOL,
        "session": session,
        "id": public_id(session),
        "resumed": resumed,
        "message": message,
        "notes": [*notes, *remarks(run)],
        **state(run),
        **scene(run),
        "limits": {
            **{name: [low, None if high == float("inf") else high] for name, (low, high) in LIMITS.items()},
            "layers": [0, MAX_LAYERS],
            "units": [1, MAX_UNITS],
            "steps": [1, MAX_STEPS],
            "speeds": list(SPEEDS),
        },
    }


def recovered(run: Run) -> Answer:
    """The run goes on from its last saved state, in a new worker process."""
    epoch = run.trainer.epoch
    return {
        "type": "recovered",
        "message": f"The process that trained this network stopped; another one goes on from epoch {epoch}.",
        **state(run),
        **scene(run),
    }


def error(found: Sequence[Problem], seq: int | None, run: Run | None = None) -> Answer:
    """What was refused, and where the run stands all the same."""
    return {
        "type": "error",
        "seq": seq,
        "message": " ".join(map(str, found)),
        "problems": [problem._asdict() for problem in found],
        **(state(run) if run else {}),
    }


def diverged(config: Config, place: Divergence) -> Answer:
    """The run left the finite numbers and was stopped before it."""
    rate, label = config.learningRate, ACTIVATIONS[config.activation].label
    try_instead = min(rate / 10, 0.03)
    return {
        "type": "diverged",
        "epoch": place.epoch,
        "updates": place.updates,
        "message": f"The loss grew without bound at epoch {place.epoch}: the learning rate {rate:g} is too high "
        f"for {label}. Try {try_instead:g}.",
        "learningRate": try_instead,
    }

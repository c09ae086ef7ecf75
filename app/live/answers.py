"""The JSON messages from a run to its page: hello, applied, error, diverged, stopped, stuck, recovered,
losses."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence

from app.explain import reasons
from app.explain.moves import moves
from app.explain.notes import notes_on
from app.live.controlled_run import ControlledRun
from app.live.undo import UndoPoint
from app.wire.limits import LARGEST, MAX_LINK, MAX_STEPS, PROTOCOL, SPEEDS
from app.wire.refusal import Answer, refusal
from app.wire.saved_run import FORMAT, SavedRun, rows_of
from app.wire.tokens import public_id
from engine import Config, Trainer, format_link, format_state
from engine.config import LIMITS
from engine.config.field_types import MAX_LAYERS, MAX_UNITS
from engine.errors import Problem
from engine.link.link import STATE
from engine.tables.schedules import SCHEDULES

PERIODS, RATES = 4, 120
"""The learning rate of a schedule is sent for so many periods, at so many steps from the first epoch on."""


def state(run: ControlledRun) -> Answer:
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
        "undo": _newest(run.undo_stack.done),
        "redo": _newest(run.undo_stack.undone),
        "rates": _rates(run.config),
        "gallery": run.gallery.summary() if run.gallery else None,
    }


def _newest(undo_points: Sequence[UndoPoint]) -> Answer | None:
    """What one step back or forth would bring: the change that it takes back or makes, and its link."""
    return {"what": undo_points[-1].what, "link": format_link(undo_points[-1].config)} if undo_points else None


def _rates(config: Config) -> Answer | None:
    """The learning rate over the first periods of a schedule, where it does not stay the same."""
    if not SCHEDULES[config.schedule].uses_period:
        return None
    until = PERIODS * config.decayEpochs
    rates = [config.rate_at(until * place // RATES) for place in range(RATES + 1)]
    return {"until": until, "rates": [min(rate, float(LARGEST)) for rate in rates]}


def scene(run: ControlledRun) -> Answer:
    """What stays as long as data and network do: the points, the layout, the features' maps."""
    trainer = run.trainer
    if run.images:
        return _image_scene(run, run.images.scene(trainer))
    grid = run.grid
    return {
        "data": {
            "domain": grid.domain,
            **points(run),
            "features": {
                name: {"map": base64.b64encode(q.tobytes()).decode(), "range": limit}
                for name, (q, limit) in grid.features().items()
            },
        },
        "layout": {
            "shape": run.config.shape,
            "features": run.config.features,
            "parameters": trainer.network.size,
            "unitSide": grid.unit_side,
            "side": grid.side,
        },
    }


def points(run: ControlledRun) -> Answer:
    """The points of each part, and what the inputs are normalized by."""
    trainer = run.trainer
    return {
        "train": trainer.train_data.points,
        "validation": trainer.validation_data.points,
        "test": trainer.test_data.points,
        "scaling": {name: values.tolist() for name, values in trainer.scaling._asdict().items()},
    }


def _image_scene(run: ControlledRun, images: Answer) -> Answer:
    """The same of a run with images, which has no points."""
    config = run.config
    no_points = {"train": [], "validation": [], "test": [], "features": {}, "scaling": {"mean": [], "sigma": []}}
    sizes = {"parameters": run.trainer.network.size, "unitSide": 1, "side": 1, "trainSize": run.trainer.train_size}
    return {
        "data": {"domain": config.data.domain, **no_points, "images": images},
        "layout": {"shape": config.shape, "features": [], **sizes},
    }


def saved(run: ControlledRun) -> Answer:
    """The run as a link with its state, where that is not too long, and as a file."""
    state = format_state(run.trainer)
    link = f"{format_link(run.config)}&{STATE}={state}"
    file = SavedRun(
        format=FORMAT,
        version=1,
        config=run.config.model_dump(),
        state=state,
        history=rows_of(run.losses.history, -1),
    )
    return {"link": link if len(link) <= MAX_LINK else None, "file": file.model_dump()}


def hello(
    run: ControlledRun,
    session: str,
    notes: Sequence[str] = (),
    *,
    resumed: bool = False,
    taken: int = 0,
    message: str | None = None,
) -> Answer:
    """All that a page needs to show a run from nothing; `taken` is the number of its last control that has arrived."""
    return {
        "type": "hello",
        "protocol": PROTOCOL,
        "session": session,
        "id": public_id(session),
        "resumed": resumed,
        "taken": taken,
        "message": message,
        "notes": [*notes, *notes_on(run.config, run.trainer.train_size)],
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


def recovered(run: ControlledRun) -> Answer:
    """The run continues from its last saved state, in a new worker process."""
    epoch = run.trainer.epoch
    return {
        "type": "recovered",
        "message": f"The process that trained this network stopped; another one goes on from epoch {epoch}.",
        **state(run),
        **scene(run),
    }


def error(found: Sequence[Problem], seq: int | None, run: ControlledRun) -> Answer:
    """What was refused, and where the run stands all the same."""
    return {**refusal(found, seq), **state(run)}


def losses(run: ControlledRun) -> Answer:
    """The losses alone, for a page that is hidden and takes no frames; null for what there is not."""
    now = run.losses.now
    measured = {"trainLoss": now.train_loss, "testLoss": now.test_loss, "validationLoss": now.validation_loss}
    return {
        "type": "losses",
        "run": run.number,
        "epoch": run.trainer.epoch,
        "playing": run.playing,
        **{name: loss if math.isfinite(loss) else None for name, loss in measured.items()},
    }


def stuck(trainer: Trainer, since: int | None) -> Answer:
    """The training loss has hardly fallen since an epoch, and what would help; or it does fall again."""
    found = [] if since is None else moves(trainer)
    return {"type": "stuck", "since": since, "moves": [move._asdict() for move in found]}


def end_of_run(trainer: Trainer) -> list[Answer]:
    """The messages of a run that has stopped by itself: it diverged, or early stopping has ended it."""
    place = {"epoch": trainer.epoch, "updates": trainer.updates}
    if trainer.diverged:
        rate = reasons.lower_rate(trainer.config)
        message = f"{reasons.diverged(trainer)} Try {rate:g}."
        return [{"type": "diverged", **place, "message": message, "learningRate": rate}]
    if trainer.stopped:
        message = f"{reasons.stopped(trainer.config, trainer.stopped)} Press play to train on."
        return [{"type": "stopped", **place, "message": message}]
    return []

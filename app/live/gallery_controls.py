"""Control messages applied to a run's gallery: a function for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.live import answers
from app.live.controlled_run import ControlledRun
from app.live.gallery import RunGallery
from app.wire import messages
from app.wire.messages import Control
from app.wire.refusal import Answer
from engine.errors import InputError, Problem

READ_ONLY: frozenset[type[Control]] = frozenset(
    {
        messages.Pause,
        messages.Select,
        messages.ProbePlace,
        messages.ShowImage,
        messages.Save,
        messages.Speed,
        messages.Visibility,
    }
)
"""Controls that leave the run as it is."""


def _require_points(run: ControlledRun) -> None:
    if run.images:
        raise InputError(Problem("problem", "one with points of a plane", "images, which train one run at a time"))


def _restarts(run: ControlledRun, control: messages.StartRestarts) -> Answer:
    _require_points(run)
    run.show_gallery(RunGallery.of_restarts(run.config, control.count, control.epochs))
    return {}


def _compare(run: ControlledRun, control: messages.Compare) -> Answer:
    _require_points(run)
    run.show_gallery(RunGallery.of_values(run.config, control.knob, control.values, control.epochs))
    return {}


def _gallery(run: ControlledRun, control: messages.PlayGallery) -> Answer:
    _open(run).play(control.playing)
    return {}


def _adopt(run: ControlledRun, control: messages.Adopt) -> Answer:
    """Make one of the runs the page's own, which can be undone."""
    gallery = _open(run)
    trainer, history = gallery.adopted(control.member)
    what = run.config.restarts(trainer.config) or "network"
    run.undo_stack.push(run.undo_point(what))
    run.version += 1
    run.begin(trainer, history)
    run.show_gallery(None)
    name = f"{gallery.title} {gallery.labels[control.member]}"
    return {
        "restarted": what,
        "adopted": control.member,
        "message": f"{name} goes on from epoch {trainer.epoch}.",
        **answers.scene(run),
    }


def _leave(run: ControlledRun, control: messages.Leave) -> Answer:
    run.show_gallery(None)
    return {}


def _open(run: ControlledRun) -> RunGallery:
    if run.gallery is None:
        raise InputError(Problem("gallery", "an open one", "none"))
    return run.gallery


GALLERY_CONTROLS: dict[type[Control], Callable[[ControlledRun, Any], Answer]] = {
    messages.StartRestarts: _restarts,
    messages.Compare: _compare,
    messages.PlayGallery: _gallery,
    messages.Adopt: _adopt,
    messages.Leave: _leave,
}
KEEP_GALLERY_OPEN: frozenset[type[Control]] = READ_ONLY | GALLERY_CONTROLS.keys()
"""Controls that an open gallery outlives; all others change the run that it was made of, or train that."""

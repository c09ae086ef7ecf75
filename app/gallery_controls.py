"""What each control message does to a run's gallery."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app import answers
from app.answers import Answer
from app.gallery import Gallery
from app.run import Run

Message = dict[str, Any]
LOOKING = frozenset({"pause", "select", "probe", "save", "speed", "visibility"})
"""Controls that leave the run as it is."""


def _restarts(run: Run, message: Message) -> Answer:
    run.exhibit(Gallery.of_restarts(run.config, message["count"], message["epochs"]))
    return {}


def _compare(run: Run, message: Message) -> Answer:
    run.exhibit(Gallery.of_values(run.config, message["knob"], message["values"], message["epochs"]))
    return {}


def _gallery(run: Run, message: Message) -> Answer:
    _open(run).play(message["playing"])
    return {}


def _adopt(run: Run, message: Message) -> Answer:
    """Make one of the runs the page's own, which can be undone."""
    gallery = _open(run)
    trainer, history = gallery.adopted(message["member"])
    what = run.config.restarts(trainer.config) or "network"
    run.past.keep(run.moment(what))
    run.version += 1
    run.begin(trainer, history)
    run.exhibit(None)
    name = f"{gallery.title} {gallery.labels[message['member']]}"
    return {
        "restarted": what,
        "adopted": message["member"],
        "message": f"{name} goes on from epoch {trainer.epoch}.",
        **answers.scene(run),
    }


def _leave(run: Run, message: Message) -> Answer:
    run.exhibit(None)
    return {}


def _open(run: Run) -> Gallery:
    if run.gallery is None:
        raise ValueError("gallery: expected an open one, got none")
    return run.gallery


GALLERY_CONTROLS: dict[str, Callable[[Run, Message], Answer]] = {
    "restarts": _restarts,
    "compare": _compare,
    "gallery": _gallery,
    "adopt": _adopt,
    "leave": _leave,
}
BESIDE_GALLERY = LOOKING | GALLERY_CONTROLS.keys()
"""Controls that an open gallery outlives; all others change the run that it was made of, or train that."""

"""Control messages applied to a run: a function for each."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import numpy as np
from pydantic import ValidationError

from app.explain.notes import notes_on
from app.live import answers
from app.live.controlled_run import ControlledRun, Probe
from app.live.gallery_controls import GALLERY_CONTROLS, KEEP_GALLERY_OPEN
from app.live.undo import UndoPoint
from app.wire import messages
from app.wire.history import LossHistory
from app.wire.messages import Configure, Control
from app.wire.refusal import Answer
from engine import Config, ParsedLink, Trainer, parse_link, trainer_at
from engine.errors import InputError, Problem, problems
from engine.tables.tasks import TASKS
from engine.training.split import with_moved_point


def apply(run: ControlledRun, control: Control) -> Answer:
    """Apply a control and answer `applied`, or `error` where it cannot be; then nothing has changed."""
    try:
        extra = CONTROLS[type(control)](run, control)
    except ValidationError as error:
        return answers.error(problems(error), control.seq, run)
    except InputError as error:
        return answers.error(error.problems, control.seq, run)
    except MemoryError:
        return answers.error([too_large(control.type)], control.seq, run)
    run.taken = control.seq or run.taken
    run.changed()
    if type(control) not in KEEP_GALLERY_OPEN:
        run.gallery = None
    applied = {"type": "applied", "seq": control.seq, "control": control.type}
    return {**applied, "notes": [], "restarted": None, **answers.state(run), **extra}


def too_large(what: str) -> Problem:
    """The refusal of something that exceeds the memory limit of a process."""
    return Problem(what, "what fits into the server's memory", "more")


def _configure(run: ControlledRun, control: Configure) -> Answer:
    if control.link is not None:
        return _go_to(run, control.link)
    config, known = Config.model_validate(_changed(run.config, control.set or {})), _notes(run)
    answer = _change(run, config, [], control.gesture)
    size = run.trainer.train_size
    if 0 < size < run.trainer.batch:  # a link may say so and then trains as little as in the original; a knob may not
        run.trainer.reconfigure(config.model_copy(update={"batchSize": size}))
        answer["notes"] = [f"The batch size is {size} now, because there are no more training points."]
    answer["notes"] += [note for note in _notes(run) if note not in known]
    return answer


def _changed(config: Config, fields: dict[str, Any]) -> dict[str, Any]:
    """A configuration with some fields changed. Another problem brings the defaults that only it, or only the one
    before, has."""
    before, after = (TASKS.get(str(name)) for name in (config.problem, fields.get("problem", config.problem)))
    if before is None or after is None or before is after:
        return {**config.model_dump(), **fields}
    usual = {name: Config.model_fields[name].default for name in before.defaults}
    return {**config.model_dump(), **usual, **after.defaults, **fields}


def _go_to(run: ControlledRun, link: str) -> Answer:
    """Another link; its own batch size may be too large, and then it trains as little as in the original."""
    parsed = parse_link(link)
    trainer, notes = opened(parsed)
    answer = _change(run, parsed.config, notes, None, trainer if parsed.state else None)
    return {**answer, "notes": [*answer["notes"], *_notes(run)]}


def _notes(run: ControlledRun) -> list[str]:
    return notes_on(run.config, run.trainer.train_size)


def opened(link: ParsedLink) -> tuple[Trainer, list[str]]:
    """The run that a link opens, at the state that it carries, and notes about it."""
    if link.state:
        try:
            return trainer_at(link.config, link.state), link.notes
        except InputError as error:
            note = f"{error} The network starts from its first weights."
            return Trainer(link.config), [*link.notes, note]
    return Trainer(link.config), link.notes


def restored(config: dict[str, Any], state: str, history: list[list[float | None]]) -> tuple[Trainer, LossHistory]:
    """The run of a file, and its losses so far; ValidationError or InputError where it is none."""
    trainer = trainer_at(Config.model_validate(config), state)
    return trainer, LossHistory.of(row for row in history if row[0] is not None and row[0] <= trainer.epoch)


def _change(
    run: ControlledRun, config: Config, notes: list[str], gesture: int | None = None, trainer: Trainer | None = None
) -> Answer:
    """Go on under a new configuration, with new data and network where it needs them, or with the trainer given."""
    restarted = run.config.restarts(config) or ("network" if trainer else None)
    run.version += 1
    if restarted:
        run.undo_stack.push(run.undo_point(restarted), gesture)
        run.begin(trainer or Trainer(config))
        return {"notes": notes, "restarted": restarted, **answers.scene(run)}
    if config != run.config:
        run.undo_stack.push(UndoPoint(run.config), gesture)
    run.trainer.reconfigure(config)
    run.plateau.begin(run.trainer.epoch)
    run.measure()
    return {"notes": notes}


def _play(run: ControlledRun, control: messages.Play) -> Answer:
    run.play()
    return {}


def _pause(run: ControlledRun, control: messages.Pause) -> Answer:
    run.pause()
    return {}


def _step(run: ControlledRun, control: messages.Step) -> Answer:
    trainer = run.trainer
    if control.unit == "update" and trainer.train_size >= trainer.batch:
        run.stop_at("updates", trainer.updates + control.count)
    else:
        run.stop_at("epoch", trainer.epoch + control.count)
    return {}


def _reset(run: ControlledRun, control: messages.Reset) -> Answer:
    run.stop()
    first = Trainer(run.config)
    if first.snapshot() != run.trainer.snapshot():
        run.undo_stack.push(run.undo_point("weights"))
    run.begin(first)
    return {"restarted": "network", **answers.scene(run)}


def _regenerate(run: ControlledRun, control: messages.Regenerate) -> Answer:
    seed = run.config.seed
    while seed == run.config.seed:
        seed = f"0.{secrets.randbelow(100_000):05}"  # as the original writes it
    return _change(run, run.config.model_copy(update={"seed": seed}), [])


def _weight(run: ControlledRun, control: messages.SetWeight) -> Answer:
    with run.undoable("weights", control.gesture):
        run.trainer.set_weight(control.layer, control.unit, control.source, control.value)
    run.edited()
    return {}


def _bias(run: ControlledRun, control: messages.SetBias) -> Answer:
    with run.undoable("weights", control.gesture):
        run.trainer.set_bias(control.layer, control.unit, control.value)
    run.edited()
    return {}


def _point(run: ControlledRun, control: messages.MovePoint) -> Answer:
    """The points are one's own from then on, of which a link has four decimals."""
    with run.undoable("data", control.gesture):
        trainer = run.trainer
        moved = with_moved_point(run.config, trainer.parts, control.part, control.point, control.x, control.y)
        run.replace_points(moved)
    return {"points": answers.points(run)}


def _select(run: ControlledRun, control: messages.Select) -> Answer:
    if control.layer is None or control.unit is None:
        run.selected = None
    else:
        run.select(control.layer, control.unit)
    return {}


def _probe(run: ControlledRun, control: messages.ProbePlace) -> Answer:
    x, y = control.x, control.y
    run.probe = None if x is None or y is None else Probe(x, y, control.label)
    return {}


def _show_image(run: ControlledRun, control: messages.ShowImage) -> Answer:
    """The answer does not wait for a picture: who draws sees at once what it is taken for."""
    run.show_image(control.pixels, control.chosen)
    if not run.images:
        return {}
    said = run.images.answer(run.trainer, run.shown)
    return {"image": {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in said.items()}}


def _undo(run: ControlledRun, control: messages.Undo) -> Answer:
    if not run.undo_stack.done:
        raise InputError(Problem("undo", "a change to take back", "none"))
    return _go(run, run.undo_stack.done, run.undo_stack.undone)


def _redo(run: ControlledRun, control: messages.Redo) -> Answer:
    if not run.undo_stack.undone:
        raise InputError(Problem("redo", "a change that was taken back", "none"))
    return _go(run, run.undo_stack.undone, run.undo_stack.done)


def _go(run: ControlledRun, undo_points: list[UndoPoint], others: list[UndoPoint]) -> Answer:
    """Go to the newest of some points; the present state goes to the others."""
    undo_point = undo_points[-1]
    if undo_point.snapshot is None:
        others.append(UndoPoint(run.config))
        run.trainer.reconfigure(undo_points.pop().config)
        run.version += 1
        run.measure()
        return {}
    trainer = Trainer(undo_point.config)
    trainer.restore(undo_point.snapshot)
    others.append(run.undo_point(undo_points.pop().what))
    run.version += 1
    run.begin(trainer, LossHistory.from_bytes(undo_point.history))
    return {"restarted": undo_point.what, **answers.scene(run)}


def _save(run: ControlledRun, control: messages.Save) -> Answer:
    return {"saved": answers.saved(run)}


def _open(run: ControlledRun, control: messages.Open) -> Answer:
    file = control.file
    trainer, history = restored(file.config, file.state, file.history)
    run.undo_stack.push(run.undo_point("data"))
    run.stop()
    run.version += 1
    run.begin(trainer, history)
    return {"restarted": "data", "opened": True, **answers.scene(run)}


def _speed(run: ControlledRun, control: messages.Speed) -> Answer:
    run.speed = control.speed
    return {}


def _visibility(run: ControlledRun, control: messages.Visibility) -> Answer:
    run.visible = control.visible
    return {}


CONTROLS: dict[type[Control], Callable[[ControlledRun, Any], Answer]] = {
    Configure: _configure,
    messages.Play: _play,
    messages.Pause: _pause,
    messages.Step: _step,
    messages.Reset: _reset,
    messages.Regenerate: _regenerate,
    messages.SetWeight: _weight,
    messages.SetBias: _bias,
    messages.MovePoint: _point,
    messages.Select: _select,
    messages.ProbePlace: _probe,
    messages.ShowImage: _show_image,
    messages.Undo: _undo,
    messages.Redo: _redo,
    messages.Save: _save,
    messages.Open: _open,
    messages.Speed: _speed,
    messages.Visibility: _visibility,
    **GALLERY_CONTROLS,
}


def overwrites(control: Control, before: Control) -> bool:
    """Whether a control changes all fields that the one before it changes, so that it can stand for both."""
    if isinstance(control, Configure) and isinstance(before, Configure):
        both_set = control.set and before.set and before.set.keys() <= control.set.keys()
        return bool(both_set and control.gesture == before.gesture)
    if isinstance(control, messages.MovePoint) and isinstance(before, messages.MovePoint):
        same = (control.part, control.point, control.gesture) == (before.part, before.point, before.gesture)
        return same and control.gesture is not None
    return type(control) is type(before) and isinstance(control, (messages.ProbePlace, messages.ShowImage))

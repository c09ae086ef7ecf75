"""What each control message does to a run."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from app import answers
from app.answers import Answer
from app.run import Run
from engine import Config, Trainer, parse_link
from engine.problems import Problem, problems

Message = dict[str, Any]


def apply(run: Run, message: Message) -> Answer:
    """Apply a control and answer `applied`, or `error` where it cannot be; then nothing has changed."""
    try:
        extra = CONTROLS[message["type"]](run, message)
    except ValidationError as error:
        return answers.error(problems(error), message["seq"], run)
    except ValueError as error:
        return answers.error([Problem.of(error)], message["seq"], run)
    run.changed()
    return {"type": "applied", "seq": message["seq"], "notes": [], "restarted": None, **answers.state(run), **extra}


def _configure(run: Run, message: Message) -> Answer:
    if message["link"] is not None:
        answer = _change(run, *parse_link(message["link"]))
        return {**answer, "notes": [*answer["notes"], *answers.remarks(run)]}
    config = Config.model_validate({**run.config.model_dump(), **message["set"]})
    answer = _change(run, config, [])
    size = run.trainer.train_size
    if config.batchSize > size:  # a link may say so and then trains as little as in the original; a knob may not
        answer = {**answer, **_change(run, config.model_copy(update={"batchSize": size}), [])}
        answer["notes"] = [f"The batch size is {size} now, because there are no more training points."]
    return answer


def _change(run: Run, config: Config, notes: list[str]) -> Answer:
    """Go on under a new configuration, with new data and network where it needs them."""
    restarted = run.config.restarts(config)
    run.version += 1
    if restarted:
        run.begin(Trainer(config))
        return {"notes": notes, "restarted": restarted, **answers.scene(run)}
    run.trainer.reconfigure(config)
    run.measure()
    return {"notes": notes}


def _play(run: Run, message: Message) -> Answer:
    run.play()
    return {}


def _pause(run: Run, message: Message) -> Answer:
    run.pause()
    return {}


def _step(run: Run, message: Message) -> Answer:
    trainer = run.trainer
    if message["unit"] == "update" and trainer.train_size >= run.config.batchSize:
        run.stop_at("updates", trainer.updates + message["count"])
    else:
        run.stop_at("epoch", trainer.epoch + message["count"])
    return {}


def _reset(run: Run, message: Message) -> Answer:
    run.stop()
    run.begin(Trainer(run.config))
    return {"restarted": "network", **answers.scene(run)}


def _regenerate(run: Run, message: Message) -> Answer:
    seed = run.config.seed
    while seed == run.config.seed:
        seed = f"0.{secrets.randbelow(100_000):05}"  # as the original writes it
    return _change(run, run.config.model_copy(update={"seed": seed}), [])


def _weight(run: Run, message: Message) -> Answer:
    run.trainer.set_weight(message["layer"], message["unit"], message["source"], message["value"])
    run.measure()
    return {}


def _bias(run: Run, message: Message) -> Answer:
    run.trainer.set_bias(message["layer"], message["unit"], message["value"])
    run.measure()
    return {}


def _select(run: Run, message: Message) -> Answer:
    if message["layer"] is None or message["unit"] is None:
        run.selected = None
    else:
        run.select(message["layer"], message["unit"])
    return {}


def _speed(run: Run, message: Message) -> Answer:
    run.speed = message["speed"]
    return {}


def _visibility(run: Run, message: Message) -> Answer:
    run.visible = message["visible"]
    return {}


CONTROLS: dict[str, Callable[[Run, Message], Answer]] = {
    "configure": _configure,
    "play": _play,
    "pause": _pause,
    "step": _step,
    "reset": _reset,
    "regenerate": _regenerate,
    "weight": _weight,
    "bias": _bias,
    "select": _select,
    "speed": _speed,
    "visibility": _visibility,
}


def overwrites(message: Message, before: Message) -> bool:
    """Whether a control changes all fields that the one before it changes, so that it can stand for both."""
    both_change = message["type"] == before["type"] == "configure" and message["set"] and before["set"]
    return bool(both_change and before["set"].keys() <= message["set"].keys())

"""Scripts that reproduce a run in another library, from its first weights to its losses, and check the result.

A script is text in cells, as `# %%` marks them for editors, and `app.exports.scripts.notebook` makes a notebook of
it. It holds
only what this run needs: its own activations, loss, optimizer and so on, and its points.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.exports.files.layers import require_features
from app.exports.scripts import numpy_code
from app.exports.scripts.imports import imports
from app.exports.scripts.languages import LANGUAGES, Language, decoupled, judged_loss
from app.exports.scripts.literals import assigned, body, comment, filled, listing, numbers, parameters
from app.exports.scripts.replays import NUDGE, REASONS, ReplayPlan, checked_values, plan
from app.exports.scripts.stopping import SMALL, has_restored
from engine import Config, Trainer, format_link
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.schedules import SCHEDULES
from engine.training.descent import is_in_loss

MAX_LINK = 1_000
"""A longer link is left out: it carries points that stand in the script anyway."""
CHECK_POINTS = [(0.0, 0.0), (2.5, 1.5), (-1.5, 3.5), (-4.5, -2.0), (3.0, -5.0)]
"""Where the outputs are compared."""
IMPORTS = "# imports\n"
"""Where a template leaves room for them."""


def script(trainer: Trainer, name: str) -> str:
    """The script in one of `LANGUAGES`; ValueError for a network without inputs."""
    language, config = LANGUAGES[name], trainer.config
    require_features(trainer, language.label)
    noise = language.noise.get(config.optimizer, NUDGE)
    planned = plan(trainer, language.tolerance, CHECK_POINTS, language.unsupported(config), noise)
    terms = _of_the_run(trainer) | _of_the_plan(trainer, planned, language) | _of_the_training(trainer, planned)
    terms |= _of_the_language(config, language) | language.terms(config)
    text = _environment().get_template(language.template).render(terms)
    return text.replace(IMPORTS, f"{imports(text, language.imports)}\n", 1)


def _of_the_run(trainer: Trainer) -> dict[str, Any]:
    config = trainer.config
    parts = {"TRAIN": trainer.train_data, "VALIDATION": trainer.validation_data, "TEST": trainer.test_data}
    data = {name: part.points for name, part in parts.items() if part.points or name != "VALIDATION"}
    return {
        "config": config,
        "shape": config.shape,
        "K": config.shape[-1],
        "data": {name: filled(points) for name, points in data.items()},
        "any_empty": not all(data.values()),
        "scaling": {name.upper(): numbers(values) for name, values in trainer.scaling._asdict().items()},
        "last": parameters(trainer.network),
        "expected_last": numbers(checked_values(trainer, CHECK_POINTS)),
        "places": CHECK_POINTS,
        "small": SMALL,
    }


def _of_the_plan(trainer: Trainer, planned: ReplayPlan, language: Language) -> dict[str, Any]:
    aim = planned.aim
    return {
        "title": f"A neural network in {language.label}",
        "story": _story(trainer, planned, REASONS | language.bars),
        "first": parameters(planned.first.network),
        "updates": planned.updates,
        "epochs": _count(aim.epoch, "epoch"),
        "expected": numbers(checked_values(aim, CHECK_POINTS)),
        "whole": planned.reason != "followed",
        "checked": planned.tolerance < 1,
        "tolerance": planned.tolerance,
        "loosened": planned.tolerance > language.tolerance,
    }


def _of_the_training(trainer: Trainer, planned: ReplayPlan) -> dict[str, Any]:
    """What goes on in an update and between two of them, and what it hangs on."""
    config, falls = trainer.config, trainer.config.schedule != "constant"
    stops, restored = planned.patient and trainer.stopped is not None, has_restored(trainer)
    drops = bool(config.dropout and config.networkShape)
    counts = drops or numpy_code.OPTIMIZERS[config.optimizer].counts
    return {
        "batch": trainer.batch,
        "leftover": trainer.train_size % trainer.batch,
        "falls": falls,
        "drops": drops,
        "patient": planned.patient,
        "stops": stops,
        "restores": stops and restored,
        "ends_at_best": restored and not planned.patient and not planned.reason,
        "stopped": planned.aim.stopped is not None,
        "counts": counts,
        "numbered": counts or stops,
        "rate": "rate" if falls else numpy_code.SCHEDULES["constant"],
        "schedule_code": numpy_code.SCHEDULES[config.schedule],
        "arguments": ["rate"] * falls + ["t"] * counts,
        "seed_of_masks": f"{config.seed} {config.weightSeed}",
        "initializer": INITIALIZERS[config.initializer_name],
        "optimizer_entry": OPTIMIZERS[config.optimizer],
        "schedule_entry": SCHEDULES[config.schedule],
        "loss_entry": LOSSES[config.loss_name],
    }


def _of_the_language(config: Config, language: Language) -> dict[str, Any]:
    columns = [numpy_code.FEATURES[name].format(module=language.module) for name in config.features]
    return {
        "features": columns,
        "loss": judged_loss(config, language.losses, language.class_losses),
        "judged": "sums" if LOSSES[config.loss_name].of_sums else "outputs",
        "penalty": language.penalties[decoupled(config)],
        "cost": language.costs[config.regularization] if is_in_loss(config) else "",
        "targets": language.targets[config.problem],
        "module": language.module,
        "array": language.array,
        "points": language.points,
        "place": language.place,
        "kept": language.kept,
        "put_back": language.put_back,
    }


AIMS = {
    "": "trained again from its first weights to the same losses",
    "followed": "trained again from its first weights as far as the losses are certain",
}
"""What a script does, by the reason why it does not train the whole run."""


def _story(trainer: Trainer, planned: ReplayPlan, reasons: dict[str, str]) -> list[str]:
    """What a reader has to know first, in paragraphs."""
    config = trainer.config
    network = f"The network {'-'.join(map(str, config.shape))} on {config.data.label!r} ({config.problem})"
    moment = f"after {_count(trainer.epoch, 'epoch')} and {_count(trainer.updates, 'update')}"
    aim = AIMS.get(planned.reason, "as it is")
    story = [f"{network} {moment}, {aim}.", *([reasons[planned.reason]] if planned.reason else [])]
    if trainer.stopped and has_restored(trainer):
        story.append(f"Early stopping has ended it and restored the weights of epoch {trainer.stopped.best.epoch}.")
    link = format_link(config)
    return story if len(link) > MAX_LINK else [*story, f"Its settings as a link: {link}"]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the text is Python, not HTML
    )
    environment.filters |= {
        "assigned": assigned,
        "body": body,
        "comment": comment,
        "listing": listing,
        "literal": json.dumps,
    }
    return environment

"""Scripts that train a run anew in another library, from its first weights to its losses, and check their arrival.

A script is text in cells, as `# %%` marks them for editors, and `app.exports.notebook` makes a notebook of it. It holds
only what this run needs: its own activation, features and penalty, and its points.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.exports import numpy_code
from app.exports.languages import LANGUAGES
from app.exports.layers import layers, require_features
from app.exports.literals import body, comment, filled, listing, numbers, parameters
from app.exports.replays import REASONS, SMALL, Plan, plan, told
from engine import Trainer, format_link

MAX_LINK = 1_000
"""A longer link is left out: it carries points that stand in the script anyway."""
LOSS = "squared"
PLACES = [(0.0, 0.0), (2.5, 1.5), (-1.5, 3.5), (-4.5, -2.0), (3.0, -5.0)]
"""Where the outputs are compared."""


def script(trainer: Trainer, name: str) -> str:
    """The script in one of `LANGUAGES`; ValueError for a network without inputs."""
    language = LANGUAGES[name]
    require_features(trainer, language.label)
    names = [layer.activation for layer in layers(trainer)]
    special = language.terms(names)
    planned = plan(trainer, language.tolerance, PLACES)
    terms = _of_the_run(trainer) | _of_the_plan(trainer, planned) | special
    terms |= {
        "title": f"A neural network in {language.label}",
        "layers": names,
        "features": [numpy_code.FEATURES[name].format(module=language.module) for name in trainer.config.features],
        "loss": language.losses[LOSS],
        "penalty": language.penalties[trainer.config.regularization],
        "module": language.module,
        "place": language.place,
        "loosened": planned.tolerance > language.tolerance,
    }
    return _environment().get_template(language.template).render(terms)


def _of_the_run(trainer: Trainer) -> dict[str, Any]:
    config, train, test = trainer.config, trainer.train_data.points, trainer.test_data.points
    return {
        "config": config,
        "shape": config.shape,
        "K": config.shape[-1],
        "data": {"TRAIN": filled(train), "TEST": filled(test)},
        "any_empty": not (train and test),
        "batch": trainer.batch,
        "leftover": trainer.train_size % trainer.batch,
        "last": parameters(trainer.network),
        "expected_last": numbers(told(trainer, PLACES)),
        "places": PLACES,
        "small": SMALL,
    }


def _of_the_plan(trainer: Trainer, planned: Plan) -> dict[str, Any]:
    aim = planned.aim
    return {
        "story": _story(trainer, planned),
        "first": parameters(planned.first.network),
        "updates": planned.updates,
        "epochs": _count(aim.epoch, "epoch"),
        "expected": numbers(told(aim, PLACES)),
        "whole": aim is trainer,
        "checked": planned.tolerance < 1,
        "tolerance": planned.tolerance,
    }


AIMS = {
    "": "trained anew from its first weights to the same losses",
    "followed": "trained anew from its first weights as far as that leads there for certain",
}
"""What a script does, by the reason why it does not train the whole run."""


def _story(trainer: Trainer, planned: Plan) -> list[str]:
    """What a reader has to know first, in paragraphs."""
    config = trainer.config
    network = f"The network {'-'.join(map(str, config.shape))} on {config.data.label!r} ({config.problem})"
    moment = f"after {_count(trainer.epoch, 'epoch')} and {_count(trainer.updates, 'update')}"
    aim = AIMS.get(planned.reason, "as it is")
    story = [f"{network} {moment}, {aim}.", *([REASONS[planned.reason]] if planned.reason else [])]
    link = format_link(config)
    return story if len(link) > MAX_LINK else [*story, f"Its settings as a link: {link}"]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the text is Python, not HTML
    )
    environment.filters |= {"comment": comment, "body": body, "listing": listing}
    return environment

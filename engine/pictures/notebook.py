"""How a run shows itself at the end of a notebook's cell."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from engine.numbers import layout, percent, short
from engine.pictures.picture import SIZE, boundary
from engine.pictures.png import encode
from engine.tables.scores import SCORES
from engine.training.prediction import PARTS

if TYPE_CHECKING:
    from engine.config import Config
    from engine.trainer import Trainer

PAGE = """\
<figure style="display: inline-block; margin: 0; font: 13px/1.6 system-ui, sans-serif">
  <img src="data:image/png;base64,{png}" width="{size}" height="{size}" alt="{alt}" style="display: block">
  <figcaption>{caption}</figcaption>
</figure>
"""


def picture(trainer: Trainer) -> bytes:
    """The boundary as PNG."""
    return encode(boundary(trainer))


def html(trainer: Trainer) -> str:
    """The boundary and one line of numbers, with nothing to load and nothing to run."""
    png = base64.b64encode(picture(trainer)).decode("ascii")
    return PAGE.format(png=png, size=SIZE, alt=escape(alternative(trainer)), caption=escape(caption(trainer)))


def caption(trainer: Trainer) -> str:
    """Epoch, losses, scores and the number of parameters, in a line."""
    measures, score = trainer.measure(), SCORES[trainer.config.problem].label
    write = short if trainer.config.problem == "regression" else percent
    facts = [
        f"Epoch {trainer.epoch:,}",
        f"Loss: test {short(measures.test_loss)}, train {short(measures.train_loss)}",
        f"{score}: test {write(measures.test_score)}, train {write(measures.train_score)}",
        f"{trainer.network.size:,} parameters",
    ]
    if trainer.diverged:
        facts.append(f"stopped: the loss grew without bound at epoch {trainer.diverged.epoch:,}")
    return " · ".join(facts)


def line(trainer: Trainer) -> str:
    """Network, data, epoch and losses, in a line of plain text."""
    measures = trainer.measure()
    sizes = {name: len(getattr(trainer.parts, name).points) for name in PARTS}
    points = ", ".join(f"{count:,} {name}" for name, count in sizes.items() if count)
    losses = ", ".join(f"{name} {short(getattr(measures, f'{name}_loss'))}" for name, count in sizes.items() if count)
    facts = [f"{layout(trainer.config.shape)} on {trainer.config.data_name} ({points or 'no'} points)"]
    facts += [f"epoch {trainer.epoch:,}", *([f"loss: {losses}"] if losses else [])]
    ends = {"diverged": trainer.diverged, "stopped early": trainer.stopped}
    return ", ".join([*facts, *(word for word, ended in ends.items() if ended)])


def alternative(trainer: Trainer) -> str:
    """What the picture shows, for those who do not see it."""
    config = trainer.config
    shown = [f"{trainer.train_size:,} training points"]
    if config.showTestData:
        parts = {"validation": trainer.validation_data, "test": trainer.test_data}
        shown += [f"{len(part.points):,} {name} points" for name, part in parts.items() if part.points]
    return f"{config.data.label}: the output over the plane, {colors_of(config)}, with {' and '.join(shown)}."


def colors_of(config: Config) -> str:
    """What the picture's colours mean."""
    if config.problem == "multiclass":
        return f"in the colours of {config.class_count} classes, paler where it is less sure"
    return "orange below zero and blue above"

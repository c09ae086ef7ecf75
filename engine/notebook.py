"""How a run shows itself at the end of a notebook's cell."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from engine.numbers import percent, short
from engine.picture import SIZE, boundary
from engine.png import encode
from engine.scores import SCORES

if TYPE_CHECKING:
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
    write = percent if trainer.config.problem == "classification" else short
    facts = [
        f"Epoch {trainer.epoch:,}",
        f"Loss: test {short(measures.test_loss)}, train {short(measures.train_loss)}",
        f"{score}: test {write(measures.test_score)}, train {write(measures.train_score)}",
        f"{len(trainer.network.theta):,} parameters",
    ]
    if trainer.diverged:
        facts.append(f"stopped: the loss grew without bound at epoch {trainer.diverged.epoch:,}")
    return " · ".join(facts)


def alternative(trainer: Trainer) -> str:
    """What the picture shows, for those who do not see it."""
    shown = f"{trainer.train_size:,} training points"
    if trainer.config.showTestData:
        shown += f" and {len(trainer.test_data.points):,} test points"
    name = trainer.config.data.label
    return f"{name}: the output over the plane, orange below zero and blue above, with {shown}."

"""How a notebook displays a run: a picture and a line of numbers."""

from __future__ import annotations

import base64
from html import escape

from engine.config import Config
from engine.numbers import layout, percent, short
from engine.pictures.boundary import SIZE, boundary
from engine.pictures.png import encode
from engine.pictures.templates import mosaic
from engine.tables.scores import SCORES
from engine.training.prediction import PARTS
from engine.training.trained import TrainedNetwork

COLUMNS = 10
PAGE = """\
<figure style="display: inline-block; margin: 0; font: 13px/1.6 system-ui, sans-serif">
  <img src="data:image/png;base64,{png}" width="{size}" height="{size}" alt="{alt}" style="display: block">
  <figcaption>{caption}</figcaption>
</figure>
"""


def picture(trained: TrainedNetwork) -> bytes:
    """The boundary as PNG, or of images the templates."""
    images = trained.config.image_set
    return encode(mosaic(trained, images, COLUMNS) if images else boundary(trained))


def html(trained: TrainedNetwork) -> str:
    """The boundary and one line of numbers, with nothing to load and nothing to run."""
    png = base64.b64encode(picture(trained)).decode("ascii")
    return PAGE.format(png=png, size=SIZE, alt=escape(alternative(trained)), caption=escape(caption(trained)))


def caption(trained: TrainedNetwork) -> str:
    """Epoch, losses, scores and the number of parameters, in a line."""
    measures, score = trained.measure(), SCORES[trained.config.problem].label
    write = short if trained.config.problem == "regression" else percent
    facts = [
        f"Epoch {trained.epoch:,}",
        f"Loss: test {short(measures.test_loss)}, train {short(measures.train_loss)}",
        f"{score}: test {write(measures.test_score)}, train {write(measures.train_score)}",
        f"{trained.network.size:,} parameters",
    ]
    if trained.diverged:
        facts.append(f"stopped: the loss grew without bound at epoch {trained.diverged.epoch:,}")
    return " · ".join(facts)


def line(trained: TrainedNetwork) -> str:
    """Network, data, epoch and losses, in a line of plain text."""
    measures = trained.measure()
    sizes = {name: getattr(trained.parts, name).size for name in PARTS}
    points = ", ".join(f"{count:,} {name}" for name, count in sizes.items() if count)
    losses = ", ".join(f"{name} {short(getattr(measures, f'{name}_loss'))}" for name, count in sizes.items() if count)
    kind = "images" if trained.config.image_set else "points"
    facts = [f"{layout(trained.config.shape)} on {trained.config.data_name} ({points or 'no'} {kind})"]
    facts += [f"epoch {trained.epoch:,}", *([f"loss: {losses}"] if losses else [])]
    ends = {"diverged": trained.diverged, "stopped early": trained.stopped}
    return ", ".join([*facts, *(word for word, ended in ends.items() if ended)])


def alternative(trained: TrainedNetwork) -> str:
    """What the picture shows, for those who do not see it."""
    config = trained.config
    if config.image_set:
        label = config.data.label
        return f"{label}: the weights of each unit of the first layer as an image, orange below zero, blue above."
    shown = [f"{trained.train_size:,} training points"]
    if config.showTestData:
        parts = {"validation": trained.validation_data, "test": trained.test_data}
        shown += [f"{part.size:,} {name} points" for name, part in parts.items() if part.size]
    return f"{config.data.label}: the output over the plane, {colors_of(config)}, with {' and '.join(shown)}."


def colors_of(config: Config) -> str:
    """What the picture's colours mean."""
    if config.has_many_classes:
        return f"in the colours of {config.class_count} classes, paler where it is less sure"
    return "orange below zero and blue above"

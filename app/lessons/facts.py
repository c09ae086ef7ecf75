"""The facts that a lesson's question can check: about the run, and about what was done since the lesson was opened.

The page reads each from its state, in static/lessons/facts.js.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.explain.topics import EXPLANATIONS
from engine.config import Config
from engine.data.datasets import DATASETS
from engine.images.image_sets import IMAGE_SETS
from engine.tables import Entry
from engine.tables.activations import ACTIVATIONS
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import MODES, PENALTIES
from engine.tables.schedules import SCHEDULES
from engine.tables.tasks import TASKS


@dataclass(frozen=True)
class Fact:
    """Something about the run that the page knows."""

    label: str
    """What the page calls it."""
    kind: str
    """number, whole (a number of things), share (0 to 1), flag, text, or list (of texts or numbers)."""
    hint: str
    """One sentence to a teacher."""

    @property
    def numeric(self) -> bool:
        """Whether it can be compared by size."""
        return self.kind in ("number", "whole", "share")


RUN_FACTS: dict[str, Fact] = {
    # --- the run --------------------------------------------------------------------------------------------------
    "trainLoss": Fact("Training loss", "number", "The mean loss over the training points."),
    "testLoss": Fact("Test loss", "number", "The mean loss over the test points, unless it is covered."),
    "validationLoss": Fact("Validation loss", "number", "The mean loss over the validation points."),
    "trainAccuracy": Fact("Training accuracy", "share", "The share of the training points that get their class."),
    "testAccuracy": Fact("Test accuracy", "share", "The share of the test points that get their class."),
    "validationAccuracy": Fact("Validation accuracy", "share", "The same share of the validation points."),
    "epoch": Fact("Epoch", "whole", "How many epochs were trained."),
    "updates": Fact("Updates", "whole", "How many batches were trained on."),
    "playing": Fact("Playing", "flag", "Whether it trains now."),
    "stopped": Fact("Stopped early", "flag", "Whether early stopping has ended the training."),
    "rate": Fact("Present learning rate", "number", "The learning rate as its schedule has it now."),
    "batchNoise": Fact(
        "Noise of the loss",
        "number",
        "The width of the band of the batches' losses in the last epoch, divided by the training loss.",
    ),
    # --- the network ----------------------------------------------------------------------------------------------
    "hiddenLayers": Fact("Hidden layers", "whole", "How many hidden layers there are."),
    "hiddenUnits": Fact("Hidden units", "whole", "How many units the hidden layers have in all."),
    "parameters": Fact("Parameters", "whole", "How many weights and biases there are."),
    "features": Fact("Features", "list", 'The names of the features that are on, as ["x", "y"].'),
    "featureCount": Fact("Features", "whole", "How many features are on."),
    "lineDistance": Fact(
        "Distance of the line",
        "number",
        "How far from the origin the line passes of the unit on show, or of the only unit; from x and y alone.",
    ),
    # --- what was pointed at --------------------------------------------------------------------------------------
    "probedLoss": Fact("Loss of the point", "number", "The own loss of the data point that is pointed at."),
    "probedProbability": Fact(
        "Largest probability", "share", "Of many classes, the largest probability at the place that is pointed at."
    ),
    # --- what was done since the lesson was set up ----------------------------------------------------------------
    "steps": Fact("Steps made", "whole", "How often Step was pressed."),
    "weightsSet": Fact("Values set by hand", "whole", "How often a weight or bias was set by hand."),
    "pointsProbed": Fact("Points pointed at", "whole", "How many times a data point was pointed at."),
    "unitsPinned": Fact("Units kept on show", "whole", "How many times a unit was clicked to stay on show."),
    "linksRead": Fact("Links read after a step", "whole", "How many times a link or bias was pointed at after a step."),
    "restarts": Fact("Restarts run", "whole", "How many restarts were last trained side by side."),
    "restartsSolved": Fact(
        "Share of restarts that solved it",
        "share",
        "The share of those restarts that solved it, as the page judges that.",
    ),
    "compared": Fact("Values compared", "whole", "How many values of a knob were last trained side by side."),
    "comparedKnob": Fact("Knob compared", "text", "The key of the knob whose values were."),
    "adopted": Fact("Runs adopted", "whole", "How many restarts or compared runs were taken over."),
}

NAMES: dict[str, Mapping[str, Entry | Fact | None]] = {
    "activation": ACTIVATIONS,
    "activations": ACTIVATIONS,
    "classDataset": DATASETS,
    "dataset": DATASETS,
    "images": IMAGE_SETS,
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "outputActivation": OUTPUTS,
    "problem": TASKS,
    "regDataset": DATASETS,
    "regularization": PENALTIES,
    "regularizationMode": MODES,
    "schedule": SCHEDULES,
}
"""The tables that facts take their values from, by which a person reads them."""

LABELS = {
    "classDataset": "Data set",
    "classes": "Classes",
    "networkShape": "Units by layer",
    "regDataset": "Data set",
    "showWorst": "Worst points marked",
}
"""What the page calls keys, where that is not the title of their explanation."""

NO_FACTS = ("tutorial", "hide", "points", "collectStats")
"""Keys that say nothing about a run."""


def _kind(annotation: Any) -> str:
    """The kind of a configuration's key, by its type."""
    origin = typing.get_origin(annotation)
    if origin is tuple:
        return "list"
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        return _kind(typing.get_args(annotation)[0])
    return {bool: "flag", int: "whole", float: "number"}.get(annotation, "text")


def _config_facts() -> dict[str, Fact]:
    facts = {}
    for name, field in Config.model_fields.items():
        if name not in NO_FACTS:
            label = LABELS.get(name) or (EXPLANATIONS[name].title if name in EXPLANATIONS else name)
            facts[name] = Fact(
                label, _kind(field.annotation), field.description or f"Whether the feature {name} is on."
            )
    return facts


FACTS: dict[str, Fact] = RUN_FACTS | _config_facts()
"""All facts by their names: those of the run, and every key of a configuration by its own name."""

NAMES["comparedKnob"] = FACTS


def named(fact: str, value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list)):
        return ", ".join(named(fact, one) for one in value) or "none"
    if isinstance(value, (int, float)):
        return f"{100 * value:g} %" if FACTS[fact].kind == "share" else f"{value:,g}"
    entry = NAMES.get(fact, {}).get(value)
    return entry.label if entry else str(value)

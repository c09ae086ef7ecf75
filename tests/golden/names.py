"""Writes `engine/names.py`: the names of the tables and the fields of `Config` as types. `make names` runs it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine import names
from engine.config import Config
from engine.config.config import SEEDS
from engine.data.datasets import datasets_of
from engine.images.image_sets import IMAGE_SETS
from engine.tables.activations import ACTIVATIONS
from engine.tables.hideable_controls import CONTROLS
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import MODES, PENALTIES
from engine.tables.schedules import SCHEDULES
from engine.tables.tasks import TASKS

FILE = Path(str(names.__file__))
TABLES: dict[str, Iterable[str]] = {
    "ActivationName": ACTIVATIONS,
    "ClassDatasetName": datasets_of("multiclass"),
    "ControlName": CONTROLS,
    "DatasetName": datasets_of("classification"),
    "ImageSetName": IMAGE_SETS,
    "InitializerName": INITIALIZERS,
    "LossName": LOSSES,
    "ModeName": MODES,
    "OptimizerName": OPTIMIZERS,
    "OutputName": OUTPUTS,
    "PenaltyName": PENALTIES,
    "ProblemName": TASKS,
    "RegDatasetName": datasets_of("regression"),
    "ScheduleName": SCHEDULES,
}
HEAD = '''"""The names of the tables and the fields of `Config` as types, for type checkers, which cannot read a table.

`make names` writes this file from the tables and from `Config`; a test holds it to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

Whole = int | np.integer[Any]
Real = float | np.floating[Any] | np.integer[Any]
Switch = bool | np.bool_
Seed = str | Real
Wholes = Sequence[Whole] | NDArray[np.integer[Any]]
'''
FIELDS = '''class Fields(TypedDict, total=False):
    """What `Config` takes, each field by its name."""

'''
KINDS = {"integer": "Whole", "number": "Real", "boolean": "Switch", "string": "str"}
"""What is taken for a type of JSON's, NumPy's own kinds among it."""


def text() -> str:
    """What the file has to be."""
    names = [f"{alias} = Literal[\n" + "".join(map(_entry, table)) + "]\n" for alias, table in TABLES.items()]
    properties = Config.model_json_schema()["properties"]
    fields = [f"    {name}: {_taken(name, schema)}\n" for name, schema in properties.items()]
    return "".join([HEAD, *names, "\n\n", FIELDS, *fields])


def _entry(name: str) -> str:
    return f'    "{name}",\n'


def _taken(name: str, schema: dict[str, Any]) -> str:
    """The type of what is taken for a field, by its schema."""
    if name in SEEDS:
        return "Seed"
    if "anyOf" in schema:
        return f"{_taken(name, schema['anyOf'][0])} | None"
    if "enum" in schema:
        return next(alias for alias, names in TABLES.items() if list(names) == schema["enum"])
    if schema["type"] != "array":
        return KINDS[schema["type"]]
    entries = _taken(name, schema["items"])
    return "Wholes" if entries == "Whole" else f"Sequence[{entries}]"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")

"""Knobs whose values a gallery can compare: fields of a configuration that do not change its data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.explain.topics import EXPLANATIONS
from engine import Config
from engine.config import LIMITS
from engine.errors import InputError, Problem, shown
from engine.tables.features import FEATURES
from engine.tables.tasks import TASKS

DISPLAY_ONLY = frozenset(
    {"showTestData", "discretize", "showWorst", "coverTest", "collectStats", "hideText", "compact"}
)
"""Flags that change what a page shows, and nothing of the run."""
SET_WITH: dict[str, dict[str, Any]] = {"activation": {"activations": ()}, "initializer": {"initZero": False}}
"""What has to be set with a knob, because it would hide it."""
TYPICAL_VALUES: dict[str, tuple[float, ...]] = {
    "learningRate": (0.003, 0.03, 0.3, 3),
    "batchSize": (1, 10, 30, 100),
    "regularizationRate": (0, 0.001, 0.01, 0.1),
    "momentum": (0, 0.5, 0.9, 0.99),
    "decayRate": (0.1, 0.5, 0.9, 0.99),
    "decayEpochs": (10, 30, 100, 300),
    "patience": (0, 5, 20, 50),
    "minDelta": (0, 0.001, 0.01, 0.1),
    "dropout": (0, 0.1, 0.2, 0.5),
    "clipNorm": (0, 0.01, 0.1, 1),
}
"""Values of numbers that differ in what comes of them: low, good, high, very high."""


@dataclass(frozen=True)
class Knob:
    """A key of a configuration, as a menu offers it."""

    label: str
    values: Sequence[Any]
    """All that there are, or of a number some that are worth comparing."""
    labels: Sequence[str]
    is_number: bool


@cache
def knobs() -> dict[str, Knob]:
    """All knobs that can be compared, by key."""
    found = {}
    for name, schema in Config.model_json_schema()["properties"].items():
        schema = schema["anyOf"][0] if "anyOf" in schema else schema
        values = schema.get("enum") or _candidates(name, schema["type"])
        if values and name not in DISPLAY_ONLY and _label(name) and not _changes_data(name, values):
            found[name] = Knob(_label(name), values, [value_label(name, one) for one in values], name in LIMITS)
    return found


def _candidates(name: str, kind: str) -> Sequence[Any]:
    if kind == "boolean":
        return (False, True)
    return TYPICAL_VALUES.get(name, LIMITS.get(name, ()))


def _label(name: str) -> str:
    if name in FEATURES:
        return f"Feature {FEATURES[name].label}"
    return EXPLANATIONS[name].title if name in EXPLANATIONS else ""


def value_label(name: str, value: Any) -> str:
    """A value of a knob as it stands beside its loss."""
    entry = None if name in LIMITS or name in FEATURES else EXPLANATIONS[name].entries.get(value)
    if entry:
        return entry.label
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _changes_data(name: str, values: Sequence[Any]) -> bool:
    """Whether other values can stand for other data than those of a usual configuration."""
    low = LIMITS[name][0] if name in LIMITS else 0
    for base in (Config.model_validate({"problem": problem}) for problem in TASKS):
        for value in (low, low + 1) if name in LIMITS else values:
            try:
                other = with_value(base, name, value)
            except ValueError:
                continue
            if base.restarts(other) == "data":
                return True
    return False


def with_value(config: Config, knob: str, value: Any) -> Config:
    """The configuration with another value of a knob; ValueError where that is none."""
    return Config.model_validate(config.model_dump() | SET_WITH.get(knob, {}) | {knob: value})


def compared(config: Config, knob: str, values: Sequence[Any]) -> Iterator[Config]:
    """The configuration with each of some values of a knob; ValueError where it is none that can be compared, or where
    one of them is none or comes twice."""
    if knob not in knobs():
        expected = "a number, a flag or a table of the configuration that leaves the data as they are"
        raise InputError(Problem("knob", expected, shown(knob)))
    for place, value in enumerate(values):
        if value in values[:place]:
            raise InputError(Problem("values", "different ones", f"{shown(value)} twice"))
        yield with_value(config, knob, value)

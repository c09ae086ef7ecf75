"""The libraries that scripts are written for, and what the template of each has to be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.exports import numpy_code, sklearn_code, torch_code
from engine.problems import shown


@dataclass(frozen=True, kw_only=True)
class Language:
    """One library that scripts are written for."""

    label: str
    template: str
    tolerance: float
    """How near a script has to come; relative."""
    module: str
    """What has the functions of features."""
    terms: Callable[[list[str]], dict[str, Any]]
    """terms(activations): what its template alone is told, for the activations of the layers."""
    place: str
    """How the parameters are put into the network."""
    losses: dict[str, Any]
    penalties: dict[str, Any]


def _numpy_terms(names: list[str]) -> dict[str, Any]:
    distinct = {name: numpy_code.ACTIVATIONS[name] for name in dict.fromkeys(names)}
    return {"activations": distinct, "setups": _setups(distinct.values())}


def _torch_terms(names: list[str]) -> dict[str, Any]:
    modules = [torch_code.ACTIVATIONS[name] for name in names]
    return {"modules": modules, "definitions": [m.definition for m in dict.fromkeys(modules) if m.definition]}


def _sklearn_terms(names: list[str]) -> dict[str, Any]:
    hidden = set(names[:-1])
    if len(hidden) > 1:
        raise ValueError(f"activation: expected one for all hidden layers for scikit-learn, got {shown(hidden)}")
    added = sklearn_code.additions(list(dict.fromkeys(names)))
    by_sum = [name for name, formula in added.items() if formula.by_sum]
    return {
        "added": added,
        "by_sum": by_sum,
        "own_backprop": names[-1] == "linear" and not by_sum,
        "setups": _setups(added.values()),
        "hidden": sklearn_code.ACTIVATIONS[names[0]] if len(names) > 1 else None,
        "output": sklearn_code.ACTIVATIONS[names[-1]],
    }


def _setups(formulas: Iterable[numpy_code.Formula]) -> list[str]:
    return list(dict.fromkeys(formula.setup for formula in formulas if formula.setup))


LANGUAGES: dict[str, Language] = {
    "numpy": Language(
        label="NumPy",
        template="numpy.py.j2",
        tolerance=1e-9,
        module="np",
        terms=_numpy_terms,
        place=numpy_code.PLACE,
        losses=numpy_code.LOSSES,
        penalties=numpy_code.PENALTIES,
    ),
    "pytorch": Language(
        label="PyTorch",
        template="pytorch.py.j2",
        tolerance=1e-6,
        module="torch",
        terms=_torch_terms,
        place=torch_code.PLACE,
        losses=torch_code.LOSSES,
        penalties=torch_code.PENALTIES,
    ),
    "scikit-learn": Language(
        label="scikit-learn",
        template="sklearn.py.j2",
        tolerance=1e-6,
        module="np",
        terms=_sklearn_terms,
        place=sklearn_code.PLACE,
        losses=sklearn_code.LOSSES,
        penalties=sklearn_code.PENALTIES,
    ),
}

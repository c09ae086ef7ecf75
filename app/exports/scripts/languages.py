"""The libraries that scripts are written for, and what the template of each needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.exports.scripts import numpy_code, sklearn_code, torch_code
from engine import Config
from engine.training.descent import is_in_loss


@dataclass(frozen=True, kw_only=True)
class Language:
    """One library that scripts are written for."""

    label: str
    template: str
    tolerance: float
    """How near a script has to come; relative."""
    module: str
    """What has the functions of features."""
    array: str
    """What makes an array of a list."""
    points: str
    """What makes an array of the list `name` of points, which may be empty."""
    terms: Callable[[Config], dict[str, Any]]
    """terms(config): what its template alone is told."""
    place: str
    """How the parameters are put into the network."""
    kept: str
    """Copies of all parameters."""
    put_back: str
    """How the copies `best` are put back into the network."""
    losses: dict[str, str]
    class_losses: dict[str, str]
    penalties: dict[str, numpy_code.UpdateCode]
    costs: dict[str, str]
    """What a penalty in the loss adds to it, or to its gradient."""
    targets: dict[str, str]
    imports: dict[str, list[str]]
    """Modules that scripts may use, each with what is imported from it: nothing for the module itself."""
    bars: dict[str, str] = field(default_factory=dict)
    """Sentences about what it cannot train."""
    noise: Mapping[str, float] = field(default_factory=dict)
    """By optimizer how far parameters may come off at once, where that is further than by usual rounding."""
    unsupported: Callable[[Config], str] = lambda config: ""
    """Which of them holds, by its name in `bars`; or nothing."""


NOISE = {"adagrad": 1e-9, "rmsprop": 1e-10, "adam": 1e-10, "adamw": 1e-10}
"""Of libraries with activations of their own: where one is saturated its slope is a rest of rounding, and optimizers
that make all gradients alike make a step of it."""


def decoupled(config: Config) -> str:
    """The name of the penalty that pulls beside the optimizer's step; `none` where it is in the loss."""
    return "none" if is_in_loss(config) else config.regularization


def judged_loss(config: Config, table: Any, class_table: Any) -> Any:
    """The entry of the run's loss."""
    return (class_table if config.problem == "multiclass" else table)[config.loss_name]


# --- NumPy, and arrays in scikit-learn's networks ---------------------------------------------------------------------


def _array_terms(config: Config) -> dict[str, Any]:
    """What an update on arrays of parameters needs."""
    rule, penalty = numpy_code.OPTIMIZERS[config.optimizer], numpy_code.PENALTIES[decoupled(config)]
    memory = {name: numpy_code.MEMORY[name] for name in (*rule.memory, *penalty.memory)}
    return {
        "rule": rule,
        "memory": memory,
        "slope": judged_loss(config, numpy_code.LOSSES, numpy_code.CLASS_LOSSES).slope,
        "output": numpy_code.OUTPUTS[config.output_name],
    }


def _numpy_terms(config: Config) -> dict[str, Any]:
    hidden = {name: numpy_code.ACTIVATIONS[name] for name in dict.fromkeys(config.hidden_activations)}
    output = numpy_code.OUTPUTS[config.output_name]
    return _array_terms(config) | {
        "alpha": False,
        "hidden": hidden,
        "functions": {name: formula.value for name, formula in hidden.items()} | {output.name: output.value},
        "layers": [*config.hidden_activations, output.name],
        "setups": _setups(hidden.values()),
    }


def _setups(formulas: Iterable[numpy_code.FormulaCode]) -> list[str]:
    return list(dict.fromkeys(formula.setup for formula in formulas if formula.setup))


# --- PyTorch ----------------------------------------------------------------------------------------------------------


def _torch_terms(config: Config) -> dict[str, Any]:
    modules = [torch_code.ACTIVATIONS[name] for name in config.hidden_activations]
    modules.append(torch_code.OUTPUTS[config.output_name])
    terms = {
        "modules": modules,
        "definitions": [module.definition for module in dict.fromkeys(modules) if module.definition],
        "optimizer": torch_code.OPTIMIZERS[config.optimizer],
    }
    if (config.optimizer, config.regularization) == ("adamw", "L2"):
        terms |= {"optimizer": torch_code.ADAMW_DECAY, "penalty": torch_code.PENALTIES["none"]}
    return terms


# --- scikit-learn -----------------------------------------------------------------------------------------------------


def _sklearn_terms(config: Config) -> dict[str, Any]:
    hidden = {name: numpy_code.ACTIVATIONS[name] for name in dict.fromkeys(config.hidden_activations)}
    lacking = {name: formula for name, formula in hidden.items() if name not in sklearn_code.NAMES}
    output, name = numpy_code.OUTPUTS[config.output_name], sklearn_code.OUTPUTS[config.output_name]
    added = {name: formula.value for name, formula in lacking.items()}
    if config.output_name not in sklearn_code.NAMES:
        added[name] = output.value
    by_sum = [name for name, formula in lacking.items() if formula.by_sum]
    is_mixed = len(hidden) > 1
    own_backprop = (config.loss_name, config.output_name) in sklearn_code.OWN_BACKPROPAGATION and not by_sum
    terms = _array_terms(config) | {
        "added": added,
        "lacking": lacking,
        "by_sum": by_sum,
        "own_backprop": own_backprop,
        "alpha": own_backprop and is_in_loss(config) and config.regularization == "L2",
        "setups": _setups(lacking.values()),
        "hidden": [sklearn_code.ACTIVATIONS[name] for name in config.hidden_activations],
        "output_name": name,
        "mixed": is_mixed,
    }
    return terms | ({"place": sklearn_code.PLACE_EACH} if is_mixed else {})


def _sklearn_barred(config: Config) -> str:
    if len(set(config.hidden_activations)) > 1:
        return "activations"
    return "dropout" if config.dropout and config.networkShape else ""


def _values(table: dict[str, numpy_code.LossCode]) -> dict[str, str]:
    return {name: loss.value for name, loss in table.items()}


NUMPY = Language(
    label="NumPy",
    template="numpy.py.j2",
    tolerance=1e-9,
    module="np",
    array="np.array",
    points="np.reshape({name}, (-1, 3))",
    terms=_numpy_terms,
    place=numpy_code.PLACE,
    kept=numpy_code.KEPT,
    put_back=numpy_code.PUT_BACK,
    losses=_values(numpy_code.LOSSES),
    class_losses=_values(numpy_code.CLASS_LOSSES),
    penalties=numpy_code.PENALTIES,
    costs=numpy_code.SLOPES,
    targets=numpy_code.TARGETS,
    imports={"numpy as np": []},
)
LANGUAGES: dict[str, Language] = {
    "numpy": NUMPY,
    "pytorch": Language(
        label="PyTorch",
        template="pytorch.py.j2",
        tolerance=1e-6,
        module="torch",
        array="torch.tensor",
        points="torch.tensor({name}).reshape(-1, 3)",
        terms=_torch_terms,
        place=torch_code.PLACE,
        kept=torch_code.KEPT,
        put_back=torch_code.PUT_BACK,
        losses=torch_code.LOSSES,
        class_losses=torch_code.CLASS_LOSSES,
        penalties=torch_code.PENALTIES,
        costs=torch_code.COSTS,
        targets=torch_code.TARGETS,
        imports={"numpy as np": [], "torch": ["nn"]},
        noise=NOISE,
    ),
    "scikit-learn": replace(
        NUMPY,
        label="scikit-learn",
        template="sklearn.py.j2",
        tolerance=1e-6,
        terms=_sklearn_terms,
        place=sklearn_code.PLACE,
        imports={
            "numpy as np": [],
            "sklearn.neural_network": ["MLPRegressor"],
            "sklearn.neural_network._base": ["ACTIVATIONS", "DERIVATIVES"],
        },
        noise=NOISE,
        bars=sklearn_code.REASONS,
        unsupported=_sklearn_barred,
    ),
}

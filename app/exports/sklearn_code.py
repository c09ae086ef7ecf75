"""The engine's tables once more, as scikit-learn has them: its own names, and for the others functions made of the
NumPy formulas, added to its tables."""

from __future__ import annotations

from app.exports import numpy_code
from app.exports.numpy_code import Formula

NAMES = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic", "linear": "identity"}
"""What scikit-learn calls the activations that it has."""

ACTIVATIONS = {name: NAMES.get(name, name) for name in numpy_code.ACTIVATIONS}
LOSSES = {"squared": Formula("mean_squared_error(labels, outputs) / 2", numpy_code.LOSSES["squared"].slope)}
PENALTIES = numpy_code.PENALTIES
PLACE = """\
model.coefs_ = [np.array(W).T for W in {weights}]  # (D, H) each
model.intercepts_ = [np.array(b) for b in {biases}]  # (H,) each"""


def additions(names: list[str]) -> dict[str, Formula]:
    """Of some activations those that scikit-learn lacks."""
    return {name: numpy_code.ACTIVATIONS[name] for name in names if name not in NAMES}

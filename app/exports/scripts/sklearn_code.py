"""The engine's tables once more, as scikit-learn has them: its own names, and for the others functions made of the
NumPy formulas, added to its tables. Losses, optimizers, schedules and penalties are those of `numpy_code`."""

from __future__ import annotations

from app.exports.scripts import numpy_code

NAMES = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic", "linear": "identity", "softmax": "softmax"}
"""What scikit-learn calls the activations that it has."""

ACTIVATIONS = {name: NAMES.get(name, name) for name in numpy_code.ACTIVATIONS}
OUTPUTS = {name: NAMES.get(name, output.name) for name, output in numpy_code.OUTPUTS.items()}

OWN_BACKPROPAGATION = {("squared", "linear"), ("crossEntropy", "softmax")}
"""Losses and outputs whose derivative by the sums is output less label, which is all that its backpropagation knows."""

REASONS = {
    "dropout": "scikit-learn leaves no units out while it trains (the setting dropout), so it cannot train this run "
    "anew: these are the present weights.",
    "activations": "scikit-learn has one activation for all hidden layers (the setting activations). So here is a "
    "regressor for each layer, which it cannot train together: these are the present weights.",
}
"""Why a run is not trained by scikit-learn."""

PLACE = """\
model.coefs_ = [np.array(W).T for W in {weights}]  # (D, H) each
model.intercepts_ = [np.array(b) for b in {biases}]  # (H,) each"""

PLACE_EACH = """\
for regressor, W, b in zip(regressors, {weights}, {biases}, strict=True):
    regressor.coefs_, regressor.intercepts_ = [np.array(W).T], [np.array(b)]  # (D, H), (H,)"""

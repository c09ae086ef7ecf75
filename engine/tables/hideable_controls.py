"""The controls of the page that a link can hide."""

from __future__ import annotations

from engine.tables.features import FEATURES

CONTROLS = {
    "showTestData": "Show test data",
    "discretize": "Discretize output",
    "playButton": "Play button",
    "stepButton": "Step button",
    "resetButton": "Reset button",
    "learningRate": "Learning rate",
    "activation": "Activation",
    "regularization": "Regularization",
    "regularizationRate": "Regularization rate",
    "problem": "Problem type",
    "dataset": "Data set",
    "percTrainData": "Ratio of training data",
    "noise": "Noise level",
    "batchSize": "Batch size",
    "numHiddenLayers": "Number of hidden layers",
    "loss": "Loss",
    "settings": "More settings",
    "restarts": "Restarts",
    "compare": "Compare",
    "showWorst": "Worst points",
    "regenerate": "Regenerate",
    "lessons": "Lessons",
    "share": "Share",
    **{name: f"Feature {feature.label}" for name, feature in FEATURES.items()},
}
"""The controls that a link can hide by `NAME_hide=true`, with their labels."""

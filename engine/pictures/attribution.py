"""What a network with pixels as inputs makes of one image: every unit's activation, and each pixel's evidence.

Shapes: D pixels, H units of a layer, U units of all layers, K classes.
"""

from __future__ import annotations

import numpy as np

from engine.tables import Array
from engine.training.network import Pass
from engine.training.trained import TrainedNetwork


def activations(trained: TrainedNetwork, pixels: Array) -> Array:
    """The outputs of all units, layer by layer, for an image (D,) of pixels from 0 to 1: (U,)."""
    passed = Pass(trained.network, 1)
    with np.errstate(all="ignore"):
        passed.forward(trained.inputs(pixels[None]))
    return np.concatenate([outputs[:, 0] for outputs in passed.outputs])


def evidence(trained: TrainedNetwork, pixels: Array, chosen: int) -> Array:
    """What each pixel of an image adds to the sum of a class, (D,): input times the sum's slope by it. Of a linear
    network this is weight times input, and together with the bias it is the sum itself."""
    passed = Pass(trained.network, 1)
    with np.errstate(all="ignore"):
        X = trained.inputs(pixels[None])  # (D + 1, 1)
        passed.forward(X)
        slope = trained.network.layers[-1].weights[chosen]  # (H,): of the sum by the last hidden activations
        for place in range(len(trained.network.layers) - 2, -1, -1):
            layer, z = trained.network.layers[place], passed.z[place]  # (H, 1)
            layer.activation.derivative(z, passed.outputs[place])  # z now holds f'(z)
            slope = (slope * z[:, 0]) @ layer.weights  # (H,) @ (H, D) -> (D,)
        return np.asarray(slope * X[:-1, 0])

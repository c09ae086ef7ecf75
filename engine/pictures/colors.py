"""The page's own colours: orange below zero, blue above, and one for each of many classes, mixed in OKLab as
`static/draw/colors.js` mixes them.

OKLab (Björn Ottosson, 2020, https://bottosson.github.io/posts/oklab/) is a space where equal steps look equal.

Shapes: K classes.
"""

from __future__ import annotations

import numpy as np

from engine.pictures.grid import STEPS, ZERO
from engine.tables import Array

MAP_SHARE = 0.65
"""How far towards a label's colour a map goes where it is as sure as it can be: points of that label stay visible."""
NEGATIVE, NEUTRAL, POSITIVE = (245, 147, 34), (233, 236, 238), (8, 119, 189)
"""What -1, 0 and 1 look like: red, green and blue."""
SURFACE, INK = (255, 255, 255), (31, 36, 40)
"""The edges of training points, and of those that test or validate."""
CLASSES = ((71, 97, 221), (207, 63, 2), (168, 178, 0), (80, 177, 254), (224, 120, 159), (152, 83, 133))
"""What the classes look like where there are many: six colours that every kind of colour vision tells apart, as far
from each other as they can be while all are seen on white and on a dark page."""

TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
    ]
)
FROM_LAB = np.array(
    [
        [1, 0.3963377774, 0.2158037573],
        [1, -0.1055613458, -0.0638541728],
        [1, -0.0894841775, -1.291485548],
    ]
)
FROM_CONES = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.707614701],
    ]
)


def _to_lab(color: tuple[int, int, int]) -> Array:
    """A colour as OKLab, (3,)."""
    channels = np.array(color) / 255
    light = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)  # (3,)
    return np.asarray(TO_LAB @ np.cbrt(TO_CONES @ light))


def _from_lab(lab: Array) -> Array:
    """OKLab (N, 3) as red, green and blue, uint8 (N, 3)."""
    light = np.clip((lab @ FROM_LAB.T) ** 3 @ FROM_CONES.T, 0, 1)  # (N, 3)
    channels = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.floor(255 * channels + 0.5).astype(np.uint8))


def _scale(share: float) -> Array:
    low, zero, high = map(_to_lab, (NEGATIVE, NEUTRAL, POSITIVE))
    t = np.maximum(-1, (np.arange(256) - ZERO) / STEPS)[:, None]  # (256, 1)
    scale = _from_lab(zero + share * np.abs(t) * (np.where(t < 0, low, high) - zero))  # (256, 3)
    scale.setflags(write=False)
    return scale


SCALE = _scale(MAP_SHARE)
"""256 colours of maps, uint8 (256, 3); the place is a map's byte, 128 is zero."""
LABEL_SCALE = _scale(1)
"""The same for labels, which go all the way to the ends."""


def _class_scales() -> Array:
    t = np.maximum(0, (np.arange(256) - ZERO) / STEPS)[:, None]  # (256, 1)
    zero = _to_lab(NEUTRAL)
    scales = np.stack([_from_lab(zero + MAP_SHARE * t * (_to_lab(color) - zero)) for color in CLASSES])  # (6, 256, 3)
    scales.setflags(write=False)
    return scales


CLASS_SCALES = _class_scales()
"""For each class 256 colours, uint8 (6, 256, 3): the neutral where its probability is 0, as much of its own as
maps have where it is 1."""
OFFSETS = MAP_SHARE * np.stack([_to_lab(color) - _to_lab(NEUTRAL) for color in CLASSES])  # (6, 3)


def mixed(probabilities: Array) -> Array:
    """The colour of some classes' probabilities (K, ...) at every place, uint8 (..., 3).

    Each class pulls the neutral towards its own colour by how far its probability is above that of a guess: where all
    are equally likely nothing is said, and where one is certain its colour is as full as on all maps. Of two classes
    this is the scale above, from one to the other.
    """
    count = len(probabilities)
    weights = np.maximum(0.0, (count * probabilities - 1) / (count - 1))  # (K, ...)
    offsets = np.moveaxis(weights, 0, -1) @ OFFSETS[:count]  # (..., 3)
    return _from_lab(_to_lab(NEUTRAL) + offsets)


def places(values: Array) -> Array:
    """Values of any shape as places on the scale, uint8 of the same; full at +-1."""
    return np.asarray(np.floor(np.clip(values, -1, 1) * STEPS + (ZERO + 0.5)).astype(np.uint8))

"""Templates: the weights of units behind pixels as images in the colours of sign.

Shapes: H units, D pixels, S pixels a side of the picture.
"""

from __future__ import annotations

import numpy as np

from engine.images.image_set import ImageSet
from engine.pictures.colors import LABEL_SCALE, places
from engine.tables import Array
from engine.training.trained import TrainedNetwork

MOST = 100
"""Templates in a picture."""


def templates(trained: TrainedNetwork, images: ImageSet) -> Array:
    """The weights from the pixels to each unit of the first layer, (H, height, width, channels): the class templates
    where there is no hidden layer."""
    weights = trained.network.layers[0].weights  # (H, D)
    return weights.reshape(-1, images.height, images.width, images.channels).copy()


def in_colours(weights: Array, images: ImageSet) -> Array:
    """Templates as pictures, uint8 (H, height, width, 3): each by its own largest weight. A weight of a grey pixel has
    the colour of its sign, those of a colour pixel are red, green and blue around grey."""
    largest = np.abs(weights).max(axis=(1, 2, 3), keepdims=True)
    shares = weights / np.where(largest > 0, largest, 1)  # from -1 to 1
    if images.channels == 1:
        return np.asarray(LABEL_SCALE[places(shares[..., 0])])
    return np.rint(127.5 * (1 + shares)).astype(np.uint8)


def mosaic(trained: TrainedNetwork, images: ImageSet, columns: int, gap: int = 1) -> Array:
    """The first hundred templates side by side in rows of so many, uint8 (rows, columns, 3) on white."""
    return side_by_side(in_colours(templates(trained, images)[:MOST], images), columns, gap)


def sheet(pixels: Array, images: ImageSet, columns: int) -> Array:
    """Images, (N, D) from 0 to 1, without gaps in rows of so many, uint8 (rows, columns, 3)."""
    shades = np.rint(255 * pixels).astype(np.uint8).reshape(-1, images.height, images.width, images.channels)
    return side_by_side(np.broadcast_to(shades, (*shades.shape[:3], 3)), columns, 0)


def side_by_side(pictures: Array, columns: int, gap: int) -> Array:
    """Pictures (N, h, w, 3) in rows of so many, on white."""
    columns = max(1, min(columns, len(pictures)))
    rows = -(-len(pictures) // columns)
    inner, across = pictures.shape[1:3]
    height, width = inner + gap, across + gap
    canvas = np.full((rows * height - gap, columns * width - gap, 3), 255, np.uint8)
    for place, picture in enumerate(pictures):
        top, left = place // columns * height, place % columns * width
        canvas[top : top + inner, left : left + across] = picture
    return canvas

"""What a page sees of a run with images: templates, what each test image is taken for, and one image on show.

Shapes: D pixels, H units of the first layer, T test images, K classes.
"""

from __future__ import annotations

import base64
from typing import Any, NamedTuple

import numpy as np

from app.wire.image_frames import NOTHING
from engine import Trainer
from engine.images.image_set import ImageSet
from engine.pictures.attribution import activations, evidence
from engine.pictures.colors import places
from engine.tables import Array

BYTES_PER_FRAME = 24_000
"""So many pixels of templates in a frame of a run that trains; the next frame goes on from there."""


class Shown(NamedTuple):
    """The image on show."""

    pixels: Array  # (D,) from 0 to 1
    chosen: int | None
    """The class whose evidence is asked for; None for the one that the network takes it for."""


class ImageView:
    """The pictures of one run."""

    def __init__(self, images: ImageSet) -> None:
        self._images = images
        self._next = 0  # the unit that the next templates begin with

    def templates(self, trainer: Trainer, *, whole: bool) -> dict[str, Any]:
        """First unit, ranges (H',) and templates (H', D) uint8: all of them, or as many as a frame may carry."""
        weights = trainer.network.layers[0].weights  # (H, D)
        count = len(weights) if whole else min(len(weights), max(1, BYTES_PER_FRAME // weights.shape[1]))
        first = 0 if count == len(weights) or self._next >= len(weights) else self._next
        part = weights[first : first + count]  # (H', D)
        self._next = first + count
        largest = np.abs(part).max(axis=1)  # (H',)
        shares = part / np.where(largest > 0, largest, 1)[:, None]
        return {"first": first, "ranges": largest.astype(np.float32), "templates": places(shares)}

    def tested(self, trainer: Trainer) -> dict[str, Any]:
        """The loss of each test image and the class that it is taken for, (T,) each."""
        losses, outputs = trainer.tested()  # (T,), (K, T)
        return {"losses": losses.astype(np.float32), "predicted": outputs.argmax(axis=0).astype(np.uint8)}

    def answer(self, trainer: Trainer, shown: Shown | None) -> dict[str, Any]:
        """What the units say of the image on show, and why."""
        if shown is None:
            return {"activations": NOTHING, "evidence": NOTHING, "chosen": -1}
        said = activations(trainer, shown.pixels)  # (U,)
        outputs = said[-trainer.config.shape[-1] :]
        chosen = int(outputs.argmax()) if shown.chosen is None else shown.chosen
        why = evidence(trainer, shown.pixels, chosen)  # (D,)
        return {"activations": said.astype(np.float32), "evidence": why.astype(np.float32), "chosen": chosen}

    def scene(self, trainer: Trainer) -> dict[str, Any]:
        """What stays as long as data and network do: sizes, names, labels, and the mean image of each class."""
        images, labels = self._images, trainer.test_data.Y.argmax(axis=0)  # (T,)
        return {
            "name": trainer.config.images,
            "height": images.height,
            "width": images.width,
            "channels": images.channels,
            "names": images.names,
            "labels": base64.b64encode(labels.astype(np.uint8).tobytes()).decode(),
            "means": base64.b64encode(_means(trainer)).decode(),
        }


def _means(trainer: Trainer) -> bytes:
    """The mean training image of each class, (K, D) uint8, as it was before it was normalized."""
    part, scaling = trainer.train_data, trainer.scaling
    counts = np.maximum(1, part.Y.sum(axis=1, keepdims=True))  # (K, 1)
    means = (part.Y @ part.X[:-1].T) / counts * scaling.sigma + scaling.mean  # (K, D)
    return bytes(np.rint(255 * np.clip(means, 0, 1)).astype(np.uint8))

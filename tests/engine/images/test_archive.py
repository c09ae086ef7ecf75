"""The archives of digits that the engine carries: what is in them, and what four bits a pixel leave."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from engine.images import archive
from engine.images.image_set import Labelled

FOLDER = Path(str(archive.__file__)).parent / "archives"
DIGESTS = {
    "digits": "b6ee1bccc8c99f2a57abfae33e88cda0a58f973ec313066012372773621e7630",
    "digits8": "ae5d2e4002a55bda39c875957cd6ab2ccd1cdfa19cc6d28e7fc0a7f5e139106f",
}


@pytest.mark.parametrize("name", DIGESTS)
def test_an_archive_is_the_one_that_its_script_wrote(name: str) -> None:
    assert hashlib.sha256((FOLDER / f"{name}.bin").read_bytes()).hexdigest() == DIGESTS[name]


def test_the_archives_fit_into_the_wheel_and_say_whose_they_are() -> None:
    assert sum(file.stat().st_size for file in FOLDER.glob("*.bin")) < 650_000
    words = (FOLDER / "LICENSE.md").read_text(encoding="utf-8")
    assert all(f"`{name}.bin`" in words for name in DIGESTS)
    assert "CC BY-SA 3.0" in words


def test_the_digits_are_balanced_from_the_first_on() -> None:
    train, test = archive.images("digits")
    assert train.pixels.shape == (5_000, 784)
    assert np.bincount(train.labels).tolist() == [500] * 10
    assert np.bincount(test.labels).tolist() == [100] * 10
    assert np.bincount(train.labels[:1_000]).min() > 80


def test_no_test_image_is_among_those_that_train() -> None:
    train, test = archive.images("digits")
    assert not {image.tobytes() for image in train.pixels} & {image.tobytes() for image in test.pixels}


def test_the_small_digits_are_those_of_scikit_learn() -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    _, test = archive.images("digits8")
    found = datasets.load_digits()
    np.testing.assert_array_equal(np.rint(test.pixels / 255 * 16), found.data[-300:])
    np.testing.assert_array_equal(test.labels, found.target[-300:])


@pytest.mark.parametrize(("bits", "most"), [(8, 0), (4, 8)])
def test_pixels_come_back_up_to_half_a_step(bits: int, most: int) -> None:
    pixels = np.arange(256, dtype=np.uint8).reshape(64, 4)
    train, test = Labelled(pixels, np.arange(64) % 3), Labelled(pixels[:2], np.array([1, 2]))
    found, tested = archive.unpacked(archive.packed(train, test, 2, 2, bits))
    assert np.abs(found.pixels.astype(int) - pixels).max() == most
    assert tested.labels.tolist() == [1, 2]


def test_shared_images_cannot_be_written() -> None:
    train, _ = archive.images("digits")
    with pytest.raises(ValueError, match="read-only"):
        train.pixels[0, 0] = 1

"""Image sets: sizes, classes, and images that the seed alone decides."""

from __future__ import annotations

import numpy as np
import pytest

from engine.images.image_sets import IMAGE_SETS

every_set = pytest.mark.parametrize("name", IMAGE_SETS)
DRAWN = [name for name, one in IMAGE_SETS.items() if one.drawn]


@every_set
def test_a_set_has_as_many_images_pixels_and_classes_as_it_says(name: str) -> None:
    images = IMAGE_SETS[name]
    train, test = images.draw("0.5", images.most, images.tests)
    assert train.pixels.shape == (images.most, images.pixels)
    assert test.pixels.shape == (images.tests, images.pixels)
    assert train.pixels.dtype == np.uint8
    assert images.classes == len(images.names)
    assert set(test.labels.tolist()) == set(range(len(images.names)))


@every_set
def test_fewer_images_are_the_first_of_more(name: str) -> None:
    draw = IMAGE_SETS[name].draw
    few, tested = draw("0.5", 40, 20)
    more, _ = draw("0.5", 90, 20)
    np.testing.assert_array_equal(few.pixels, more.pixels[:40])
    assert not np.array_equal(few.pixels[:20], tested.pixels)


@pytest.mark.parametrize("name", DRAWN)
def test_another_seed_draws_other_images(name: str) -> None:
    draw = IMAGE_SETS[name].draw
    assert np.array_equal(draw("0.5", 8, 8)[0].pixels, draw("0.5", 8, 8)[0].pixels)
    assert not np.array_equal(draw("0.5", 8, 8)[0].pixels, draw("0.6", 8, 8)[0].pixels)


def test_half_of_four_pixels_is_bright() -> None:
    train, _ = IMAGE_SETS["four-pixels"].draw("0.5", 400, 8)
    for label, bright in enumerate([(0, 2), (1, 3), (0, 1), (2, 3)]):
        own = train.pixels[train.labels == label]
        dark = [pixel for pixel in range(4) if pixel not in bright]
        assert own[:, bright].min() > own[:, dark].max()


def test_no_single_template_fits_a_shape_and_any_fits_a_scene() -> None:
    def accuracy_of_means(name: str) -> float:
        train, test = IMAGE_SETS[name].draw("0.5", 600, 200)
        means = np.stack([train.pixels[train.labels == k].mean(axis=0) for k in range(len(IMAGE_SETS[name].names))])
        distances = ((test.pixels[:, None] - means[None]) ** 2).sum(axis=2)  # (N, C)
        return float((distances.argmin(axis=1) == test.labels).mean())

    assert accuracy_of_means("shapes") < 0.6
    assert accuracy_of_means("colours") > 0.8

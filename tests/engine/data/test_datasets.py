"""Every data set: how many points, where they lie, what they are labelled, and what noise does to them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.datasets import DATASETS, Point, with_noise
from engine.random_stream import Stream
from engine.training.split import shuffle
from tests.engine.runs import at_one_place

HALVES = {"circle", "gauss", "spiral"}
"""Sets of two halves, which an odd number rounds up."""
MOVED = {"gauss", "spiral", "blobs", "arms"}
"""Sets whose points the noise moves; elsewhere it moves their labels."""
CLASSES = 3
MODES = ((-2.6, 1.8), (2.7, 2.4), (0.3, -2.8))

CURVES: dict[str, Callable[[float], float]] = {
    "sine": lambda x: 3 * math.sin(x),
    "cubic": lambda x: (x**3 - 16 * x) / 10,
    "abs": lambda x: 2 * abs(x) - 5,
}

DRAWN = {name: dataset for name, dataset in DATASETS.items() if not dataset.own}
every_dataset = pytest.mark.parametrize("name", DRAWN)
every_class = pytest.mark.parametrize(
    "name", [name for name, dataset in DRAWN.items() if dataset.problem == "classification"]
)


def make(name: str, n: int = 300, noise: float = 0.0, seed: str = "0.5") -> list[Point]:
    return DATASETS[name].make(n, noise, Stream(seed), CLASSES)


def places(points: list[Point]) -> list[tuple[float, float]]:
    return [(point.x, point.y) for point in points]


# --- all of them --------------------------------------------------------------------------------------------------


@every_dataset
def test_as_many_points_are_made_as_were_asked_for(name: str) -> None:
    for n in (1, 2, 99, 100, 101):
        extra = n % 2 if name in HALVES else 0  # of an odd number both classes get the larger half
        assert len(make(name, n)) == n + extra


@every_dataset
@pytest.mark.parametrize("noise", [0.0, 0.1, 0.5, 1.0])
def test_points_and_labels_are_finite_at_every_noise(name: str, noise: float) -> None:
    for seed in ("0.5", "a", "3"):
        assert np.isfinite(make(name, noise=noise, seed=seed)).all()


@every_dataset
def test_the_same_seed_gives_the_same_points_and_another_others(name: str) -> None:
    assert make(name, noise=0.2, seed="a") == make(name, noise=0.2, seed="a")
    assert make(name, noise=0.2, seed="a") != make(name, noise=0.2, seed="b")


@every_dataset
def test_every_point_without_noise_lies_in_the_plotted_plane(name: str) -> None:
    (left, right), (bottom, top) = DATASETS[name].domain
    for seed in ("0.5", "a", "3"):
        assert all(left <= x <= right and bottom <= y <= top for x, y in places(make(name, seed=seed)))


@every_dataset
def test_noise_takes_as_many_draws_as_none(name: str) -> None:
    silent, noisy = Stream("a"), Stream("a")
    DATASETS[name].make(101, 0.0, silent, CLASSES)
    DATASETS[name].make(101, 0.7, noisy, CLASSES)
    assert at_one_place(silent, noisy)


@every_dataset
def test_noise_moves_either_the_points_or_their_labels(name: str) -> None:
    silent, noisy = make(name), make(name, noise=0.5)
    same_places, same_labels = (
        places(silent) == places(noisy),
        [point.label for point in silent] == [point.label for point in noisy],
    )
    assert (same_places, same_labels) == ((False, True) if name in MOVED else (True, False))


@every_dataset
def test_more_noise_changes_more(name: str) -> None:
    silent, some, more = (np.array(make(name, noise=noise)) for noise in (0, 0.2, 1))
    assert 0 < np.abs(some - silent).sum() < np.abs(more - silent).sum()


@every_class
def test_classes_are_1_and_minus_1_and_neither_is_rare(name: str) -> None:
    for seed in ("0.5", "a", "3"):
        for noise in (0.0, 0.5, 1.0):
            labels = [point.label for point in make(name, noise=noise, seed=seed)]
            assert set(labels) == {1, -1}
        assert min(labels.count(1), labels.count(-1)) > 0.1 * len(labels)
        silent = [point.label for point in make(name, seed=seed)]
        assert min(silent.count(1), silent.count(-1)) > 0.3 * len(silent)


def test_there_is_one_data_set_of_ones_own_for_each_problem_and_it_makes_no_points() -> None:
    own = {name: dataset for name, dataset in DATASETS.items() if dataset.own}
    assert {name: dataset.problem for name, dataset in own.items()} == {
        "own": "classification",
        "class-own": "multiclass",
        "reg-own": "regression",
    }
    for name in own:
        assert make(name) == []


# --- each by its rule, without noise ------------------------------------------------------------------------------


def test_the_circle_is_a_disc_of_one_class_within_a_band_of_the_other() -> None:
    for x, y, label in make("circle"):
        radius = math.hypot(x, y)
        assert radius < 2.5 if label == 1 else 3.5 <= radius < 5


def test_the_classes_of_xor_are_the_quadrants_with_a_gap_between() -> None:
    for x, y, label in make("xor"):
        assert label == math.copysign(1, x * y)
        assert 0.3 <= min(abs(x), abs(y)) <= max(abs(x), abs(y)) <= 5.3


def test_the_gaussians_are_centred_at_2_and_minus_2_with_the_stated_variance() -> None:
    for noise, variance in ((0.0, 0.5), (0.25, 2.25), (0.5, 4.0), (1.0, 7.5)):
        points = np.array(make("gauss", 2000, noise))
        for label in (1, -1):
            cloud = points[points[:, 2] == label, :2]  # (N, 2)
            assert len(cloud) == 1000
            # within five standard errors of the mean and of the variance
            np.testing.assert_allclose(cloud.mean(axis=0), 2 * label, atol=5 * math.sqrt(variance / 1000))
            np.testing.assert_allclose(cloud.var(axis=0), variance, atol=5 * variance * math.sqrt(2 / 1000))


def test_the_arms_of_the_spiral_are_each_others_mirror_image_in_the_origin() -> None:
    points = make("spiral", 200)
    for i, (first, second) in enumerate(zip(points[:100], points[100:], strict=True)):
        assert (first.label, second.label) == (1, -1)
        assert (second.x, second.y) == pytest.approx((-first.x, -first.y), abs=1e-12)
        assert math.hypot(first.x, first.y) == pytest.approx(5 * i / 100)


def test_the_class_of_the_ring_lies_between_radius_1_and_2_of_a_disc_of_radius_3() -> None:
    points = make("ring", 2000)
    for x, y, label in points:
        radius = math.hypot(x, y)
        assert radius <= 3
        assert label == (1 if 1 <= radius <= 2 else -1)
    # Evenly over the disc: a ninth of it lies within radius 1, within five standard errors.
    share = sum(math.hypot(x, y) < 1 for x, y in places(points)) / len(points)
    assert share == pytest.approx(1 / 9, abs=5 * math.sqrt(8 / 81 / 2000))


def test_the_diagonal_splits_a_plane_a_thousand_times_as_high_as_wide() -> None:
    points = make("scales", 2000)
    assert 0 <= min(x for x, _ in places(points)) < 0.01 < 0.99 < max(x for x, _ in places(points)) < 1
    assert 0 <= min(y for _, y in places(points)) < 10 < 990 < max(y for _, y in places(points)) < 1000
    assert all(label == (1 if x + y / 1000 > 1 else -1) for x, y, label in points)
    for x, y, label in make("scales", 2000, noise=0.1):  # the label is taken up to 0.05 away on either axis
        if abs(x + y / 1000 - 1) > 0.1:
            assert label == (1 if x + y / 1000 > 1 else -1)


def test_the_three_modes_are_islands_of_one_class() -> None:
    points = make("modes")
    for x, y, label in points:
        nearest = min(math.dist((x, y), centre) for centre in MODES)
        # A point may lie so near to the shore that rounding decides.
        assert label == (1 if nearest <= 1.5 else -1) or nearest == pytest.approx(1.5, abs=1e-12)
    for centre in MODES:
        assert sum(math.dist(place, centre) <= 1.5 for place in places(points)) >= 50


@pytest.mark.parametrize("name", CURVES)
def test_the_classes_above_and_below_a_curve_are_about_even_in_a_square(name: str) -> None:
    points = make(name, 2000)
    for x, y, label in points:
        assert label == (1 if y > CURVES[name](x) else -1)
        assert max(abs(x), abs(y)) < 5
    # Half of the square lies above: within five standard errors.
    share = sum(point.label == 1 for point in points) / len(points)
    assert share == pytest.approx(0.5, abs=5 * math.sqrt(1 / 4 / 2000))


@pytest.mark.parametrize("name", CURVES)
def test_noise_moves_where_the_label_is_taken_by_its_share_of_the_square(name: str) -> None:
    for x, y, label in make(name, noise=0.1):
        reach = [CURVES[name](x + dx / 100) for dx in range(-50, 51)]
        if y - 0.5 > max(reach) + 0.1:
            assert label == 1
        if y + 0.5 < min(reach) - 0.1:
            assert label == -1


def test_the_plane_is_a_tenth_of_the_sum() -> None:
    for x, y, label in make("reg-plane"):
        assert label == pytest.approx((x + y) / 10, abs=1e-14)


def test_the_bumps_fall_from_one_to_nothing_within_2_of_their_centres() -> None:
    centres = {(-4, 2.5): 1, (0, 2.5): -1, (4, 2.5): 1, (-4, -2.5): -1, (0, -2.5): 1, (4, -2.5): -1}
    for x, y, label in make("reg-gauss"):
        distance, sign = min((math.dist((x, y), centre), sign) for centre, sign in centres.items())
        assert label == pytest.approx(sign * max(0, 1 - distance / 2), abs=1e-14)


# --- scattering ---------------------------------------------------------------------------------------------------


def test_points_are_scattered_by_up_to_the_noise_with_the_same_draws_at_any() -> None:
    points = [Point(i, -i, 1) for i in range(50)]
    draws = Stream("a")
    offsets = [(draws.uniform(-1, 1), draws.uniform(-1, 1)) for _ in points]
    next_draw = draws.random()
    for noise in (0.0, 0.25, 1.0):
        stream = Stream("a")
        expected = [
            Point(x + dx * noise, y + dy * noise, 1) for (x, y, _), (dx, dy) in zip(points, offsets, strict=True)
        ]
        assert with_noise(points, noise, stream) == expected
        assert stream.random() == next_draw


# --- shuffling ----------------------------------------------------------------------------------------------------


@given(st.integers(0, 200), st.text(max_size=5))
def test_shuffling_keeps_every_point_and_uses_one_draw_for_each(n: int, seed: str) -> None:
    points = [Point(i, -i, 1) for i in range(n)]
    shuffled, stream, draws = list(points), Stream(seed), Stream(seed)
    shuffle(shuffled, stream)
    assert sorted(shuffled) == points
    for _ in range(n):
        draws.random()
    assert at_one_place(stream, draws)


def test_shuffling_mixes_every_place() -> None:
    # Where each of 4 points ends up, over 2,000 seeds: a quarter each, within five standard errors.
    counts = np.zeros((4, 4))
    for seed in range(2000):
        points = [Point(i, 0, 1) for i in range(4)]
        shuffle(points, Stream(f"0.{seed}"))
        for place, point in enumerate(points):
            counts[int(point.x), place] += 1
    np.testing.assert_allclose(counts / 2000, 0.25, atol=5 * math.sqrt(3 / 16 / 2000))

"""Data sets of many classes: each by its rule, for any number of classes, and what noise does to them."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from engine.config import LIMITS, Config
from engine.data.class_datasets import CLASS_DATASETS
from engine.data.datasets import DATASETS, Point
from engine.random_stream import Stream
from engine.trainer import Trainer
from tests.engine.runs import own, small

COUNTS = range(2, 7)
DRAWN = [name for name, dataset in CLASS_DATASETS.items() if not dataset.own]

every_dataset = pytest.mark.parametrize("name", DRAWN)
every_count = pytest.mark.parametrize("classes", COUNTS)


def make(name: str, classes: int, n: int = 600, noise: float = 0.0, seed: str = "0.5") -> list[Point]:
    return CLASS_DATASETS[name].make(n, noise, Stream(seed), classes)


def angle_of(x: float, y: float) -> float:
    """Clockwise from above, in turns from 0 to 1."""
    return math.atan2(x, y) / (2 * math.pi) % 1


def test_every_number_of_classes_that_there_may_be_is_tried() -> None:
    assert LIMITS["classes"] == (COUNTS[0], COUNTS[-1])


def test_all_of_them_are_among_the_data_sets() -> None:
    assert {name: DATASETS[name] for name, dataset in DATASETS.items() if dataset.problem == "multiclass"} == (
        CLASS_DATASETS
    )


@every_dataset
@every_count
def test_the_classes_are_counted_from_0_and_evenly_shared_out(name: str, classes: int) -> None:
    expected = CLASS_DATASETS[name].classes or classes
    for n in (600, 601):
        counts = Counter(point.label for point in make(name, classes, n))
        assert set(counts) == set(range(expected))
        spread = 0.2 * n / expected if name == "quadrants" else 1  # its places are drawn, in the others by turns
        assert max(counts.values()) - min(counts.values()) <= spread


@every_dataset
@pytest.mark.parametrize("noise", [0.2, 1.0])
def test_labels_are_classes_at_any_noise_and_none_dies_out(name: str, noise: float) -> None:
    for classes in (2, 4, 6):
        counts = Counter(point.label for point in make(name, classes, noise=noise))
        assert set(counts) == set(range(CLASS_DATASETS[name].classes or classes))
        assert min(counts.values()) >= 10


@pytest.mark.parametrize("name", ["blobs", "arms"])
@every_count
def test_noise_moves_points_from_where_they_were_and_leaves_their_classes(name: str, classes: int) -> None:
    silent, noisy = make(name, classes), make(name, classes, noise=0.2)
    assert [point.label for point in silent] == [point.label for point in noisy]
    moves = [math.dist(before[:2], after[:2]) for before, after in zip(silent, noisy, strict=True)]
    assert 0 < np.mean(moves) < 2


@every_count
def test_blobs_are_round_clouds_about_centres_evenly_on_a_circle(classes: int) -> None:
    for noise, variance in ((0.0, 0.5), (0.5, 4.0)):
        points = np.array(make("blobs", classes, 600 * classes, noise))
        for label in range(classes):
            cloud = points[points[:, 2] == label, :2]  # (N, 2)
            angle = 2 * math.pi * label / classes
            centre = [3.2 * math.sin(angle), 3.2 * math.cos(angle)]
            # within five standard errors of the mean and of the variance
            np.testing.assert_allclose(cloud.mean(axis=0), centre, atol=5 * math.sqrt(variance / 600))
            np.testing.assert_allclose(cloud.var(axis=0), variance, atol=5 * variance * math.sqrt(2 / 600))


@every_count
def test_arms_are_the_same_arm_turned_about_the_origin(classes: int) -> None:
    points = make("arms", classes, 100 * classes)
    for step in range(100):
        turn = points[step * classes : (step + 1) * classes]
        assert [point.label for point in turn] == list(range(classes))
        for x, y, label in turn:
            t = step / 100
            assert math.hypot(x, y) == pytest.approx(5 * t)
            if step:
                off = (angle_of(x, y) - (3.5 * t + label) / classes) % 1
                assert min(off, 1 - off) == pytest.approx(0, abs=1e-9)


def test_the_quadrants_are_four_with_a_gap_between_however_many_classes_there_are() -> None:
    for classes in COUNTS:
        assert make("quadrants", classes) == make("quadrants", 4)
    for x, y, label in make("quadrants", 4):
        assert label == {(True, True): 0, (False, True): 1, (False, False): 2, (True, False): 3}[x > 0, y > 0]
        assert 0.3 <= min(abs(x), abs(y)) <= max(abs(x), abs(y)) <= 5.3


@every_count
def test_rings_are_of_one_width_with_gaps_between(classes: int) -> None:
    width = 5 / classes
    for x, y, label in make("rings", classes):
        inner = label * width
        assert inner + 0.15 * width - 1e-12 <= math.hypot(x, y) <= inner + 0.85 * width + 1e-12


@pytest.mark.parametrize(("name", "margin"), [("quadrants", 0.5), ("rings", math.hypot(0.5, 0.5))])
def test_noise_takes_the_label_from_nearby(name: str, margin: float) -> None:
    silent, noisy = make(name, 3), make(name, 3, noise=0.1)  # up to 0.5 away on either axis
    assert [point[:2] for point in silent] == [point[:2] for point in noisy]
    changed = 0
    for (x, y, was), (_, _, label) in zip(silent, noisy, strict=True):
        edges = [abs(x), abs(y)] if name == "quadrants" else [abs(math.hypot(x, y) - 5 / 3 * k) for k in (1, 2)]
        assert label == was or min(edges) <= margin
        changed += label != was
    assert changed >= 5


# --- as the data of a run -----------------------------------------------------------------------------------------


@every_dataset
@every_count
def test_a_run_has_an_output_for_each_class_and_learns(name: str, classes: int) -> None:
    trainer = Trainer(
        small(problem="multiclass", classDataset=name, classes=classes, learningRate=0.03, networkShape=(8,))
    )
    outputs = CLASS_DATASETS[name].classes or classes
    assert trainer.config.shape[-1] == trainer.train_data.Y.shape[0] == outputs
    before = trainer.losses().train
    trainer.train(30)
    assert trainer.losses().train < before


@pytest.mark.parametrize(("name", "knobs"), [("blobs", {}), ("quadrants", {}), ("rings", {"optimizer": "adam"})])
def test_a_run_comes_to_tell_all_classes_apart(name: str, knobs: dict[str, str]) -> None:
    config = {"classDataset": name, "numSamples": 300, "networkShape": (8,), "learningRate": 0.1, "percTrainData": 70}
    trainer = Trainer(small(problem="multiclass", **config, **knobs))
    trainer.train(100)
    assert trainer.measure().test_score > 0.9


def test_points_of_ones_own_have_the_classes_that_their_labels_say() -> None:
    points = [Point(x, 0, x) for x in range(5)]
    config = own(points, problem="multiclass", classes=4)
    trainer = Trainer(config)
    data = trainer.train_data, trainer.test_data
    assert {(point.x, point.label) for part in data for point in part.points} == {
        (0, 0), (1, 1), (2, 2), (3, 3), (4, 3),
    }  # fmt: skip
    assert [part.Y.argmax(axis=0).tolist() for part in data] == [[p.label for p in part.points] for part in data]


def test_quadrants_have_four_outputs_and_other_sets_as_many_as_are_asked_for() -> None:
    for name in DRAWN:
        config = Config.model_validate({"problem": "multiclass", "classDataset": name, "classes": 6})
        assert config.class_count == (4 if name == "quadrants" else 6)

"""The boundary as pixels: against the network's own answers, the page's maps, and the data.

Shapes: S pixels a side.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from engine.config import Config
from engine.data.datasets import Point
from engine.pictures.boundary import boundary, decisions, levels
from engine.pictures.colors import CLASS_SCALES, CLASSES, INK, LABEL_SCALE, SCALE, SURFACE, mixed, places
from engine.pictures.grid import STEPS, ZERO, Grid
from engine.tables import Array
from engine.tables.features import FEATURES
from engine.trainer import Trainer
from tests.engine.runs import own, small, state

RUNS: list[dict[str, Any]] = [
    {},
    {"problem": "regression", "activation": "relu", "networkShape": (8, 8)},
    {"networkShape": ()},
    {"networkShape": (64, 64, 32), "sinX": True, "x": False},  # its small maps are half as large
    {"normalize": True},
]
runs = pytest.mark.parametrize("run", RUNS, ids=["usual", "relu", "no hidden units", "wide", "normalized"])


def trained(**values: Any) -> Trainer:
    trainer = Trainer(small(**values))
    trainer.train(30)
    return trainer


def assert_near(q: Array, expected: Array) -> None:
    """Whether two maps are the same to one level, which single precision and a second rounding may cost."""
    assert q.dtype == np.uint8
    assert q.shape == expected.shape
    assert np.abs(q.astype(int) - expected).max() <= 1
    assert len(np.unique(q)) > 10  # it would be nothing to be near to a flat map


# --- the map ----------------------------------------------------------------------------------------------------------


@runs
def test_every_pixel_is_what_the_network_says_at_its_middle(run: dict[str, Any]) -> None:
    trainer = trained(**run)
    (left, _), (_, top) = trainer.config.data.domain
    expected = [
        [trainer.probe(left + (column + 0.5) * 0.75, top - (row + 0.5) * 0.75)[0][-1][0] for column in range(16)]
        for row in range(16)
    ]  # (S, S), of a plane of 12 by 12
    assert_near(levels(trainer, 16), places(np.array(expected)))


@runs
def test_a_picture_shows_the_output_as_the_page_does(run: dict[str, Any]) -> None:
    trainer = trained(**run)
    maps = Grid(trainer.config, scaling=trainer.scaling).maps(trainer.network)
    shown = ZERO + np.floor((maps.outputs[0].astype(float) - ZERO) * maps.ranges[-1] + 0.5)  # (S, S)
    assert_near(levels(trainer, 100), shown)


@pytest.mark.parametrize("run", [RUNS[0], RUNS[1], RUNS[3]], ids=["usual", "relu", "wide"])
def test_a_picture_shows_hidden_units_as_the_page_does(run: dict[str, Any]) -> None:
    trainer = trained(**run)
    for layer, unit in ((0, 0), (0, 2), (1, 1)):
        selected = Grid(trainer.config).maps(trainer.network, (layer, unit)).selected
        if selected is not None and len(np.unique(selected)) > 10:  # some rectified units are dead
            assert_near(levels(trainer, 100, f"{layer + 1}.{unit + 1}"), selected)
    assert not np.array_equal(levels(trainer, 100, "1.1"), levels(trainer, 100, "1.3"))


def test_units_are_counted_from_one() -> None:
    trainer = trained()
    expected = trainer.probe(-6 + 12 * 0.5 / 16, 6 - 12 * 0.5 / 16)[0]  # features, layers
    corners = {unit: levels(trainer, 16, unit)[0, 0] for unit in ("1.1", "1.3", "2.2")}
    assert corners == {
        "1.1": pytest.approx(places(expected[1][0]), abs=1),
        "1.3": pytest.approx(places(expected[1][2]), abs=1),
        "2.2": pytest.approx(places(expected[2][1]), abs=1),
    }


@pytest.mark.parametrize("name", FEATURES)
@pytest.mark.parametrize("normalize", [False, True])
def test_a_picture_shows_every_feature_on_or_off_as_the_page_does(name: str, normalize: bool) -> None:
    trainer = trained(normalize=normalize, dataset="gauss")
    q, _ = Grid(trainer.config, side=1, unit_side=30, scaling=trainer.scaling).features()[name]
    assert_near(levels(trainer, 30, name), q)


def test_a_large_picture_is_the_same_as_in_one_pass() -> None:
    trainer = trained(networkShape=(8, 8))
    maps = Grid(trainer.config, side=200).maps(trainer.network)
    shown = ZERO + np.floor((maps.outputs[0].astype(float) - ZERO) * maps.ranges[-1] + 0.5)
    assert_near(levels(trainer, 200), shown)


def test_the_pixels_are_the_levels_in_the_pages_colours() -> None:
    trainer = trained()
    pixels = boundary(trainer, 40, points=False)
    assert pixels.dtype == np.uint8
    np.testing.assert_array_equal(pixels, SCALE[levels(trainer, 40)])


def test_a_discretized_output_has_two_colours_by_its_sign_however_flat_it_is() -> None:
    config = small(discretize=True)
    trainer = Trainer(config)
    trainer.network.theta *= 1e-3
    for layer in trainer.network.layers:
        layer.biases.fill(0)
    q = levels(trainer, 16)
    values = Grid(config, side=16).outputs(trainer.network)[-1][0, : 16 * 16]
    assert set(q.ravel().tolist()) == {ZERO - STEPS, ZERO + STEPS}
    np.testing.assert_array_equal(q.ravel() > ZERO, values >= 0)


def test_only_the_output_is_discretized() -> None:
    assert len(np.unique(levels(trained(discretize=True), 40, "1.1"))) > 10


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_what_single_precision_cannot_hold_is_drawn_too(activation: str) -> None:
    trainer = Trainer(small(problem="regression", activation=activation))
    trainer.network.theta *= 1e60
    assert {boundary(trainer, 16, unit).shape for unit in (None, "1.1", "2.2")} == {(16, 16, 3)}


def test_a_picture_leaves_the_run_alone() -> None:
    trainer = trained()
    trainer.step()  # into an epoch
    before, losses = state(trainer), trainer.batch_losses().tolist()
    for unit in (None, "1.2", "y"):
        boundary(trainer, 120, unit)
    assert (state(trainer), trainer.batch_losses().tolist()) == (before, losses)


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "unit", ["", "0.1", "1.0", "1.4", "3.1", "1", "1.", "1.1.1", "01.1", "-1.1", "1.٣", "z", "label"]
)
def test_what_is_no_unit_is_refused_with_what_there_is(unit: str) -> None:
    with pytest.raises(
        ValueError, match=r"^unit: expected a hidden unit of \[3, 2\] such as 1\.3, or one of x, y, "
    ) as e:
        boundary(Trainer(small()), 16, unit)
    assert str(e.value).endswith(f", got {unit!r}.")


def test_a_network_without_hidden_units_offers_only_its_features() -> None:
    with pytest.raises(ValueError, match=r"^unit: expected one of x, .*, got '1\.1'\.$"):
        boundary(Trainer(small(networkShape=())), 16, "1.1")


@pytest.mark.parametrize("size", [15, 1001, -300, 300.0])
def test_a_size_out_of_range_is_refused(size: Any) -> None:
    with pytest.raises(ValueError, match=rf"^size: expected a whole number from 16 to 1000, got {size}\.$"):
        boundary(Trainer(small()), size)


@pytest.mark.parametrize("size", [16, 1000])
def test_the_smallest_and_the_largest_size_are_drawn(size: int) -> None:
    assert boundary(Trainer(small()), size).shape == (size, size, 3)


# --- the data ---------------------------------------------------------------------------------------------------------

SIZE = 346  # where a point has a radius of three pixels, as on the page


def two_points(**values: Any) -> Config:
    """One training point and one test point, far from each other."""
    return own([Point(-3, 3, 1), Point(3, -3, -1)], percTrainData=50, **values)


def at(pixels: Array, point: Point, right: float = 0) -> list[int]:
    """The colour at a point, or some pixels beside it."""
    column, row = (point.x + 6) / 12 * SIZE + right, (6 - point.y) / 12 * SIZE
    color: list[int] = pixels[int(row), int(column)].tolist()
    return color


def test_a_training_point_has_its_labels_colour_and_a_light_edge() -> None:
    trainer = Trainer(two_points())
    point = trainer.train_data.points[0]
    pixels, plain = boundary(trainer, SIZE), boundary(trainer, SIZE, points=False)
    assert at(pixels, point) == LABEL_SCALE[places(np.array(point.label))].tolist()
    assert min(at(pixels, point, 3)) > 230
    assert at(pixels, point, 5) == at(plain, point, 5)
    assert at(plain, point) != at(pixels, point)


def test_test_points_are_drawn_with_a_dark_edge_only_where_the_configuration_shows_them() -> None:
    hidden, shown = Trainer(two_points()), Trainer(two_points(showTestData=True))
    point = shown.test_data.points[0]
    assert at(boundary(hidden, SIZE), point) == at(boundary(hidden, SIZE, points=False), point)
    assert at(boundary(shown, SIZE), point) == LABEL_SCALE[places(np.array(point.label))].tolist()
    assert max(at(boundary(shown, SIZE), point, 3)) < 128 > max(INK)
    assert min(at(boundary(shown, SIZE), point, 4)) > 230 < min(SURFACE)


def test_an_edge_is_smooth() -> None:
    trainer = Trainer(two_points())
    point = trainer.train_data.points[0]
    plain, pixels = (boundary(trainer, SIZE, points=drawn).astype(int) for drawn in (False, True))
    changed = pixels[(plain != pixels).any(axis=-1)]  # (N, 3)
    fill = LABEL_SCALE[places(np.array(point.label))]
    assert len({tuple(color) for color in changed.tolist()} - {tuple(fill.tolist()), SURFACE}) > 4


def test_a_point_of_a_regression_is_coloured_by_its_number() -> None:
    trainer = Trainer(own([Point(-3, 3, 0.4), Point(3, -3, 0.4)], problem="regression"))
    assert at(boundary(trainer, SIZE), trainer.train_data.points[0]) == LABEL_SCALE[128 + 51].tolist()


def test_small_pictures_have_no_points() -> None:
    trainer = trained()
    for size, differs in ((99, False), (100, True)):
        assert np.any(boundary(trainer, size) != boundary(trainer, size, points=False)) == differs


def test_points_beyond_the_plane_are_left_out_and_those_at_its_edge_cut_off() -> None:
    far = [Point(x, y, 1) for x in (-13, 0, 13) for y in (-13, 13)]
    trainer = Trainer(own(far, percTrainData=99))
    np.testing.assert_array_equal(boundary(trainer, SIZE), boundary(trainer, SIZE, points=False))
    corners = Trainer(own([Point(x, y, 1) for x in (-6, 6) for y in (-6, 6)] * 2, percTrainData=99))
    pixels = boundary(corners, SIZE)
    assert pixels[[0, 0, -1, -1], [0, -1, 0, -1]].tolist() == [LABEL_SCALE[255].tolist()] * 4


# --- many classes -----------------------------------------------------------------------------------------------------


def many(**values: Any) -> Trainer:
    """Blobs of three classes, or as many as are asked for."""
    return trained(problem="multiclass", **values)


def probabilities(trainer: Trainer, size: int) -> Array:
    """What the outputs say at the middle of every pixel, (K, S, S)."""
    grid = Grid(trainer.config, side=size, scaling=trainer.scaling)
    return grid.outputs(trainer.network)[-1][:, : size * size].reshape(-1, size, size)


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_the_classes_are_mixed_by_their_probabilities(classes: int) -> None:
    trainer = many(classes=classes, normalize=True)
    pixels = boundary(trainer, 60, points=False)
    expected = mixed(probabilities(trainer, 60))
    assert np.abs(pixels.astype(int) - expected).max() <= 1
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 10


def test_discretized_each_place_has_the_colour_of_the_likeliest_class() -> None:
    trainer = many(discretize=True)
    likeliest = probabilities(trainer, 60).argmax(axis=0)
    np.testing.assert_array_equal(decisions(trainer, 60), likeliest)
    np.testing.assert_array_equal(boundary(trainer, 60, points=False), CLASS_SCALES[:, 255][likeliest])
    assert set(likeliest.ravel().tolist()) == {0, 1, 2}


def test_the_outputs_of_classes_are_the_units_of_the_last_layer() -> None:
    trainer = many(networkShape=(3,))
    for label, p in enumerate(probabilities(trainer, 40)):
        unit = f"2.{label + 1}"
        assert_near(levels(trainer, 40, unit), places(p))
        np.testing.assert_array_equal(boundary(trainer, 40, unit), CLASS_SCALES[label][levels(trainer, 40, unit)])
    np.testing.assert_array_equal(boundary(trainer, 40, "1.3"), SCALE[levels(trainer, 40, "1.3")])


@pytest.mark.parametrize(
    ("shape", "unit", "expected"),
    [
        (
            (3,),
            "2.4",
            "a hidden unit of [3] such as 1.3, or the output unit of a class from 2.1 to 2.3, or one of x, ",
        ),
        ((), "2.1", "the output unit of a class from 1.1 to 1.3, or one of x, "),
        ((3,), None, "a hidden unit of [3] such as 1.3, or the output unit of a class from 2.1 to 2.3, or one of x, "),
    ],
)
def test_what_is_no_unit_of_many_classes_is_refused(shape: tuple[int, ...], unit: str | None, expected: str) -> None:
    with pytest.raises(ValueError, match=rf"^unit: expected {re.escape(expected)}.*, got .*\.$"):
        levels(Trainer(small(problem="multiclass", networkShape=shape)), 16, unit)


def test_points_of_many_classes_have_the_colours_of_their_classes() -> None:
    points = [Point(4 * x, 4 * y, label) for label, (x, y) in enumerate([(-1, -1), (-1, 1), (1, -1), (1, 1)])]
    trainer = Trainer(
        own(points, problem="multiclass", classDataset="class-own", classes=4, percTrainData=99, discretize=True)
    )
    pixels = boundary(trainer, SIZE)
    for point in trainer.train_data.points:
        assert at(pixels, point) == list(CLASSES[int(point.label)])


def test_points_that_validate_are_squares_with_a_dark_edge() -> None:
    points = [Point(-3, 3, 1), Point(3, -3, -1), Point(-3, -3, 1), Point(3, 3, -1)]
    trainer = Trainer(own(points, percTrainData=25, percValidationData=25, showTestData=True))
    pixels = boundary(trainer, SIZE)
    (validates,), (tests, _) = trainer.validation_data.points, trainer.test_data.points
    for point in (validates, tests):
        assert at(pixels, point) == LABEL_SCALE[places(np.array(point.label))].tolist()
        assert max(at(pixels, point, 3)) < 200
    corners = [pixels[int((6 - p.y) / 12 * SIZE) - 3, int((p.x + 6) / 12 * SIZE) + 3] for p in (validates, tests)]
    assert corners[0].max() < 150 < corners[1].min()  # ink at a square's corner, what lies around a disc at the other

"""Maps: every unit at every place, of any network."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.datasets import DATASETS
from engine.pictures.grid import Grid
from engine.tables import Array
from engine.tables.activations import ACTIVATIONS
from engine.tables.features import FEATURES, design_matrix
from engine.tables.tasks import TASKS
from engine.trainer import Trainer
from tests.engine.pictures.grids import SIDE, SMALL, centres, grid, layers, network, run


def assert_shows(q: Array, limit: float, values: Array) -> None:
    """Whether a quantised map shows these values, cut off at its range, to half a step and single precision."""
    assert q.dtype == np.uint8
    shown = (q.astype(float) - 128) / 127 * limit
    np.testing.assert_allclose(shown, values.clip(-limit, limit), rtol=0, atol=(0.5 / 127 + 1e-4) * limit)


# --- every pixel ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", ["classification", "regression"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_maps_are_the_networks_outputs_at_the_centres_of_the_pixels(activation: str, problem: str) -> None:
    config = run(activation=activation, problem=problem, sinX=True, xTimesY=True)
    net = network(config)
    maps = grid(config).maps(net)
    full, small = layers(config, net, SIDE), layers(config, net, SMALL)
    hidden = np.concatenate(small[:-1])  # (U, s, s)
    assert maps.units.shape == (5, SMALL, SMALL)
    assert maps.outputs.shape == (1, SIDE, SIDE)
    assert maps.ranges.shape == (6,)
    assert maps.ranges.dtype == np.float32
    for q, limit, values in zip(maps.units, maps.ranges[:-1].tolist(), hidden, strict=True):
        assert_shows(q, limit, values)
    assert_shows(maps.outputs[0], maps.ranges[-1].item(), full[-1][0])


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_map_is_of_the_plane_of_its_data_set(dataset: str) -> None:
    problem = DATASETS[dataset].problem
    config = run(problem=problem, **{TASKS[problem].dataset: dataset})
    net = network(config)
    maps = grid(config).maps(net)
    assert_shows(maps.outputs[0], maps.ranges[-1].item(), layers(config, net, SIDE)[-1][0])


def test_with_many_classes_each_output_has_a_map_of_its_probability() -> None:
    config = run(problem="multiclass", classes=4)
    net = network(config, scale=3)
    maps = grid(config).maps(net)
    shown = (maps.outputs.astype(float) - 128) / 127 * maps.ranges[-4:, None, None]
    np.testing.assert_allclose(shown, layers(config, net, SIDE)[-1], rtol=0, atol=0.5 / 127 + 1e-4)
    np.testing.assert_allclose(shown.sum(axis=0), 1, rtol=0, atol=4 * 0.5 / 127)
    assert len(set(maps.ranges[-4:].tolist())) == 1  # one range, so that the maps can be compared


def test_the_plane_is_normalized_as_the_training_points_are() -> None:
    config = run(dataset="scales", normalize=True, xTimesY=True, xSquared=True)
    trainer = Trainer(config)
    same = Grid(config, side=SIDE, unit_side=SMALL, scaling=trainer.scaling)
    outputs = [a[:, : SIDE**2] for a in same.outputs(trainer.network)]  # (H, S S)
    for place, (x, y) in enumerate(centres(config, SIDE)):
        (_, *layers), _ = trainer.probe(x, y)
        for seen, probed in zip(outputs, layers, strict=True):
            np.testing.assert_allclose(seen[:, place], probed, atol=1e-5)


def test_the_maps_of_features_show_what_the_network_is_fed_and_the_others_as_they_are() -> None:
    config = run(dataset="scales", normalize=True)
    scaling = Trainer(config).scaling
    fed, raw = Grid(config, SIDE, SMALL, scaling).features(), grid(config).features()
    x = np.array([place for place, _ in centres(config, SMALL)])
    assert_shows(*fed["x"], ((x - scaling.mean[0]) / scaling.sigma[0]).reshape(SMALL, SMALL))
    assert_shows(*raw["x"], x.reshape(SMALL, SMALL))
    np.testing.assert_array_equal(fed["sinX"][0], raw["sinX"][0])


def test_layers_are_given_whole_with_full_maps_before_small_ones() -> None:
    config = run()
    net = network(config)
    outputs = grid(config).outputs(net)
    for got, full, small in zip(outputs, layers(config, net, SIDE), layers(config, net, SMALL), strict=True):
        assert got.dtype == np.float32
        expected = np.hstack([full.reshape(len(full), -1), small.reshape(len(small), -1)])  # (H, M)
        np.testing.assert_allclose(got, expected, atol=1e-6)


def output_along(name: str) -> Array:
    """The output map (S, S) of a network that passes one coordinate on."""
    config = run(networkShape=(), **{"x": False, "y": False, name: True})
    net = Trainer(config).network
    net.theta[:] = [1, 0]
    (q,) = grid(config).maps(net).outputs
    return np.asarray(q)


def test_the_first_row_is_the_top() -> None:
    q = output_along("y")
    assert (q[: SIDE // 2] > 128).all()
    assert (q[SIDE // 2 :] < 128).all()
    assert (q == q[:, :1]).all()


def test_the_first_column_is_the_left() -> None:
    q = output_along("x")
    assert (q[:, : SIDE // 2] < 128).all()
    assert (q[:, SIDE // 2 :] > 128).all()
    assert (q == q[:1]).all()


def test_maps_stay_as_they_are_when_the_next_are_made() -> None:
    config = run()
    same = grid(config)
    first = same.maps(network(config), selected=(0, 1))
    kept = [np.array(part) for part in first]
    same.maps(network(config, scale=-2), selected=(0, 1))
    for part, before in zip(first, kept, strict=True):
        np.testing.assert_array_equal(part, before)


# --- one unit at full size ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["tanh", "softplus"])
def test_a_selected_unit_has_a_full_map_in_the_range_of_its_small_one(activation: str) -> None:
    config = run(activation=activation)
    net = network(config)
    full = layers(config, net, SIDE)
    for unit, (layer, place) in enumerate([(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]):
        maps = grid(config).maps(net, selected=(layer, place))
        assert maps.selected is not None
        assert maps.selected.shape == (SIDE, SIDE)
        assert_shows(maps.selected, maps.ranges[unit].item(), full[layer][place])


def test_without_a_selected_hidden_unit_there_is_no_such_map() -> None:
    config = run()
    assert grid(config).maps(network(config)).selected is None


# --- unusual networks -----------------------------------------------------------------------------------------------


def test_the_largest_network_has_small_maps_of_all_its_units() -> None:
    config = run(networkShape=(64,) * 10)
    maps = Grid(config).maps(Trainer(config).network, selected=(9, 63))
    assert maps.units.shape == (640, 15, 15)
    assert maps.outputs.shape == (1, 100, 100)
    assert maps.selected is not None
    assert maps.selected.shape == (100, 100)
    assert maps.ranges.shape == (641,)


def test_a_usual_network_has_maps_of_30_pixels_and_an_output_of_100() -> None:
    config = run()
    maps = Grid(config).maps(Trainer(config).network)
    assert maps.units.shape == (5, 30, 30)
    assert maps.outputs.shape == (1, 100, 100)


@pytest.mark.parametrize("selected", [(2, 0), (9, 0), (0, 9), (-1, 0), (0, -1)])
def test_a_unit_that_is_not_there_cannot_be_selected(selected: tuple[int, int]) -> None:
    config = run(networkShape=(3, 2))
    with pytest.raises(ValueError, match="selected: expected a hidden unit of"):
        grid(config).maps(network(config), selected=selected)


def test_a_network_without_hidden_layers_has_its_output_only() -> None:
    config = run(networkShape=())
    net = network(config)
    maps = grid(config).maps(net)
    assert maps.units.shape == (0, SMALL, SMALL)
    assert maps.units.dtype == np.uint8
    assert maps.selected is None
    assert maps.ranges.shape == (1,)
    assert_shows(maps.outputs[0], maps.ranges[0].item(), layers(config, net, SIDE)[-1][0])


def test_a_network_without_features_is_the_same_everywhere() -> None:
    config = run(x=False, y=False)
    net = network(config)
    maps = grid(config).maps(net)
    assert all(len(set(q.ravel().tolist())) == 1 for q in (*maps.units, *maps.outputs))
    assert_shows(maps.outputs[0], maps.ranges[-1].item(), layers(config, net, SIDE)[-1][0])


# --- features -------------------------------------------------------------------------------------------------------


def test_every_feature_has_a_small_map_whether_it_is_on_or_off() -> None:
    config = run(x=False)
    maps = grid(config).features()
    assert list(maps) == list(FEATURES)
    for name, (q, limit) in maps.items():
        values = design_matrix([name], centres(config, SMALL))[0].reshape(SMALL, SMALL)
        assert limit == pytest.approx(np.abs(values).max())
        assert_shows(q, limit, values)

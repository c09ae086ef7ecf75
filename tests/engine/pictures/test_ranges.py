"""The range that a map's bytes stand for, also of networks beyond single precision."""

from __future__ import annotations

import numpy as np
import pytest

from engine.config import Config
from engine.pictures.grid import Maps, quantize
from engine.tables.activations import ACTIVATIONS
from engine.tables.outputs import OUTPUTS
from engine.trainer import Trainer
from tests.engine.pictures.grids import SIDE, SMALL, grid, layers, network, run
from tests.engine.runs import PLANE_TASKS

# --- ranges ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if ACTIVATIONS[name].bound])
def test_the_range_of_a_bounded_activation_is_its_bound(activation: str) -> None:
    config = run(activation=activation)
    maps = grid(config).maps(network(config))
    assert maps.ranges.tolist()[:5] == [ACTIVATIONS[activation].bound] * 5


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if not ACTIVATIONS[name].bound])
def test_the_range_of_an_unbounded_activation_is_the_largest_value_of_each_unit(activation: str) -> None:
    config = run(activation=activation)
    net = network(config)
    largest = [np.abs(unit).max() for layer in layers(config, net, SMALL)[:-1] for unit in layer]
    expected = [limit or 1.0 for limit in largest]  # a unit that is silent everywhere has some range too
    np.testing.assert_allclose(grid(config).maps(net).ranges[:-1], expected, rtol=1e-5)


def test_a_regression_is_shown_from_minus_1_to_1_and_cut_off_beyond() -> None:
    config = run(problem="regression", networkShape=(), y=False)
    net = Trainer(config).network
    net.theta[:] = [1, 0]  # the output is x, from -5.5 to 5.5
    maps = grid(config).maps(net)
    assert maps.ranges.tolist() == [1]
    assert maps.outputs[0, 0].tolist() == [1] * 5 + [65, 192] + [255] * 5


@pytest.mark.parametrize("problem", ["classification", "regression"])
def test_an_almost_flat_output_has_fine_levels(problem: str) -> None:
    config = run(problem=problem, networkShape=(), y=False)
    net = Trainer(config).network
    net.theta[:] = [0.001, 0]
    maps = grid(config).maps(net)
    assert maps.ranges[-1] == pytest.approx(0.0055, rel=1e-3)
    assert len(np.unique(maps.outputs)) == SIDE


def test_an_output_of_zero_everywhere_has_the_whole_range() -> None:
    config = run(networkShape=(), y=False)
    net = Trainer(config).network
    net.theta.fill(0.0)
    maps = grid(config).maps(net)
    assert maps.ranges.tolist() == [1]
    assert set(maps.outputs.ravel().tolist()) == {128}


def test_a_silent_unit_is_zero_everywhere() -> None:
    config = run(activation="relu", networkShape=(1,))
    net = Trainer(config).network
    net.theta[:] = [0, 0, -1, 1, 0]
    maps = grid(config).maps(net)
    assert set(maps.units.ravel().tolist()) == {128}
    assert maps.ranges[0] == 1


@pytest.mark.parametrize("limit", [None, 2.0])
def test_quantised_values_are_to_half_a_step(limit: float | None) -> None:
    values = np.random.default_rng(4).uniform(-2, 2, (3, 500)).astype(np.float32)
    q, ranges = quantize(values, limit)
    for row, row_range, row_values in zip(q, ranges.tolist(), values, strict=True):
        np.testing.assert_allclose((row - 128.0) / 127 * row_range, row_values, atol=0.5 / 127 * row_range + 1e-5)


def test_zero_and_both_ends_are_met_exactly() -> None:
    q, ranges = quantize(np.array([[-3, 0, 3], [0, 1, -0.5]], np.float32), None)
    assert q.tolist() == [[1, 128, 255], [128, 255, 65]]
    assert ranges.tolist() == [3, 1]
    assert quantize(np.array([[-9, 0, 9]], np.float32), 3.0)[0].tolist() == [[1, 128, 255]]


def test_a_map_of_very_small_values_is_scaled_like_any_other() -> None:
    with np.errstate(all="ignore"):
        q, _ = quantize(np.array([[-1e-38, 0, 1e-38]], np.float32), None)
    assert q.tolist() == [[1, 128, 255]]


# --- what training may come to --------------------------------------------------------------------------------------


def assert_shown(config: Config, value: float) -> None:
    net = network(config)
    net.theta[::2] = value
    maps = grid(config).maps(net, selected=(1, 1))
    assert np.isfinite(maps.ranges).all()
    assert (maps.ranges > 0).all()


huge = pytest.mark.parametrize("value", [1e30, 1e300, -1e300, np.inf, -np.inf, np.nan])


@huge
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_weights_of_any_size_give_maps_with_finite_ranges_and_no_warning(value: float, activation: str) -> None:
    assert_shown(run(activation=activation), value)


@huge
@pytest.mark.parametrize(
    ("problem", "output"),
    [(problem, name) for name in OUTPUTS for problem in OUTPUTS[name].problems if problem in PLANE_TASKS],
)
def test_weights_of_any_size_do_so_with_every_output(value: float, problem: str, output: str) -> None:
    assert_shown(run(problem=problem, outputActivation=output), value)


def test_huge_weights_still_show_their_sides() -> None:
    config = run(networkShape=(), y=False)
    net = Trainer(config).network
    net.theta[:] = [1e300, 0]
    q = grid(config).maps(net).outputs[0]
    assert (q[:, : SIDE // 2] == 1).all()
    assert (q[:, SIDE // 2 :] == 255).all()


def test_another_activation_shows_on_the_same_grid() -> None:
    config = run(activation="tanh")
    trainer, same = Trainer(config), grid(config)
    before = same.maps(trainer.network)
    trainer.reconfigure(run(activation="relu"))
    after, fresh = same.maps(trainer.network), grid(trainer.config).maps(trainer.network)
    assert (after.units != before.units).any()
    assert_same(after, fresh)


def test_another_weight_shows_on_the_same_grid() -> None:
    config = run()
    trainer, same = Trainer(config), grid(config)
    before = same.maps(trainer.network)
    trainer.set_weight(0, 0, 0, 3)
    assert (same.maps(trainer.network).units[0] != before.units[0]).any()
    assert_same(same.maps(trainer.network), grid(config).maps(trainer.network))


def assert_same(maps: Maps, others: Maps) -> None:
    for part, other in zip(maps, others, strict=True):
        np.testing.assert_array_equal(part, other)

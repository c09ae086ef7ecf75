"""Random numbers by their place: orders of epochs and masks of dropout."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.random_draws import dropout_masks, order, uniform


def test_an_order_has_every_place_once() -> None:
    for count in (0, 1, 2, 250):
        assert sorted(order("a", 3, count).tolist()) == list(range(count))


def test_an_order_is_the_same_for_its_seed_and_epoch_and_another_for_any_other() -> None:
    assert order("a", 3, 50).tolist() == order("a", 3, 50).tolist()
    orders = [order(seed, epoch, 50).tolist() for seed in ("a", "b", "") for epoch in (0, 1, 2, 2**40)]
    assert len({tuple(each) for each in orders}) == 12


def test_orders_mix_every_place() -> None:
    # Where each of 4 points ends up, over 2,000 epochs: a quarter each, within five standard errors.
    places = np.array([order("a", epoch, 4) for epoch in range(2000)])  # (epochs, places)
    for place in range(4):
        shares = np.bincount(places[:, place], minlength=4) / 2000
        np.testing.assert_allclose(shares, 0.25, atol=5 * math.sqrt(3 / 16 / 2000))


def test_orders_are_the_known_ones_on_every_machine() -> None:
    assert order("0.5", 0, 8).tolist() == [1, 4, 2, 3, 0, 7, 6, 5]
    (mask,) = dropout_masks("0.5 ", 7, 0.5, [3], 4)
    assert mask.tolist() == [[2, 2, 2, 2], [0, 0, 2, 2], [2, 2, 0, 2]]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_masks_leave_out_their_share_and_keep_the_mean(share: float) -> None:
    masks = [dropout_masks("a", update, share, [20, 10], 50) for update in range(20)]
    drawn = np.concatenate([mask.ravel() for each in masks for mask in each])  # 30,000
    assert set(drawn.tolist()) == {0, 1 / (1 - share)}
    error = 5 * math.sqrt(share * (1 - share) / drawn.size)
    assert (drawn == 0).mean() == pytest.approx(share, abs=error)
    assert drawn.mean() == pytest.approx(1, abs=error / (1 - share))


def test_there_is_a_mask_of_its_own_for_each_layer_unit_point_and_update() -> None:
    first, second = dropout_masks("a", 1, 0.5, [40, 40], 30)
    assert first.shape == second.shape == (40, 30)
    assert (first != second).any()
    assert len({tuple(row) for row in first.tolist()}) == 40
    assert len({tuple(column) for column in first.T.tolist()}) == 30
    for other in (dropout_masks("a", 2, 0.5, [40, 40], 30), dropout_masks("b", 1, 0.5, [40, 40], 30)):
        assert (other[0] != first).any()
    np.testing.assert_array_equal(dropout_masks("a", 1, 0.5, [40, 40], 30)[1], second)


def test_a_share_of_nothing_leaves_nothing_out_and_no_layers_have_no_masks() -> None:
    (mask,) = dropout_masks("a", 1, 0.0, [5], 6)
    assert (mask == 1).all()
    assert dropout_masks("a", 1, 0.5, [], 6) == []


def test_uniform_numbers_are_even_and_fill_any_shape() -> None:
    numbers = uniform("a", 0, (200, 5, 3))
    assert numbers.shape == (200, 5, 3)
    assert 0 <= numbers.min() < 0.01 < 0.99 < numbers.max() < 1
    assert abs(numbers.mean() - 0.5) < 0.03
    assert numbers[:2].tolist() == uniform("a", 0, (2, 5, 3)).tolist()
    assert uniform("b", 0, (1,)) != uniform("a", 0, (1,)) != uniform("a", 1, (1,))

"""Maps made small and spread again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wire.compression import LEVELS, coarsened, compressed, decompressed, leveled, spread
from engine import Grid, Trainer, parse_link

LECTURE = "dataset=spiral&networkShape=8,8,8&seed=0.68609&xSquared=true&ySquared=true&xTimesY=true&sinX=true&sinY=true"


@st.composite
def stacks(draw: st.DrawFn) -> list[Any]:
    """A few stacks of maps of any size, empty ones among them."""
    shapes = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 6)), min_size=1, max_size=3))
    sized = [(count, side, side) for count, side in shapes]
    return [
        np.frombuffer(draw(st.binary(min_size=(n := a * b * c), max_size=n)), "u1").reshape(a, b, c)
        for a, b, c in sized
    ]


@given(stacks())
def test_all_maps_come_back(maps: list[Any]) -> None:
    again = decompressed(compressed(maps), *(stack.shape for stack in maps))
    assert [stack.tolist() for stack in again] == [stack.tolist() for stack in maps]


def test_the_maps_of_a_network_take_little_more_than_a_quarter() -> None:
    trainer = Trainer(parse_link(LECTURE).config)
    trainer.train(50)
    maps = Grid(trainer.config).maps(trainer.network)
    whole = maps.units.size + maps.outputs.size
    levels, _ = leveled(maps.units)
    assert len(compressed([maps.units, maps.outputs])) < 0.45 * whole
    assert len(compressed([levels, maps.outputs])) < 0.3 * whole
    assert len(compressed([levels, coarsened(maps.outputs)])) < 0.27 * whole


@pytest.mark.parametrize(("lowest", "highest"), [(1, 255), (4, 252), (108, 128), (100, 115), (127, 128), (128, 128)])
def test_a_small_map_has_even_levels_between_its_ends(lowest: int, highest: int) -> None:
    ramp = np.arange(900) % (highest - lowest + 1) + lowest
    other = np.full((30, 30), 77)
    maps = np.stack([ramp.reshape(30, 30), other]).astype(np.uint8)  # (2, 30, 30)
    levels, ends = leveled(maps)
    found = spread(levels, ends).astype(int)
    assert ends.tolist() == [[lowest, highest], [77, 77]]
    assert levels.max() == min(LEVELS, highest - lowest)
    assert np.abs(found - maps).max() <= max(0, highest - lowest - 1) / LEVELS / 2 + 0.5
    assert found[0].min() == lowest
    assert found[0].max() == highest
    assert np.array_equal(found[1], other)


def test_a_map_on_its_way_comes_in_steps_of_two() -> None:
    maps = np.arange(1, 256).astype(np.uint8).repeat(4)[:900].reshape(1, 30, 30)
    found = coarsened(maps).astype(int)
    assert np.abs(found - maps).max() == 1
    assert (found[maps == 128] == 128).all()  # what is nothing stays nothing
    assert found.max() <= 255


def test_no_maps_have_no_levels() -> None:
    levels, ends = leveled(np.empty((0, 30, 30), np.uint8))
    assert (levels.shape, ends.shape) == ((0, 30, 30), (0, 2))


@pytest.mark.parametrize("shape", [(1, 3, 3), (2, 2, 2), (0, 5, 5)])
def test_maps_of_another_size_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"^maps: expected \d+ bytes, got"):
        decompressed(compressed([np.zeros((1, 2, 2), np.uint8)]), shape)


@pytest.mark.parametrize("data", [b"", b"\xff\xff\xff", compressed([np.zeros((1, 2, 2), np.uint8)]) + b"\0"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^maps: expected"):
        decompressed(data, (1, 2, 2))


def test_a_little_that_would_become_much_is_not_unpacked() -> None:
    bomb = compressed([np.zeros((1, 4000, 4000), np.uint8)])
    assert len(bomb) < 100_000
    with pytest.raises(ValueError, match=r"^maps: expected 4 bytes, got 5"):
        decompressed(bomb, (1, 2, 2))

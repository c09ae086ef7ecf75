"""Maps made small and spread again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.squeezed import spread, squeezed
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
    again = spread(squeezed(maps), *(stack.shape for stack in maps))
    assert [stack.tolist() for stack in again] == [stack.tolist() for stack in maps]


def test_the_maps_of_a_network_take_less_than_half() -> None:
    trainer = Trainer(parse_link(LECTURE).config)
    trainer.train(50)
    maps = Grid(trainer.config).maps(trainer.network)
    whole = maps.units.size + maps.outputs.size
    assert len(squeezed([maps.units, maps.outputs])) < 0.45 * whole


@pytest.mark.parametrize("shape", [(1, 3, 3), (2, 2, 2), (0, 5, 5)])
def test_maps_of_another_size_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"^maps: expected \d+ bytes, got"):
        spread(squeezed([np.zeros((1, 2, 2), np.uint8)]), shape)


@pytest.mark.parametrize("data", [b"", b"\xff\xff\xff", squeezed([np.zeros((1, 2, 2), np.uint8)]) + b"\0"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^maps: expected"):
        spread(data, (1, 2, 2))


def test_a_little_that_would_become_much_is_not_unpacked() -> None:
    bomb = squeezed([np.zeros((1, 4000, 4000), np.uint8)])
    assert len(bomb) < 100_000
    with pytest.raises(ValueError, match=r"^maps: expected 4 bytes, got 5"):
        spread(bomb, (1, 2, 2))

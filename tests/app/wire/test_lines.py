"""Crossings of lines as bytes: all of them come back, and they become few."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.wire.compression import compressed
from app.wire.lines import coded, decoded, shapes
from engine import Grid, Trainer, parse_link


@given(st.lists(st.integers(0, 2**32 - 1), max_size=9))
def test_all_crossings_come_back(numbers: list[int]) -> None:
    lines = np.array(numbers, np.uint32)
    stacks = coded(lines)
    assert [stack.shape for stack in stacks] == shapes(len(lines))
    assert decoded(stacks).tolist() == numbers


def test_the_line_of_a_network_takes_two_bytes_and_a_half_a_crossing() -> None:
    trainer = Trainer(parse_link("dataset=spiral&networkShape=8,8,8&seed=0.68609&sinX=true&sinY=true").config)
    trainer.train(50)
    lines = Grid(trainer.config).maps(trainer.network, lines=True).lines
    assert len(lines) > 200
    assert len(compressed(coded(lines))) < 2.6 * len(lines)

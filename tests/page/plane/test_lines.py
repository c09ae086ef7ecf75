"""The decision's line on the plane, pixel by pixel against the exact one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page

from engine import Trainer, format_state, parse_link
from tests.page.plane.test_classes import pixels
from tests.person import MARGIN

Open = Callable[..., Page]
LINK = "networkShape=&dataset=gauss&seed=0.3&outputActivation={}"
DARK = 160  # darker than any map is, as only the line is
EDGE = 4  # pixels beside the frame


@pytest.mark.parametrize("output", ["tanh", "linear"])
def test_the_decision_of_a_linear_network_is_drawn_straight_from_edge_to_edge(open_page: Open, output: str) -> None:
    trainer = Trainer(parse_link(LINK.format(output)).config)
    trainer.train(5)
    w1, w2, b = trainer.network.theta
    page = open_page(f"{LINK.format(output)}&state={format_state(trainer)}")  # a step would mark its batch on the map
    canvas = pixels(page, ".plane .map").astype(float)[..., :3]
    left, top = MARGIN["left"], MARGIN["top"]
    side = canvas.shape[1] - left - MARGIN["right"]
    inside = canvas[top : top + side, left : left + side]
    darkness = np.clip(1 - inside.max(axis=2) / DARK, 0, 1)  # (side, side), of each pixel's lightest channel
    down = 6 - (np.arange(side) + 0.5) / side * 12
    exact = (-(w2 * down + b) / w1 + 6) / 12 * side  # the column where the line is in each row
    rows = np.flatnonzero((exact > EDGE) & (exact < side - EDGE))
    drawn = (darkness[rows] * (np.arange(side) + 0.5)).sum(axis=1) / darkness[rows].sum(axis=1)
    assert len(rows) > side / 4
    assert np.abs(drawn - exact[rows]).max() < 0.4

"""Sizes and numbers that a page, the server and a worker agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    pass


PROTOCOL = 3


SPEEDS: dict[str, int | None] = {"1": 1, "2": 2, "5": 5, "20": 20, "100": 100, "max": None}
"""Epochs per frame; None is as many as the machine can."""


MAX_LINK = 32_768


MAX_STEPS = 1_000


MAX_RUNS_IN_GALLERY, MAX_EPOCHS_IN_GALLERY = 64, 10_000


MAX_COMPARED_VALUES = 8


LARGEST = np.finfo(float).max

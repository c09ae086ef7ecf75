"""The golden charts: ranges, ticks, their numbers and the places of labels in charts.json, which the charts of both
languages, `app.exports.charts` and `static/chart/`, have to give.

`.venv/bin/python -m tests.golden.charts` writes the file anew from the Python side. What git then shows is the change
of the charts: the page has to follow.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from app.exports.charts.axes import Box, axes_of, log_ticks, steps, tick_text
from app.exports.charts.lines import spread

FILE = Path(__file__).with_name("charts.json")
INTERVALS = [(0, 0.95), (0, 0.63), (0, 1), (0, 1.3e-7), (0, 5.25e99), (13, 37), (412, 581), (0, 300), (0, 1e6)]
BOX = Box(0, 0, 100, 100)
LOSSES = [(0.004, 0.7), (0.21, 0.39), (0.3, 4.5), (1e-6, 1), (1e-9, 2e-7), (1e-9, 1e21), (0.02, 3e150)]
NUMBERS = [0, 0.05, 0.25, 0.001, 0.0005, 2e-5, 1e-9, 1, 12, 99_999, 100_000, 200_000, 5e20, 1e150]
WANTED = [[100], [20, 180], [100, 104], [100, 100, 100], [5, 3, 199], [198, 150, 199], [30, 31, 90, 92]]
ROOM = (10, 190, 15)
RUNS = [[0.5, 0.4, 0.1], [0.5], [0.3, 0.3], [1e-12, 2e-3], [0, 0.25], [1e-7, 1e-7], [0.4, 3e150], [0.4, 1e250]]
"""Losses of runs without a band of batches, which the page alone draws."""


def described() -> dict[str, Any]:
    """What the Python side gives for all that is asked."""
    return {
        "steps": [
            {"interval": interval, "most": most, "least": least, "ticks": steps(interval, most, least)}
            for interval in INTERVALS
            for most, least in ((3, 0), (6, 0), (8, 1))
        ],
        "logTicks": [
            {"interval": interval, "most": most, "major": ticks[0], "minor": ticks[1]}
            for interval in LOSSES
            for most in (2, 6)
            if (ticks := log_ticks(interval, most))
        ],
        "ranges": [
            {"losses": losses, "log": log, "range": axes_of(np.arange(len(losses)), np.array(losses), log, BOX).losses}
            for losses in RUNS
            for log in (False, True)
        ],
        "tickText": [{"loss": loss, "text": tick_text(loss)} for loss in NUMBERS],
        "spread": [{"wanted": wanted, "places": spread(wanted, *ROOM)} for wanted in WANTED],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(described(), indent=1) + "\n", encoding="utf-8")

"""The line where the decision changes, as a picture: how much of each pixel it covers.

Shapes: S pixels a side, K classes.
"""

from __future__ import annotations

import numpy as np

from engine.tables import Array

WIDTH, USUAL = 1.25, 346  # pixels, as the page draws it on a map of this size
OPACITY = 0.7


def of_unit(a: Array, z: Array) -> Array:
    """Where a unit crosses zero, for its outputs and its weighted sums (S, S) each; as `of_classes` gives it."""
    above = a >= 0  # (S, S)
    return _cover(above, np.abs(z if np.array_equal(z >= 0, above) else a))


def of_classes(z: Array) -> Array:
    """Where another class takes the lead, for weighted sums (K, S, S), as how much of each pixel is covered, (S, S)."""
    second, first = np.partition(z, -2, axis=0)[-2:]  # (S, S), (S, S)
    return _cover(z.argmax(axis=0), first - second)


def of_class(z: Array, label: int) -> Array:
    """Where one class takes or loses the lead, for weighted sums (K, S, S); as `of_classes` gives it."""
    ahead = z[label] - np.delete(z, label, axis=0).max(axis=0)  # (S, S)
    return of_unit(ahead, ahead)


def _cover(decided: Array, lead: Array) -> Array:
    """A pixel is as far from the line as its lead takes to be used up, by how steeply the lead grows there; only beside
    a pixel that is decided differently, so that a flat lead about zero is no line."""
    size = len(decided)
    with np.errstate(all="ignore"):
        away = np.nan_to_num(lead / np.hypot(_slope(lead, 0), _slope(lead, 1)), nan=np.inf)  # (S, S), in pixels
    width = WIDTH * max(1.0, size / USUAL)
    return np.where(_beside(decided), np.clip(width / 2 + 0.5 - away, 0, 1) * OPACITY, 0)


def _slope(lead: Array, axis: int) -> Array:
    """How much it grows from pixel to pixel: on the steeper side, because a lead has its edge on the line."""
    steps = np.abs(np.diff(lead, axis=axis))
    before, after = [(0, 0), (0, 0)], [(0, 0), (0, 0)]
    before[axis], after[axis] = (1, 0), (0, 1)
    return np.asarray(np.maximum(np.pad(steps, before), np.pad(steps, after)))


def _beside(decided: Array) -> Array:
    """Which pixels have one within two pixels, across or down, that is decided differently."""
    found = np.zeros(decided.shape, bool)
    for step in (1, 2):
        for ours, theirs in ((np.s_[step:], np.s_[:-step]), (np.s_[:, step:], np.s_[:, :-step])):
            differs = decided[ours] != decided[theirs]
            found[ours] |= differs
            found[theirs] |= differs
    return found

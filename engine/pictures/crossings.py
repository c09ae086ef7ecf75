"""Crossings: where the lines between a map's places cross a decision, exactly enough for straight lines to be straight.

Colours are told apart in 255 levels, which is too coarse for a line: it would climb stairs. So each place where two
neighbours on the grid are decided differently is kept by itself, with how far it lies between them.

Shapes: S pixels a side, M = S S places, K outputs, E crossings.
"""

from __future__ import annotations

import numpy as np

from engine.tables import Array

SHARE_BITS, SIDE_BITS = 8, 3
SHARES = (1 << SHARE_BITS) - 1
NONE = np.empty(0, np.uint32)


def of_unit(a: Array, z: Array, side: int) -> Array:
    """Where a unit crosses zero, for its outputs and its weighted sums (M,) each; as `of_classes` gives them.

    Sums are linear where their inputs are, and so are taken wherever both cross zero at the same places.
    """
    above = a >= 0  # (M,)
    values = np.abs(z if np.array_equal(z >= 0, above) else a)  # (M,)
    first, second, edges = _edges(above, side)
    return _packed(edges, values[first], values[second], above[first], above[second])


def of_classes(z: Array, side: int) -> Array:
    """Where another class takes the lead, for weighted sums (K, M), as (E,) uint32.

    A crossing is `edge << 14 | second << 11 | first << 8 | share`. The edge is the place of its left or upper end if it
    leads to the right, and S S more if it leads down; a `share` of 255 is its other end; the two classes are those that
    lead at its ends, and for one unit 0 below zero and 1 above.
    """
    best = z.argmax(axis=0)  # (M,)
    first, second, edges = _edges(best, side)
    here, there = best[first], best[second]  # (E,), (E,)
    return _packed(edges, z[here, first] - z[there, first], z[there, second] - z[here, second], here, there)


def _edges(decided: Array, side: int) -> tuple[Array, Array, Array]:
    """The two ends of each edge between places that are decided differently, and its number, (E,) each."""
    plane = decided.reshape(side, side)
    across = np.zeros((side, side), bool)
    np.not_equal(plane[:, 1:], plane[:, :-1], out=across[:, :-1])
    right = np.flatnonzero(across)
    down = np.flatnonzero(plane[1:] != plane[:-1])
    first = np.concatenate([right, down])
    second = np.concatenate([right + 1, down + side])
    return first, second, np.concatenate([right, down + side * side])


def _packed(edges: Array, here: Array, there: Array, first: Array, second: Array) -> Array:
    """Crossings from how far what is decided at each end is ahead there."""
    with np.errstate(all="ignore"):
        shares = np.nan_to_num(here / (here + there), nan=0.5)  # in the middle, where neither end has a number
    found = edges.astype(np.uint32)
    for values, bits in ((second, SIDE_BITS), (first, SIDE_BITS), (np.rint(SHARES * shares), SHARE_BITS)):
        found = found << np.uint32(bits) | values.astype(np.uint32)
    return found

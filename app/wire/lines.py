"""The crossings of a line as bytes that deflate well: an edge is told by how far it is from the one before."""

from __future__ import annotations

import numpy as np

from engine.tables import Array

EDGE_BITS, CLASS_BITS, SHARE_BITS = 18, 6, 8


def coded(lines: Array) -> list[Array]:
    """Crossings (E,) uint32, as `engine.pictures.crossings` has them, as stacks of bytes (n, 1, 1), which are
    compressed like maps: the lowest bytes of the differences between edges, their middle and highest bytes with the
    classes, and the shares."""
    edges = np.diff(lines >> CLASS_BITS + SHARE_BITS, prepend=np.uint32(0)) & (1 << EDGE_BITS) - 1  # (E,)
    classes, shares = lines >> SHARE_BITS & (1 << CLASS_BITS) - 1, lines & (1 << SHARE_BITS) - 1
    planes = [edges & 255, np.concatenate([edges >> 8 & 255, edges >> 16, classes]), shares]
    return [plane.astype(np.uint8).reshape(-1, 1, 1) for plane in planes]


def shapes(count: int) -> list[tuple[int, int, int]]:
    """The shapes of those stacks for so many crossings."""
    return [(count, 1, 1), (3 * count, 1, 1), (count, 1, 1)]


def decoded(stacks: list[Array]) -> Array:
    """The crossings (E,) uint32 that `coded` told."""
    low, others, shares = (stack.ravel().astype(np.uint32) for stack in stacks)
    middle, high, classes = np.split(others, 3)
    edges = np.cumsum(high << 16 | middle << 8 | low, dtype=np.uint32) & (1 << EDGE_BITS) - 1  # (E,)
    return np.asarray(edges << CLASS_BITS + SHARE_BITS | classes << SHARE_BITS | shares)

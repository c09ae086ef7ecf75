"""Products of matrices that have the bits of `np.dot`, and that can be recorded."""

from __future__ import annotations

import numpy as np

from engine.tables import Array


def stacked(A: Array, B: Array, out: Array) -> None:
    """The products of many pairs of matrices, (..., M, K) @ (..., K, N) -> (..., M, N), to the bits of `np.dot`.

    That copies a matrix which is the transposed part of another array, and then adds in another order.
    """
    if A.strides[-1] > A.itemsize and A.shape[-2] > 1:
        A = _contiguous(A)
    if B.ndim == 2 and B.shape[-1] > 1 and not (B.flags.c_contiguous or B.flags.f_contiguous):
        B = _contiguous(B)  # (K, N), of all networks the same
    np.matmul(A, B, out)


def _contiguous(array: Array) -> Array:
    return np.positive(array, np.empty(array.shape, array.dtype))

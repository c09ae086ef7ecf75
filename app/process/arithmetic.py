"""What a process computes with: on another kind of machine the same run ends with other bits."""

from __future__ import annotations

from functools import cache

import numpy as np

FEATURES = ("AVX512_SKX", "X86_V4", "AVX512F", "AVX2", "X86_V3", "AVX", "SVE", "ASIMD", "VSX4", "VSX3", "VSX")
"""Instruction sets that NumPy has loops of its own for, the widest of a kind first, by any name that a version has."""


@cache
def arithmetic() -> str:
    """NumPy and its version, the BLAS with its version and the kernel that it chose for this processor, and the widest
    instruction set that NumPy's own loops may use: NumPy 2.4.6, openblas 0.3.31 SkylakeX, AVX512_SKX."""
    from threadpoolctl import threadpool_info  # type: ignore[import-untyped]

    found = [library for library in threadpool_info() if library.get("user_api") == "blas"]
    found.sort(key=lambda library: "numpy" not in library["filepath"])  # SciPy may have brought another one
    blas = [" ".join(filter(None, (one["internal_api"], one["version"], one.get("architecture")))) for one in found[:1]]
    return ", ".join([f"NumPy {np.__version__}", *blas, *_instructions()])


def _instructions() -> list[str]:
    from numpy._core._multiarray_umath import __cpu_features__ as there  # type: ignore[import-not-found]

    return [name for name in FEATURES if there.get(name)][:1]

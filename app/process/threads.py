"""How many threads a process that trains may use."""

from __future__ import annotations

SINGLE_THREADED = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""The matrices are tiny: threads inside one product would only wait for each other."""

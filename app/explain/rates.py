"""The steps of the rates in the page's menus, and what a shell offers for them."""

from __future__ import annotations

RATES = {
    "learningRate": ["0.00001", "0.0001", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10"],
    "regularizationRate": ["0", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10"],
}
"""The original's steps; any other number can be typed."""

"""The page's palettes, and how colours look: to an eye of any kind, and beside each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

from tests.drawing import in_module

Color = NDArray[np.float64]
"""Red, green and blue along the last axis, 0 to 1."""

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
VISIONS = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
    "grey print": np.tile(LUMINANCE, (3, 1)),
}
"""What becomes of linear colours: Machado, Oliveira and Fernandes (2009) at full severity, and what is left in grey."""
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
    ]
)

SCALES = """({ createScale, inkOn, PALETTES }, neutral) => Object.keys(PALETTES).map((name) => {
  const scale = createScale(neutral, name);
  const words = [...scale.pixels].map((word) => `rgb(${word & 255} ${(word >> 8) & 255} ${(word >> 16) & 255})`);
  return [name, scale.css, words, scale.css.map((_, place) => inkOn(scale, (place - 128) / 127))];
})"""


def parsed(css: list[str]) -> Color:
    """Colours written as rgb(...)."""
    return np.array([[int(channel) for channel in re.findall(r"\d+", color)[:3]] for color in css]) / 255


def linear(color: Color) -> Color:
    """sRGB as light that adds up."""
    bent: Color = ((color + 0.055) / 1.055) ** 2.4
    return np.where(color <= 0.04045, color / 12.92, bent)


def contrast(one: Color, other: Color) -> Color:
    """The contrast ratio of WCAG 2, 1 to 21."""
    a, b = linear(one) @ LUMINANCE + 0.05, linear(other) @ LUMINANCE + 0.05
    ratio: Color = np.maximum(a, b) / np.minimum(a, b)
    return ratio


def lab(color: Color, vision: str = "normal") -> Color:
    """OKLab, lightness first, as an eye sees it: equal distances look equal."""
    seen = np.clip(linear(color) @ np.asarray(VISIONS[vision]).T, 0, 1)
    found: Color = np.cbrt(seen @ TO_CONES.T) @ TO_LAB.T
    return found


def distance(one: Color, other: Color, vision: str) -> float:
    """How far apart two colours look."""
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))


@dataclass
class Palette:
    """A palette upon a theme."""

    css: list[str]
    """Of labels."""
    map: list[str]
    """Of maps."""
    inks: list[str]

    @property
    def colors(self) -> Color:
        """Its 256 colours."""
        return parsed(self.css)

    @property
    def ends(self) -> tuple[Color, Color, Color]:
        """The most negative, the neutral and the most positive."""
        low, middle, high = self.colors[[0, 128, 255]]
        return low, middle, high


def palettes(page: Page) -> tuple[dict[str, str], dict[str, Palette]]:
    """The theme's colours and the palettes upon them."""
    theme: dict[str, str] = in_module(page, "draw/look", "({ readTheme }) => readTheme()")
    scales: list[Any] = in_module(page, "draw/colors", SCALES, theme["neutral"])
    return theme, {name: Palette(*scale) for name, *scale in scales}

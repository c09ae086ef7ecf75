"""Image sets: handwritten digits, and images that are drawn from the seed."""

from __future__ import annotations

from engine.images import archive
from engine.images.drawing import SCENES, SHAPES, drawing, halves, scenes, shapes
from engine.images.image_set import ImageSet, Labelled

DIGITS = tuple(map(str, range(10)))
CLASS_FORMULA = r"x \in [0, 1]^{%s} \mapsto y \in \{0, \dots, %s\}"


def _archived(name: str, seed: str, train: int, test: int) -> tuple[Labelled, Labelled]:
    """The images of an archive, which are the same for every seed."""
    training, testing = archive.images(name)
    return training.first(train), testing.first(test)


IMAGE_SETS: dict[str, ImageSet] = {
    "digits": ImageSet(
        label="Digits",
        formula="28 x 28 shades of grey and the digit, 0 to 9",
        latex=CLASS_FORMULA % ("784", "9"),
        hint="Handwritten digits of MNIST: 5,000 to learn from, and 1,000 by other writers to be tested with.",
        height=28, width=28, names=DIGITS, classes=10, most=5_000, drawn=False,
        draw=lambda *asked: _archived("digits", *asked),
    ),
    "digits8": ImageSet(
        label="Small digits",
        formula="8 x 8 shades of grey and the digit, 0 to 9",
        latex=CLASS_FORMULA % ("64", "9"),
        hint="Handwritten digits of 64 pixels each: the quickest to learn.",
        height=8, width=8, names=DIGITS, classes=10, most=1_497, tests=300, drawn=False,
        draw=lambda *asked: _archived("digits8", *asked),
    ),
    "four-pixels": ImageSet(
        label="Four pixels",
        formula="2 x 2 shades of grey and the bright half: left, right, top, bottom",
        latex=CLASS_FORMULA % ("4", "3"),
        hint="An image is a vector: here one of four numbers, and a class has four weights.",
        height=2, width=2, names=("left", "right", "top", "bottom"), classes=4, most=5_000, tests=200,
        draw=drawing("four-pixels", 4, 0, (4,), halves),
    ),
    "shapes": ImageSet(
        label="Shapes",
        formula="20 x 20 shades of grey and the shape: cross, circle, square, triangle",
        latex=CLASS_FORMULA % ("400", "3"),
        hint="Outlines at any place and of any size, so that no single template fits a class.",
        height=20, width=20, names=tuple(SHAPES), classes=len(SHAPES), most=5_000, tests=600,
        draw=drawing("shapes", len(SHAPES), 3, (20, 20), shapes),
    ),
    "colours": ImageSet(
        label="Colour scenes",
        formula="32 x 32 pixels of red, green and blue, and the scene: one of ten",
        latex=CLASS_FORMULA % ("3072", "9"),
        hint="Sky above sea, meadow, desert and others: 3,072 inputs, and templates in colour.",
        height=32, width=32, channels=3, names=tuple(SCENES), classes=len(SCENES), most=1_000, tests=300,
        draw=drawing("colours", len(SCENES), 4, (32, 32, 3), scenes),
    ),
}  # fmt: skip
"""By their names in links; how many train is at most what `most` says."""
MAX_PIXELS = max(images.pixels for images in IMAGE_SETS.values())
MAX_IMAGE_CLASSES = max(len(images.names) for images in IMAGE_SETS.values())

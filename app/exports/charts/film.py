"""The course of a run as an animated picture: pictures of the boundary, evenly over its epochs."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import PurePath

from PIL import Image

from engine import Trainer
from engine.errors import InputError, Problem, shown
from engine.names import Whole
from engine.pictures.boundary import SIZE
from engine.pictures.film import Painter
from engine.tables import Array

FORMATS = {"gif": "image/gif", "webp": "image/webp", "png": "image/png"}
"""The formats, which are the endings of files too, and their media types."""
SECONDS, MIN_SECONDS, MAX_SECONDS = 5.0, 1.0, 20.0
PER_SECOND = 10
LAST = 1.5
"""Seconds for which the last picture stays."""


def check_ending(name: str) -> None:
    """ValueError for the name of a file whose ending is that of no format."""
    if PurePath(name).suffix.lower().removeprefix(".") not in FORMATS:
        endings = " or ".join(f".{known}" for known in FORMATS)
        raise InputError(Problem("film", f"a file that ends in {endings}", shown(name)))


class Film:
    """Pictures of a run from where its trainer is to a last epoch, taken as it trains."""

    def __init__(self, trainer: Trainer, last: int, size: Whole = SIZE, seconds: float = SECONDS) -> None:
        count = min(last - trainer.epoch + 1, round(seconds * PER_SECOND))
        steps = max(1, count - 1)
        self.epochs = {trainer.epoch + (last - trainer.epoch) * step // steps for step in range(steps + 1)}
        self._painter = Painter(trainer, size)
        self._milliseconds = round(1000 * seconds / len(self.epochs))
        self._pictures: dict[int, Array] = {}

    def take(self, trainer: Trainer, *, ended: bool = False) -> None:
        """Take a picture if this is an epoch for one, or the last one of a run that has ended early."""
        if (trainer.epoch in self.epochs or ended) and trainer.epoch not in self._pictures:
            self._pictures[trainer.epoch] = self._painter(trainer)

    def encoded(self, format: str) -> bytes:
        """The film as a file of a format; it begins again when it is over."""
        first, *others = _images(list(self._pictures.values()), format)
        times = [self._milliseconds] * len(others) + [round(LAST * 1000)]
        file = io.BytesIO()
        first.save(file, format, save_all=True, append_images=others, duration=times, loop=0, **OPTIONS[format])
        return file.getvalue()


OPTIONS: dict[str, dict[str, object]] = {
    "gif": {"optimize": False},
    "webp": {"quality": 80, "method": 0},
    "png": {"compress_level": 3},
}
"""What each format is written with: quickly rather than as small as can be."""


def _images(pictures: Sequence[Array], format: str) -> list[Image.Image]:
    """The pictures for Pillow; those of a GIF in one palette, which the first, the middle and the last one make."""
    images = [Image.fromarray(picture) for picture in pictures]
    if format != "gif":
        return images
    size = images[0].width
    model = Image.new("RGB", (3 * size, size))
    for place, image in enumerate((images[0], images[len(images) // 2], images[-1])):
        model.paste(image, (place * size, 0))
    palette = model.quantize(255)
    return [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]


def film(trainer: Trainer, last: int, format: str, size: Whole = SIZE, seconds: float = SECONDS) -> bytes:
    """Train to a last epoch, and give the film of it; ValueError for a size that is none."""
    taken = Film(trainer, last, size, seconds)
    taken.take(trainer)
    while trainer.epoch < last and not trainer.ended:
        trainer.train()
        taken.take(trainer, ended=trainer.ended)
    return taken.encoded(format)

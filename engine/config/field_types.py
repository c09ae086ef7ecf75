"""The types of a configuration's fields: bounds of numbers, characters of texts, and their checks."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from engine.data.points import PATTERN, checked

MAX_LAYERS = 10
MAX_UNITS = 64
MAX_IMAGE_UNITS = 128
"""Of a layer, where the inputs are pixels."""
MIN_SAMPLES = 100
MAX_SAMPLES = 5_000
MAX_NOISE = 100
MIN_SPLIT, MAX_SPLIT = 1, 99
MIN_CLASSES = 2
MAX_MOMENTUM, MAX_DROPOUT = 0.999, 0.9
MAX_EPOCHS = 1_000_000
MAX_TEXT = 256

TEXT = "".join(f"\\{char}" if char in "-[\\]^" else char for char in map(chr, range(33, 127)) if char not in '&=#"<>`')
"""Characters that stand for themselves in a link, so that a seed reads the same in every browser; within a class of a
pattern, which JavaScript reads too, and by its flag `u` refuses what is escaped without need."""

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Count = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Text = Annotated[str, Field(strict=True, max_length=MAX_TEXT, pattern=f"^[{TEXT}]*$")]
Points = Annotated[
    str, Field(strict=True), AfterValidator(checked), WithJsonSchema({"type": "string", "pattern": PATTERN})
]
Units = Annotated[Count, Field(ge=1, le=MAX_IMAGE_UNITS)]

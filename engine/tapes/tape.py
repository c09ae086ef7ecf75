"""Tapes: an update as a list of calls of NumPy's own loops, which a small extension in C repeats without Python.

The list is recorded from the code that makes an update, so that both are the same calls on the same arrays. Before a
tape is used it is compared with that code, bit for bit. Where the two differ, where the code does something that is no
call of a ufunc, or where the extension was not built, the code itself runs. Epochs, schedules, early stopping and
divergence are Python either way.

Shapes: U updates, D features, N points of an update, K outputs, H units of a layer, P parameters, S arrays of the
optimizer's memory.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np

from engine.config import Config
from engine.tables import Array
from engine.tapes.batches import Batches
from engine.tapes.recording import NotRecordableError, Recorder

try:
    from engine.tapes._calls import CallList
except ImportError:
    IS_BUILT = False
else:
    IS_BUILT = True
    """Whether there was a compiler for the extension."""

OFF = ("0", "false", "no", "off")
_is_used = IS_BUILT and os.environ.get("PLAYGROUND_TAPE", "").lower() not in OFF
WORTHWHILE = 32
"""Updates after which it pays to record one."""
COMPARED = 3
"""Updates that are made both ways before a tape is used: one, and those that follow from other states."""


def is_used() -> bool:
    """Whether updates run from tapes where they can."""
    return _is_used


def use(wanted: bool) -> None:
    """Use tapes from now on, where the extension is there, or do not."""
    global _is_used
    _is_used = wanted and IS_BUILT


@contextmanager
def used(wanted: bool) -> Iterator[None]:
    """Use tapes within the block, if they are used at all; or do not."""
    before = _is_used
    use(wanted and before)
    try:
        yield
    finally:
        use(before)


class Loop(Protocol):
    """What a tape needs of a training loop: `descend` makes an update, and `move` is what of it can be recorded."""

    config: Config
    updates: int
    rate: float
    descent: Any
    passing: Any

    def masks(self, update: int, points: int) -> list[Array]:
        """Which units an update leaves out, of each hidden layer (H, N)."""

    def descend(self, X: Array, Y: Array, loss_inputs: Array, update: int) -> None:
        """An update with its number."""

    def move(self, X: Array, Y: Array, loss_inputs: Array, masks: Sequence[Array], rate: float) -> None:
        """Forward, backward and a step against the gradient."""

    def on(self, passed: Any, descent: Any) -> Loop:
        """The same loop with another pass of points and another descent."""


class Tape:
    """An update of one training loop with N points."""

    def __init__(self, loop: Loop, batches: Batches) -> None:
        """NotRecordableError where an update is no list of calls of ufuncs."""
        self._rate = np.zeros(())
        recorder, slots = Recorder(), _slots(loop, batches.first)[0]
        passed = loop.passing(batches.points)
        passed.prepare_backward()
        shadow = loop.on(recorder.recorded(passed), recorder.recorded(loop.descent))
        X, Y, kept, unbias, *masks = (recorder.recorded(slot, place) for place, slot in enumerate(slots))
        shadow.descent.unbias = unbias
        shadow.move(X, Y, kept, masks, recorder.recorded(self._rate))
        self._calls = CallList(tuple(recorder.calls), slots)

    def run(self, loop: Loop, batches: Batches) -> None:
        """Make an update with each of the batches."""
        firsts, lasts = _slots(loop, batches)
        self._rate[()] = loop.rate
        self._calls.run(batches.updates, firsts, lasts)
        loop.descent.steps += batches.updates
        loop.descent.unbias[:] = lasts[3]


def _slots(loop: Loop, batches: Batches) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """What differs from update to update, at the first and at the last: inputs (D + 1, N), labels (K, N), what the loss
    takes (K, N), `unbias` (S, 1), and masks (H, N)."""
    updates, config = batches.updates, loop.config
    unbias = loop.descent.corrections(updates, config.momentum)  # (U, S, 1)
    masks: list[Array] = []
    if config.dropout:
        drawn = [loop.masks(loop.updates + update, batches.points) for update in range(updates)]
        masks = [np.stack(layer) for layer in zip(*drawn, strict=True)]  # of each layer (U, H, N)
    first, last = batches.at(0), batches.at(updates - 1)
    return (*first, unbias[0], *(mask[0] for mask in masks)), (*last, unbias[-1], *(mask[-1] for mask in masks))


class Tapes:
    """The tapes of a training loop, by the number of points; a copy has none yet."""

    def __init__(self) -> None:
        self._made: dict[int, Tape | None] = {}
        self._seen: Counter[int] = Counter()

    def __reduce__(self) -> tuple[type[Tapes], tuple[()]]:
        return Tapes, ()  # their addresses are those of arrays that a copy does not have

    def get(self, loop: Loop, batches: Batches) -> Tape | None:
        """The tape for some batches; None where there is none, or it is not worth while yet."""
        points = batches.points
        if not _is_used:
            return None
        if points not in self._made:
            self._seen[points] += batches.updates
            if self._seen[points] > WORTHWHILE:
                self._made[points] = _compared(loop, batches)
        return self._made.get(points)


def _compared(loop: Loop, batches: Batches) -> Tape | None:
    """A tape that does what the code does; None where there is none."""
    try:
        tape = Tape(loop, batches)
    except NotRecordableError:
        return None
    return tape if agrees(tape, loop, batches) else None


def agrees(tape: Tape, loop: Loop, batches: Batches) -> bool:
    """Whether a tape does to the bit what the code does; the loop stays as it is."""
    before = _State(loop, batches)
    for _ in range(COMPARED):
        loop.descend(*batches.at(0), loop.updates)
    by_code = _State(loop, batches).bits()
    before.restore()
    for _ in range(COMPARED):
        tape.run(loop, batches.first)
    by_tape = _State(loop, batches).bits()
    before.restore()
    return by_tape == by_code


class _State:
    """All that an update changes."""

    def __init__(self, loop: Loop, batches: Batches) -> None:
        network, descent = loop.passing(batches.points).network, loop.descent
        self._descent, self._steps = descent, descent.steps
        self._arrays = [network.theta, network.gradient, descent.memory, descent.dead, descent.unbias, batches.at(0)[2]]
        self._values = [array.copy() for array in self._arrays]

    def bits(self) -> list[bytes]:
        return [array.tobytes() for array in self._values]

    def restore(self) -> None:
        for array, value in zip(self._arrays, self._values, strict=True):
            array[...] = value
        self._descent.steps = self._steps

"""The extension in C that repeats calls of NumPy's loops; see `engine.tapes.tape`."""

from engine.tables import Array
from engine.tapes.recording import Call

class CallList:
    """Some calls, and the arrays of their slots as they were when the calls were recorded."""

    def __init__(self, calls: tuple[Call, ...], slots: tuple[Array, ...], /) -> None: ...
    def run(self, times: int, firsts: tuple[Array, ...], lasts: tuple[Array, ...], /) -> None:
        """Repeat all calls, with the arrays of all slots at the first and at the last time."""

"""Messages between the server and its workers: a JSON head and a body of bytes, each with its length before it.

Server to worker: `open`, `attach`, `detach`, `control`, `close`, `ping`. Worker to server: `ready`, `text` and `frame`
(for the page, passed on as they are), `saved`, `failed`, `pong`. All but `ping`, `pong` and `ready` name their session.
"""

from __future__ import annotations

import json
import struct
from typing import Any, NamedTuple

LENGTHS = struct.Struct("<II")


class PipeMessage(NamedTuple):
    """One message."""

    head: dict[str, Any]
    body: bytes = b""

    def to_bytes(self) -> bytes:
        """The message as it goes through the pipe."""
        head = json.dumps(self.head, allow_nan=False).encode()
        return LENGTHS.pack(len(head), len(self.body)) + head + self.body


def read_message(head: bytes, body: bytes) -> PipeMessage:
    """The message of a head and a body that were read."""
    return PipeMessage(json.loads(head), body)

"""A websocket by hand, on a bare TCP connection: whatever bytes one likes."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from app.wire.limits import PROTOCOL
from tests.server import PATIENCE, Server

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
MASK = b"\x37\xfa\x21\x3d"
HELLO = {"type": "hello", "protocol": PROTOCOL, "link": "dataset=xor&networkShape=2&seed=0.5"}
SENTINEL = b"are you well?"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
HEADERS = {
    "Host": "localhost",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
}


class Heard(NamedTuple):
    """A frame of the server's."""

    opcode: int
    payload: bytes


def head(
    *more: str | bytes, start: str = "GET /api/v1/live HTTP/1.1", end: str = "\r\n", **changes: str | None
) -> bytes:
    """A handshake: its first line, the headers that it needs with some changed, or left out by None, and more lines."""
    headers = HEADERS | {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [start, *(f"{name}: {value}" for name, value in headers.items() if value is not None), *more, "", ""]
    return end.encode().join(line.encode("latin-1") if isinstance(line, str) else line for line in lines)


def length(size: int) -> bytes:
    """The length of a payload, as short as can be."""
    if size < 126:
        return bytes([size])
    return b"\x7e" + struct.pack("!H", size) if size < 2**16 else b"\x7f" + struct.pack("!Q", size)


def frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, mask: bytes = MASK, told: bytes | None = None
) -> bytes:
    """A frame, with reserved bits (0 to 7), another mask or none, and another length told than it has."""
    size = length(len(payload)) if told is None else told
    first = bytes([fin << 7 | rsv << 4 | opcode, size[0] | (0x80 if mask else 0)])
    return first + size[1:] + mask + (masked(payload, mask) if mask else payload)


def masked(payload: bytes, mask: bytes) -> bytes:
    """The payload under a mask."""
    size = len(payload)
    whole = int.from_bytes((mask * (size // 4 + 1))[:size], "big") ^ int.from_bytes(payload, "big")
    return whole.to_bytes(size, "big")


def text(payload: bytes, *, fin: bool = True) -> bytes:
    """A text frame."""
    return frame(TEXT, payload, fin=fin)


def more(payload: bytes, *, fin: bool = False) -> bytes:
    """A continuation."""
    return frame(CONTINUATION, payload, fin=fin)


def said(message: object) -> bytes:
    """A message as a text frame."""
    return text(json.dumps(message).encode())


class Raw:
    """A bare connection to a server."""

    def __init__(self, server: Server) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._heard = b""

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def say(self, pieces: Iterable[bytes]) -> None:
        """Send one piece after the other, as far as anybody listens."""
        with suppress(ConnectionError):  # it was hung up on meanwhile
            for piece in pieces:
                self.socket.sendall(piece)

    def end(self) -> None:
        """Say that no more will come."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)

    def _read(self, size: int) -> bytes:
        while len(self._heard) < size:
            if not (data := self.socket.recv(65_536)):
                raise EOFError
            self._heard += data
        found, self._heard = self._heard[:size], self._heard[size:]
        return found

    def response(self) -> tuple[int, bytes]:
        """The status and head of an HTTP response; 0 and nothing where it was hung up on without one."""
        found = b""
        with suppress(EOFError, ConnectionError):
            while not found.endswith(b"\r\n\r\n"):
                found += self._read(1)
            return int(found.split()[1]), found
        assert not found, found
        return 0, b""

    def hear(self) -> Heard:
        """The next frame; EOFError or ConnectionError where it was hung up on."""
        first, size = self._read(2)
        if size >= 126:
            size = int.from_bytes(self._read(2 if size == 126 else 8), "big")
        return Heard(first & 0x0F, self._read(size))

    def greet(self) -> None:
        """Open the websocket and start a session."""
        self.say([head()])
        assert self.response()[0] == 101
        self.say([said(HELLO)])
        self.answer("hello")

    def hear_pong(self) -> None:
        """Hear the answer to a ping: all before it was read."""
        while self.hear().opcode != PONG:
            pass

    def answer(self, kind: str) -> None:
        """Hear an answer of a kind."""
        while True:
            opcode, payload = self.hear()
            if opcode == TEXT and json.loads(payload)["type"] == kind:
                return

    def ending(self) -> int | None:
        """The code with which it is hung up on, 1005 where the server closes with none, None where the line is cut."""
        code = None
        with suppress(EOFError, ConnectionError):
            while True:
                opcode, payload = self.hear()
                if opcode == CLOSE:
                    code = int.from_bytes(payload[:2], "big") if payload else 1005
        return code

    def drain(self) -> None:
        """Say no more, and hear the rest."""
        self.end()
        with suppress(ConnectionError):  # what was not read is lost
            while self.socket.recv(65_536):
                pass

    def is_well(self) -> bool:
        """Whether the server still answers a ping and a control, after whatever is on its way."""
        self.say([frame(PING, SENTINEL), said({"type": "pause", "seq": 9})])
        waits = {"pong", "applied"}
        while waits:
            opcode, payload = self.hear()
            if opcode == CLOSE:
                return False
            if opcode == PONG and payload == SENTINEL:
                waits.discard("pong")
            if opcode == TEXT and json.loads(payload).get("seq") == 9:
                waits.discard("applied")
        return True

"""What may be done to an open websocket that RFC 6455 does not allow, or does, but nobody would; and how it ends."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable

from app.settings import Settings
from tests.inputs.raw import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, frame, length, more, said, text

WELL, WRONG, NOT_UTF8, TOO_BIG = 0, 1002, 1007, 1009
"""Endings: none, as the server is still well with it; and close codes."""
PLAY = b'{"type": "play"}'
KINDS = {"text": TEXT, "binary": BINARY, "ping": PING, "pong": PONG, "close": CLOSE, "continuation": CONTINUATION}
MOST = Settings().message_bytes


def compressed(data: bytes) -> bytes:
    """Data as an agreed compression would have it."""
    compressor = zlib.compressobj(wbits=-15)
    return (compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


def close(code: int, reason: bytes = b"") -> bytes:
    """A close frame."""
    return frame(CLOSE, code.to_bytes(2, "big") + reason)


def single(data: bytes) -> list[bytes]:
    """A byte at a time."""
    return [data[place : place + 1] for place in range(len(data))]


def pieces(data: bytes, size: int) -> list[bytes]:
    """A text message in fragments of so many bytes."""
    cut = [data[place : place + size] for place in range(0, len(data), size)]
    return [text(cut[0], fin=False), *map(more, cut[1:-1]), more(cut[-1], fin=True)]


Abuses = dict[str, tuple[Iterable[bytes], int]]

HEADS: Abuses = {
    **{f"an unmasked {name}": ([frame(kind, b"{}", mask=b"")], WRONG) for name, kind in KINDS.items()},
    **{f"the reserved bits {rsv:03b}": ([frame(TEXT, PLAY, rsv=rsv)], WRONG) for rsv in range(1, 8)},
    **{f"a reserved bit of a {name}": ([frame(kind, rsv=4)], WRONG) for name, kind in KINDS.items() if kind >= CLOSE},
    "a reserved bit of a continuation": ([text(b"{", fin=False), frame(CONTINUATION, b"}", rsv=4)], WRONG),
    **{f"the opcode {kind}": ([frame(kind, b"{}")], WRONG) for kind in (*range(3, 8), *range(11, 16))},
    "a mask of zeros": ([frame(TEXT, PLAY, mask=bytes(4))], WELL),
    "a mask of ones": ([frame(TEXT, PLAY, mask=b"\xff" * 4)], WELL),
}
LENGTHS: Abuses = {
    "the length 2^63": ([frame(TEXT, told=b"\x7f" + (2**63).to_bytes(8, "big"))], TOO_BIG),
    "the length 2^64 - 1": ([frame(TEXT, told=b"\x7f" + b"\xff" * 8)], TOO_BIG),
    "the length 2^63 - 1": ([frame(BINARY, told=b"\x7f" + (2**63 - 1).to_bytes(8, "big"))], TOO_BIG),
    "a terabyte": ([frame(TEXT, told=length(10**12))], TOO_BIG),
    "a ping of a terabyte": ([frame(PING, told=length(10**12))], TOO_BIG),
    "a byte more than may be": ([frame(TEXT, told=length(MOST + 1))], TOO_BIG),
    "a byte more than may be, in two fragments": (
        [text(b" " * (MOST // 2), fin=False), more(b" " * (MOST - MOST // 2 + 1), fin=True)],
        TOO_BIG,
    ),
    "fragments without an end": ([text(b" ", fin=False), *[more(b" " * 60_000)] * (MOST // 60_000 + 1)], TOO_BIG),
    "as much as may be": ([text(b" " * MOST)], WELL),
    "5 bytes told in 16 bits": ([frame(TEXT, b"[1,2]", told=b"\x7e\0\x05")], WELL),
    "5 bytes told in 64 bits": ([frame(TEXT, b"[1,2]", told=b"\x7f" + (5).to_bytes(8, "big"))], WELL),
    "nothing told in 64 bits": ([frame(BINARY, told=b"\x7f" + bytes(8))], WELL),
    **{f"a message of {size} bytes": ([text(b" " * size)], WELL) for size in (0, 1, 125, 126, 127, 65_535, 65_536)},
}
CONTROLS: Abuses = {
    **{
        f"a {name} of {size} bytes": ([frame(kind, b"x" * size)], WRONG)
        for name, kind in KINDS.items()
        for size in (126, 70_000)
        if kind >= CLOSE
    },
    **{f"a part of a {name}": ([frame(kind, fin=False)], WRONG) for name, kind in KINDS.items() if kind >= CLOSE},
    "a ping of 125 bytes that are no text": ([frame(PING, b"\xff" * 125)], WELL),
    "pings amid a message": ([text(PLAY[:5], fin=False), frame(PING), frame(PONG), more(PLAY[5:], fin=True)], WELL),
    "a thousand pongs that nobody asked for": ([frame(PONG, b"hello") * 1_000], WELL),
    "five thousand pings": ([frame(PING, b"?" * 125) * 5_000], WELL),
}
FRAGMENTS: Abuses = {
    "a continuation of nothing": ([more(PLAY, fin=True)], WRONG),
    "a continuation of nothing that goes on": ([more(PLAY)], WRONG),
    "a continuation of what has ended": ([text(PLAY), more(b"", fin=True)], WRONG),
    "a text amid a text": ([text(b"{", fin=False), text(PLAY)], WRONG),
    "a binary message amid a text": ([text(b"{", fin=False), frame(BINARY, b"}")], WRONG),
    "a text amid a binary message": ([frame(BINARY, b"{", fin=False), text(b"}")], WRONG),
    "a close amid a text": ([text(b"{", fin=False), close(1000)], WRONG),
    "bytes as fragments": (pieces(PLAY, 1), WELL),
    "ten thousand fragments": (pieces(PLAY + b" " * 10_000, 1), WELL),
    "ten thousand fragments of nothing": ([text(PLAY, fin=False), more(b"") * 10_000, more(b"", fin=True)], WELL),
    "frames a byte at a time": (single(text(PLAY) + frame(PING) + text(b"[]")), WELL),
    "a hundred frames at once": ([text(PLAY) * 100], WELL),
}
NOT_TEXT = {
    "a slash in two bytes": b"\xc0\xaf",
    "a slash in three bytes": b"\xe0\x80\xaf",
    "a slash in four bytes": b"\xf0\x80\x80\xaf",
    "a zero in two bytes": b"\xc0\x80",
    "a high surrogate": b"\xed\xa0\x80",
    "a low surrogate": b"\xed\xbf\xbf",
    "a pair of surrogates": b"\xed\xa0\xbd\xed\xb8\x80",
    "a character beyond all": b"\xf4\x90\x80\x80",
    "a first byte of more than four": b"\xf5\x80\x80\x80",
    "five bytes": b"\xf8\x88\x80\x80\x80",
    "six bytes": b"\xfc\x84\x80\x80\x80\x80",
    "FE": b"\xfe",
    "FF": b"\xff",
    "a second byte alone": b"\x80",
    "one byte of two": b"\xc3",
    "two bytes of three": b"\xe2\x82",
    "three bytes of four": b"\xf0\x9f\xa6",
    "Latin 1": "naïve".encode("latin-1"),
    "UTF-16": "play".encode("utf-16"),
    "compressed text": compressed(PLAY * 9),
}
DUCK = '{"type": "🦆"}'.encode()
TEXTS: Abuses = {
    **{f"as text {name}": ([text(b'"' + data + b'"')], NOT_UTF8) for name, data in NOT_TEXT.items()},
    "as text half a character at the end": ([text(b'"\xf0\x9f')], NOT_UTF8),
    "half a character, and then another message": ([text(b'"\xf0\x9f', fin=False), more(b'"', fin=True)], NOT_UTF8),
    "characters cut across fragments": (pieces(DUCK, 1), WELL),
    "a byte order mark": ([text(b"\xef\xbb\xbf" + PLAY)], WELL),
    "zeros": ([text(bytes(100))], WELL),
    "bytes that are no text, and are not said to be": ([frame(BINARY, b"\xff\xfe\x80")], WELL),
}
CLOSES: Abuses = {
    **{
        f"closes with {code}": ([close(code)], WRONG)
        for code in (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)
    },
    **{f"closes with {code}, as it may": ([close(code, b"bye")], code) for code in (1000, 1001, 1003, 3000, 4999)},
    "closes with a byte": ([frame(CLOSE, b"\x03")], WRONG),
    "closes without a code": ([frame(CLOSE)], 1005),
    "closes with a reason that is no text": ([close(1000, b"\xff")], NOT_UTF8),
    "closes with a reason that ends within a character": ([close(1000, b"\xe2\x82")], NOT_UTF8),
    "closes with the longest reason": ([close(1000, b"x" * 123)], 1000),
    "speaks after it closed": ([close(1000) + text(PLAY) * 50], 1000),
    "pings after it closed": ([close(1000) + frame(PING) * 50], 1000),
    "breaks the rules after it closed": ([close(1000) + b"\xff" * 1_000], 1000),
    "closes twice": ([close(1000) + close(1001)], 1000),
    "closes by a byte at a time": (single(close(1000, b"slowly")), 1000),
}
COMPRESSED: Abuses = {
    "compressed without an agreement": ([frame(TEXT, compressed(PLAY), rsv=4)], WRONG),
    "a bomb of 100 MB, compressed": ([frame(TEXT, compressed(bytes(100_000_000)), rsv=4)], WRONG),
    "a bomb in fragments": ([frame(TEXT, compressed(bytes(10_000_000)), rsv=4, fin=False), more(b"", fin=True)], WRONG),
    "garbage, said to be compressed": ([frame(BINARY, random.Random(0).randbytes(1_000), rsv=4)], WRONG),
    "a bomb that is not said to be compressed": ([frame(BINARY, compressed(bytes(10_000_000)))], WELL),
    "a gzip file": ([frame(BINARY, zlib.compress(PLAY, wbits=31))], WELL),
}
PROTOCOL: Abuses = {
    "HTTP on the websocket": ([b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"], WRONG),
    "a second handshake": ([b"GET /api/v1/live HTTP/1.1\r\n\r\n"], WRONG),
    "noise": ([bytes(range(255, 55, -1))], WRONG),
    "a second hello": ([said({"type": "hello", "protocol": 1})], WELL),
    "two thousand empty messages": ([text(b"") * 2_000], WELL),
}
ABUSES: Abuses = HEADS | LENGTHS | CONTROLS | FRAGMENTS | TEXTS | CLOSES | COMPRESSED | PROTOCOL

UNFINISHED: dict[str, bytes] = {
    "nothing": b"",
    "half a header": b"\x81",
    "half a length": b"\x81\xfe\x01",
    "half a long length": b"\x81\xff\0\0\0\0",
    "no mask": b"\x81\x85",
    "half a mask": b"\x81\x85\x01\x02",
    "half a payload": frame(TEXT, PLAY)[:-5],
    "half a message": text(b"{", fin=False),
    "half a ping": frame(PING, b"hello")[:-1],
    "half a close": close(1000)[:-1],
    "half of a megabyte": text(b" " * 1_000_000)[:500_000],
}
"""Where a line may end."""

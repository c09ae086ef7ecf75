"""Handshakes and requests as nobody should make them, and the statuses that they are answered by."""

from __future__ import annotations

import re

from tests.inputs.raw import KEY, head

OPEN, SILENT = 101, 0
"""A websocket; hung up on without a word."""

Handshakes = dict[str, tuple[bytes, int]]

LINES: Handshakes = {
    **{f"the method {method}": (head(start=f"{method} /api/v1/live HTTP/1.1"), 405)
       for method in ("POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "get", "BREW")},
    "no method": (head(start="/api/v1/live HTTP/1.1"), 400),
    "no version of HTTP": (head(start="GET /api/v1/live"), 400),
    "no address": (head(start="GET HTTP/1.1"), 400),
    "HTTP/1.0": (head(start="GET /api/v1/live HTTP/1.0"), 400),
    "HTTP/2.0": (head(start="GET /api/v1/live HTTP/2.0"), 400),
    "HTTP/9.9": (head(start="GET /api/v1/live HTTP/9.9"), 400),
    "HTTP/1.10": (head(start="GET /api/v1/live HTTP/1.10"), 400),
    "HTPP": (head(start="GET /api/v1/live HTPP/1.1"), 400),
    "two blanks": (head(start="GET  /api/v1/live HTTP/1.1"), 400),
    "a tab": (head(start="GET\t/api/v1/live HTTP/1.1"), 400),
    "an address that is no text": (head(b"", start="GET /api/v1/l\xefve HTTP/1.1"), 400),
    "an address with a zero": (head(start="GET /api/v1/live\0 HTTP/1.1"), 400),
    "another address": (head(start="GET /api/v1/lives HTTP/1.1"), 403),
    "the page's address": (head(start="GET / HTTP/1.1"), 403),
    "a way up": (head(start="GET /api/v1/../../etc/passwd HTTP/1.1"), 403),
    "a zero in writing": (head(start="GET /api/v1/live%00 HTTP/1.1"), 403),
    "bytes that are no text in writing": (head(start="GET /api/v1/live%ff%fe HTTP/1.1"), 403),
    "a star": (head(start="GET * HTTP/1.1"), 403),
    "a long address": (head(start=f"GET /api/v1/live?{9_000 * 'x'} HTTP/1.1"), 414),
    "the beginning of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "the beginning of TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100) + b"\r\n\r\n", 400),
    "noise behind a request": (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + bytes(range(256)) * 9, 200),
    "a frame behind the handshake": (head() + b"\x89\x80\0\0\0\0", OPEN),
    "zeros": (bytes(10_000) + b"\r\n\r\n", 400),
    "a frame": (b"\x81\x85\x01\x02\x03\x04hello\r\n\r\n", 400),
    "a page's frame in JSON": (b'{"type": "hello"}\r\n\r\n', 400),
}  # fmt: skip
HEADERS: Handshakes = {
    **{f"the version {version}": (head(Sec_WebSocket_Version=version), 400)
       for version in ("", "0", "8", "12", "14", "13, 8", "013", "13.0", "-13", "thirteen", "99999999999999999999")},
    "no version": (head(Sec_WebSocket_Version=None), 400),
    "two versions": (head("Sec-WebSocket-Version: 13"), 400),
    **{f"the key {key[:20]!r}": (head(Sec_WebSocket_Key=key), 400)
       for key in ("", "AAAA", KEY + KEY, KEY[:-2], "!" * 24, "dGhlIHNhb XBsZSBub25jZQ==", "\xff" * 24, "x" * 8_000)},
    "no key": (head(Sec_WebSocket_Key=None), 400),
    "two keys": (head(f"Sec-WebSocket-Key: {KEY}"), 400),
    "no upgrade": (head(Upgrade=None), 404),
    "an upgrade to HTTP/2": (head(Upgrade="h2c"), 404),
    "an upgrade to two": (head(Upgrade="websocket, h2c"), 404),
    "two upgrades": (head("Upgrade: websocket"), 426),
    "no connection": (head(Connection=None), 404),
    "a connection that closes": (head(Connection="close"), 404),
    "a connection without sense": (head(Connection=";;;"), 404),
    "a connection of little sense": (head(Connection="Upgrade, ;"), 400),
    "no host": (head(Host=None), 400),
    "two hosts": (head("Host: localhost"), 400),
    "another host": (head(Host="example.com"), 400),
    "a host without sense": (head(Host="["), 400),
    "a page from elsewhere": (head("Origin: http://example.com"), 403),
    "a page from nowhere": (head("Origin: null"), 403),
    "a page from [": (head("Origin: http://["), 403),
    "two origins": (head("Origin: http://localhost", "Origin: http://example.com"), 400),
    "extensions without sense": (head("Sec-WebSocket-Extensions: ;;==,,"), OPEN),
    "compression, which is not agreed on": (head("Sec-WebSocket-Extensions: permessage-deflate"), OPEN),
    "a subprotocol that nobody knows": (head("Sec-WebSocket-Protocol: chat"), OPEN),
    "subprotocols without sense": (head("Sec-WebSocket-Protocol: ,,;/, ,"), 400),
    "a subprotocol that is no text": (head("Sec-WebSocket-Protocol: caf\xe9"), 400),
    "a ticket that nobody has": (head("Sec-WebSocket-Protocol: ticket." + "x" * 5_000), OPEN),
    "a session that nobody has": (head("Sec-WebSocket-Protocol: session.\xff, session."), 400),
    "a hundred subprotocols": (head("Sec-WebSocket-Protocol: " + ", ".join(f"chat{n}" for n in range(100))), OPEN),
    "a body": (head("Content-Length: 5") + b"hello", 400),
    "no body, in so many words": (head("Content-Length: 0"), OPEN),
    "a body in chunks": (head("Transfer-Encoding: chunked") + b"5\r\nhello\r\n0\r\n\r\n", 400),
    "two lengths": (head("Content-Length: 5", "Content-Length: 6") + b"hello!", 400),
    "a length below nothing": (head("Content-Length: -5"), 400),
    "a length beyond all": (head(f"Content-Length: {10**40}"), 400),
    "a coding that nobody knows": (head("Transfer-Encoding: gzip, chunked"), 400),
    "Expect": (head("Expect: 100-continue"), OPEN),
    "a header without a name": (head(": x"), 400),
    "a header without a colon": (head("nonsense"), 400),
    "a blank before the colon": (head("X-Thing : x"), 400),
    "a header over two lines": (head("X-Thing: x\r\n  and more"), OPEN),
    "a zero in a header": (head("X-Thing: \0"), 400),
    "a return in a header": (head("X-Thing: a\rb"), 400),
    "a header that is no text": (head("X-Thing: \xff\xfe"), OPEN),
    "a header's name that is no text": (head("X-Th\xefng: x"), 400),
    "a long header": (head(f"X-Thing: {9_000 * 'x'}"), 431),
    "a very long header": (head(f"X-Thing: {2_000_000 * 'x'}"), 400),
    "two hundred headers": (head(*(f"X-{n}: x" for n in range(200))), 431),
    "a header ten thousand times": (head(*["X-Thing: x"] * 10_000), 431),
    "lines that end like those of Unix": (head(end="\n"), OPEN),
}  # fmt: skip
HANDSHAKES: Handshakes = {**LINES, **HEADERS}

WHOLE = head()
UNFINISHED: dict[str, bytes] = {
    "nothing": b"",
    "an empty line": b"\r\n",
    "a letter": b"G",
    **{
        f"all up to {match.group()!r}": WHOLE[: match.start()]
        for match in re.finditer(rb"HTTP|Host|13|==|\r\n$", WHOLE)
    },
}
"""Where a handshake may end."""

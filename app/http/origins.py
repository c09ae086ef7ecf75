"""Checks of Host and Origin: the server's own pages and programs may talk to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from ipaddress import ip_address

from prometheus_client import Counter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.problem_json import RefusedError
from engine.errors import Problem, shown

HOST = re.compile(r"(?:\[([\da-f:.]+)\]|([^\s:@/?#\[\]]+))(?::\d+)?", re.IGNORECASE)
"""The header: an IPv6 address in brackets, or another name or address, and a port."""


def same_origin(headers: Headers) -> bool:
    """Whether a request comes from a page of ours, or from a program, which names no origin."""
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


class SameOriginOnly:
    """Refuses requests that other people's pages make in the name of a visitor, but for reading."""

    def __init__(self, app: ASGIApp, refusals: Counter) -> None:
        self.app, self._refusals = app, refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reads = scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS")
        if reads or same_origin(headers := Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        self._refusals.labels("origin").inc()
        problem = Problem("Origin", f"a page of {headers.get('host')}", headers["origin"])
        await RefusedError(403, problem).answer()(scope, receive, send)


class KnownHostsOnly:
    """Refuses requests and websockets by names that the server does not go by: somebody else's name may lead here
    too, and a browser would take their pages and ours for the same (DNS rebinding). An address cannot be led
    elsewhere, so a server that listens at all of them may be called by any. The framework's refusal has no sentence."""

    def __init__(self, app: ASGIApp, names: Sequence[str], any_address: bool, refusals: Counter) -> None:
        self.app, self._any_address, self._refusals = app, any_address, refusals
        self._names = [name.lower().strip("[]") for name in names]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = Headers(scope=scope).get("host", "") if scope["type"] in ("http", "websocket") else None
        if host is None or self._knows(host):
            await self.app(scope, receive, send)
            return
        self._refusals.labels("host").inc()
        known = [*self._names, *(["an address"] if self._any_address else [])]
        problem = Problem("Host", f"one of {', '.join(known)} (PLAYGROUND_ALLOWED_HOSTS adds names)", shown(host))
        await RefusedError(400, problem).answer()(scope, receive, send)

    def _knows(self, host: str) -> bool:
        found = HOST.fullmatch(host)
        name = (found[1] or found[2]).lower() if found else ""
        return any(fnmatchcase(name, known) for known in self._names) or (self._any_address and _is_address(name))


def _is_address(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return False

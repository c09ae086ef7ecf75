"""Rate limits for an address and for a page."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from prometheus_client import Counter
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.problem_json import RefusedError
from engine.errors import Problem

BURST = 20
"""An address may ask for so many seconds' worth of requests at once, as thirty pages do that are opened together."""
LIMITED = ("/api/", "/readyz", "/metrics")
KNOWN = 1_000
"""Addresses that are remembered before those that have asked for nothing lately are forgotten."""
SITE_BITS = 64
"""The part of an IPv6 address that a provider gives to one site."""

Clock = Callable[[], float]


class Bucket:
    """Tokens that come at a rate, up to a number that may be taken at once (a token bucket, Turner, 1986)."""

    def __init__(self, rate: float, most: float, now: float) -> None:
        self._rate, self._most, self._level, self._at = rate, most, most, now

    def wait(self, now: float) -> float:
        """Take a token; gives the seconds until it is available, 0 where it is at once. A caller that waits owes it."""
        self._refill(now)
        self._level -= 1
        return max(0.0, -self._level / self._rate)

    def take(self, now: float) -> float:
        """Take a token if there is one: 0, or else the seconds until there will be."""
        self._refill(now)
        if self._level < 1:
            return (1 - self._level) / self._rate
        self._level -= 1
        return 0.0

    def is_full(self, now: float) -> bool:
        """Whether nothing was taken lately."""
        self._refill(now)
        return self._level >= self._most

    def _refill(self, now: float) -> None:
        self._level = min(self._most, self._level + (now - self._at) * self._rate)
        self._at = now


def site(scope: Scope) -> str:
    """Where a request comes from: an IPv4 address, or the site of an IPv6 address."""
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return str(IPv6Address(int(address) >> (128 - SITE_BITS) << (128 - SITE_BITS)))
    return str(getattr(address, "ipv4_mapped", None) or address)


class RateLimit:
    """Refuses requests to the HTTP API of an address that asks for too many."""

    def __init__(self, app: ASGIApp, rate: float, refusals: Counter, clock: Clock = time.monotonic) -> None:
        self.app, self._rate, self._refusals, self._clock = app, rate, refusals, clock
        self._buckets: dict[str, Bucket] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limited = scope["type"] == "http" and scope["path"].startswith(LIMITED)
        wait = self._wait(site(scope)) if limited else 0.0
        if not wait:
            await self.app(scope, receive, send)
            return
        self._refusals.labels("rate").inc()
        problem = Problem("requests", f"at most {self._rate:g} a second from one address", "more")
        refusal = RefusedError(429, problem, headers={"Retry-After": str(math.ceil(wait))})
        await refusal.answer()(scope, receive, send)

    def _wait(self, address: str) -> float:
        now = self._clock()
        if len(self._buckets) > KNOWN:
            self._buckets = {site: bucket for site, bucket in self._buckets.items() if not bucket.is_full(now)}
        bucket = self._buckets.setdefault(address, Bucket(self._rate, BURST * self._rate, now))
        return bucket.take(now)

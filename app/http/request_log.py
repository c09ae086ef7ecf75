"""The request log: an id for every request, and a line when it has ended."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.problem_json import RefusedError
from app.logs import request_facts

log = logging.getLogger("app.access")

HEADER = "X-Request-ID"
VALID_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
MAX_PATH = 200
STARTS = ("http.response.start", "websocket.accept", "websocket.http.response.start")


class RequestLog:
    """Gives every request an id, which its answer and all lines about it carry, and writes a line when it has ended.

    What a route did not expect is answered with 500 and that id, and told in one line.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0
        facts = _of(scope)
        request_facts.set(facts)

        async def with_id(message: Message) -> None:
            nonlocal status
            if message["type"] in STARTS:
                status = message.get("status", 101)
                MutableHeaders(raw=message.setdefault("headers", [])).append(HEADER, facts["request"])
            elif message["type"] == "websocket.close":
                status = status or 403
            await send(message)

        try:
            await self.app(scope, receive, with_id)
        except Exception:
            if status or scope["type"] != "http":
                raise  # it is too late for another answer: the server closes the connection, and tells of it
            log.exception("a request failed")
            await _failure(facts["request"])(scope, receive, with_id)
        finally:
            milliseconds = round((time.perf_counter() - began) * 1000, 1)
            log.info("request", extra={"status": status or None, "milliseconds": milliseconds})


def _of(scope: Scope) -> dict[str, Any]:
    given = Headers(scope=scope).get(HEADER, "")
    return {
        "request": given if VALID_ID.fullmatch(given) else secrets.token_hex(8),
        "method": scope.get("method", "WEBSOCKET"),
        "path": scope["path"][:MAX_PATH],
        "address": (scope.get("client") or ("",))[0],
    }


def _failure(request: str) -> ASGIApp:
    sentence = f"Something went wrong that nobody expected; the server's log tells more, under {request}."
    return RefusedError(500, detail=sentence).answer()

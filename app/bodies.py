"""Bodies of requests: no larger than they may be."""

from __future__ import annotations

from fastapi import HTTPException, Request
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problem_json import RefusedError
from engine.problems import Problem


class BodyLimit:
    """Refuses bodies that are larger than any may be. The framework's own limit answers without a problem document."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = 0

        async def measured() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b"")) if message["type"] == "http.request" else 0
            if size > self.most:
                raise HTTPException(413)
            return message

        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif _told_length(scope) > self.most:
            refusal = RefusedError(413, Problem("body", f"at most {self.most:,} bytes", "more"))
            await refusal.answer()(scope, receive, send)
        else:
            await self.app(scope, measured, send)


def _told_length(scope: Scope) -> int:
    """What a request says of its body."""
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdecimal() else 0


async def whole_body(request: Request, most: int) -> bytes:
    """The whole body, of so many bytes at most; what comes after them is not kept."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise RefusedError(413, Problem("body", f"at most {most:,} bytes", "more"))
    except ClientDisconnect:
        raise RefusedError(400, Problem("body", "a whole body", "a part of it")) from None
    return bytes(body)

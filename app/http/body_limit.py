"""The size limit of request bodies."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from fastapi import HTTPException, Request
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.problem_json import RefusedError
from engine.errors import Problem


class BodyLimit:
    """Refuses bodies that are larger than any may be, or do not come in time: JSON is read by the event loop, which
    nothing may hold up. Some addresses take files, which may be larger. The framework's own limit answers without a
    problem document."""

    def __init__(self, app: ASGIApp, most: int, files: Mapping[str, int], seconds: float) -> None:
        self.app, self._most, self._files, self._seconds = app, most, files, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size, whole, deadline = 0, False, asyncio.get_running_loop().time() + self._seconds
        most = max(self._most, self._files.get(scope.get("path", ""), 0))

        async def measured() -> Message:
            nonlocal size, whole
            try:
                async with asyncio.timeout_at(None if whole else deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, headers={"Connection": "close"}) from None
            size += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if size > most:
                raise HTTPException(413)
            return message

        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif _declared_length(scope) > most:
            refusal = RefusedError(413, Problem("body", f"at most {most:,} bytes", "more"))
            await refusal.answer()(scope, receive, send)
        else:
            await self.app(scope, measured, send)


def _declared_length(scope: Scope) -> int:
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

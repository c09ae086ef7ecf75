"""HEAD requests: the headers of the corresponding GET, for monitors."""

from __future__ import annotations

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadRequests:
    """Answers HEAD as GET would be answered, without the body. The framework's routes do not by themselves."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        begun = False

        async def head_alone(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                await send(message)
                begun = True
                await send({"type": "http.response.body"})
            elif message.get("more_body"):
                raise OSError("the headers are the whole answer")  # a stream of events would never end

        try:
            await self.app({**scope, "method": "GET"}, receive, head_alone)
        except (OSError, ClientDisconnect):
            if not begun:
                raise

"""The server: one FastAPI application that serves the page, its files and the live sessions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal
from urllib.parse import urlsplit

from fastapi import FastAPI, Response, WebSocket
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import pages, points, tutorials
from app.live import Sessions, converse
from app.pool import Pool
from app.settings import Settings

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Health(BaseModel):
    """Whether the server can serve."""

    status: Literal["ok", "starting"]


class SecurityHeaders:
    """Adds the headers that keep a page to itself to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] += [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def same_origin(socket: WebSocket) -> bool:
    """Whether a websocket was opened by our own page, or by a program, which names no origin."""
    origin = socket.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == socket.headers.get("host")
    except ValueError:  # no address at all
        return False


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, with the settings given or those of the environment."""
    settings = settings or Settings()
    pool = Pool(settings)
    sessions = Sessions(settings, pool)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        started = asyncio.Event()
        running = asyncio.create_task(pool.run(started.set))
        await asyncio.to_thread(pages.prepare)  # the workers start at the same time
        await started.wait()
        yield
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    app = FastAPI(title="Playground", version="1", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.hosts)
    app.add_middleware(SecurityHeaders)  # the outermost, so that refusals have them too
    app.include_router(pages.router)
    app.include_router(points.router)
    app.include_router(tutorials.router)
    app.mount("/documentation", pages.documentation_files)

    @app.get("/healthz")
    async def healthz() -> Health:
        """Whether the server process answers."""
        return Health(status="ok")

    @app.get("/readyz", responses={503: {"model": Health}})
    async def readyz(response: Response) -> Health:
        """Whether every worker process can train."""
        if pool.alive:
            return Health(status="ok")
        response.status_code = 503
        return Health(status="starting")

    @app.websocket("/api/v1/live")
    async def live(socket: WebSocket) -> None:
        if same_origin(socket):
            await converse(socket, sessions, settings)
        else:
            await socket.close(1008, "expected a page of this server")

    return app

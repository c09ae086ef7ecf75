"""The server: one FastAPI application that serves the page, its files and the live sessions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import artifacts, executors, health, live, pages, points, reference, runs, sessions, sweeps, tutorials
from app.live import Sessions
from app.pool import Pool
from app.problem_json import answer_with_problems
from app.runner import Runner
from app.settings import Settings
from app.store import Store

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


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


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The worker processes and the runner, for as long as the server serves."""
    pool: Pool = app.state.pool
    started = asyncio.Event()
    running = [asyncio.create_task(pool.run(started.set)), asyncio.create_task(app.state.runner.run())]
    await asyncio.to_thread(pages.prepare)  # the workers start at the same time
    await started.wait()
    yield
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, with the settings given or those of the environment; StoreError where runs cannot be kept."""
    settings = settings or Settings()
    app = FastAPI(
        title="Playground",
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        max_body_size=settings.body_bytes,
    )
    app.state.settings = settings
    app.state.pool = Pool(settings)
    app.state.sessions = Sessions(settings, app.state.pool)
    app.state.runner = Runner(Store(settings.data / "runs.sqlite3"), executors.starter(settings))
    answer_with_problems(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.hosts)
    app.add_middleware(SecurityHeaders)  # the outermost, so that refusals have them too
    for part in (pages, health, live, points, tutorials, runs, artifacts, sweeps, sessions, reference):
        app.include_router(part.router)
    app.mount("/documentation", pages.documentation_files)
    return app

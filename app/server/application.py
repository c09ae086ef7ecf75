"""The server: one FastAPI application that serves the page, its files and the live sessions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from app.api import health, images, metrics, models, points, reference, results, runs, sessions, sweeps, waiting_list
from app.api.dependencies import answer_without_store
from app.exports.files.model_reader import MAX_CONTENT
from app.http.body_limit import BodyLimit
from app.http.head_requests import HeadRequests
from app.http.origins import KnownHostsOnly, SameOriginOnly
from app.http.problem_json import answer_with_problems
from app.http.rate_limit import RateLimit
from app.http.request_log import RequestLog
from app.http.security_headers import SecurityHeaders
from app.http.undeclared import refuse_undeclared
from app.lessons import all_lessons
from app.lessons import routes as lessons
from app.metrics import Metrics, measure_loop_lag
from app.page import routes as pages
from app.page import sweeps as sweep_pages
from app.page import templates
from app.runs import executors, retention
from app.runs.runner import Runner
from app.server.openapi import DocumentedAPI
from app.sessions import endpoint
from app.sessions.registry import SessionRegistry
from app.sessions.worker_pool import WorkerError, WorkerPool
from app.settings import Settings
from app.store.owners import SERVER, Owner
from app.store.store import Store
from app.tabular.formats import MAX_BYTES

PARTS = (
    *(pages, health, metrics, endpoint, waiting_list, sessions, points, lessons),
    *(runs, results, models, sweeps, sweep_pages, reference, images),
)
"""The modules whose routes make the application."""
FILES = {"/api/v1/points": MAX_BYTES, "/api/v1/models": MAX_CONTENT}
"""Addresses that take files, and the bytes that these may have."""


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The runner, and the worker processes of live pages, for as long as the server serves."""
    running = [asyncio.create_task(app.state.runner.run()), asyncio.create_task(measure_loop_lag(app.state.metrics))]
    if app.state.live:
        if policy := retention.policy_of(app.state.settings):
            running.append(asyncio.create_task(retention.prune(app.state.runner, policy)))
        running.append(asyncio.create_task(_pool(app)))
        await asyncio.to_thread(templates.prepare)  # the workers start at the same time
        await app.state.begun.wait()
    yield
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def _pool(app: FastAPI) -> None:
    """The worker processes; where none come up the server has begun too, to end at once."""
    pool: WorkerPool = app.state.pool
    try:
        await pool.run(app.state.begun.set)
    except WorkerError as error:
        app.state.failure = error
        app.state.begun.set()


def create_app(settings: Settings | None = None, *, live: bool = True, owner: Owner | None = SERVER) -> FastAPI:
    """The application, with the settings given or those of the environment; StoreError where runs cannot be kept,
    ValueError where the folder of lessons is not as it should be.

    Where it is not live no process is started for pages, and no page can train.
    """
    settings = settings or Settings()
    app = DocumentedAPI(
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        dependencies=[Depends(refuse_undeclared)],
    )
    app.state.settings, app.state.live = settings, live
    app.state.begun = asyncio.Event()
    """Set once pages can train, or the server is told to end before that."""
    app.state.failure = None
    """Why no page can train."""
    app.state.lessons = all_lessons(settings.lessons)
    app.state.metrics = counts = Metrics()
    app.state.pool = WorkerPool(settings, counts)
    app.state.sessions = SessionRegistry(settings, app.state.pool, counts)
    app.state.runner = Runner(Store(settings.store, owner), executors.starter(settings, live=live))
    answer_with_problems(app, sweep_pages.missing)
    answer_without_store(app)
    app.add_middleware(BodyLimit, most=settings.body_bytes, files=FILES, seconds=settings.body_seconds)
    app.add_middleware(SameOriginOnly, refusals=counts.refusals)
    app.add_middleware(RateLimit, rate=settings.requests_per_second, refusals=counts.refusals)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(KnownHostsOnly, names=settings.names, any_address=settings.everywhere, refusals=counts.refusals)
    app.add_middleware(HeadRequests)
    app.add_middleware(RequestLog)
    app.add_middleware(SecurityHeaders)  # the outermost, so that refusals have them too
    for part in PARTS:
        app.include_router(part.router)
    app.mount("/documentation", pages.documentation_files)
    app.mount("/guide", pages.guide_files)
    return app

"""The pages and their files: the playground, the API's documentation, health."""

from __future__ import annotations

from pathlib import Path

import fastapi_offline
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from app.page.assets import PACKAGE, compressed, digest, files
from app.page.sweeps import page as sweep_page
from app.page.templates import page

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


documentation_files = StaticFiles(directory=Path(fastapi_offline.__file__).parent / "static")
guide_files = StaticFiles(directory=PACKAGE / "guide", html=True, check_dir=False)
"""The documentation as a site, which is built there when the package is installed."""


def _fresh(template: str) -> HTMLResponse:
    return HTMLResponse(page(template), headers={"Cache-Control": "no-cache"})


@router.get("/")
async def playground() -> HTMLResponse:
    """The page."""
    return _fresh("playground.html")


@router.get("/docs")
async def documentation() -> HTMLResponse:
    """The API's documentation, from files of this machine alone."""
    return sweep_page("docs.html")


@router.get("/static/{version}/{path:path}")
async def static(version: str, path: str, request: Request) -> Response:
    """A file of the page, to be kept for good: its address changes with its content."""
    content = files().get(path) if version == digest() else None
    if content is None:
        raise HTTPException(404)
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = compressed()[path], "gzip"
    return Response(content, media_type=TYPES[Path(path).suffix], headers=headers)


@router.get("/favicon.ico")
async def favicon(request: Request) -> Response:
    """The icon, for those who ask at its old place."""
    return await static(digest(), "icon.svg", request)

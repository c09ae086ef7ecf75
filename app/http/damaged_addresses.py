"""Redirects for links whose `#` was lost or encoded, so that the browser asked the server for them."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from engine import find_link


def page_of(request: Request) -> Response | None:
    """The way to the page with the link that an address is, where there is nothing else; None where it is none."""
    path, query = str(request.scope["path"]), request.url.query
    if request.method not in ("GET", "HEAD") or path.startswith("/api/") or find_link(path) is None:
        return None
    return RedirectResponse(f"/#{find_link(f'{path}?{query}' if query else path)}", 302)

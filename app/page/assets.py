"""Static files of the page: where they are, and the digests in their addresses, so that they can be cached for good."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

from app.page.bundle import joined

PACKAGE = Path(__file__).parents[1]
STYLES = (
    "styles/base",
    "page/opening",
    "chart/chart",
    "styles/compact",
    "controls/data",
    "styles/dialog",
    "controls/explain",
    "gallery/gallery",
    "styles/header",
    "page/help",
    "inspector/inspector",
    "controls/knobs",
    "lessons/lessons",
    "wire/waitinglist",
    "draw/look",
    "network/network",
    "plane/output",
    "owndata/owndata",
    "page/runnumbers",
    "styles/screens",
    "controls/settings",
    "page/share",
)
"""The playground's style sheets in the order of the cascade: each stands beside the scripts that it belongs to."""
SWEEP_STYLES = ("styles/base", "controls/explain", "draw/look", "sweeps/sweeps")
"""Those of the pages about sweeps."""


def _folder(name: str) -> Path:
    """A folder inside the installed package, or beside it in a checkout."""
    installed = PACKAGE / name
    return installed if installed.is_dir() else PACKAGE.parent / name


STATIC = _folder("static")
TEMPLATES = _folder("templates")


@cache
def files() -> dict[str, bytes]:
    """All static files by their names: few and small, so they are served from memory.

    Beside them are `style.css`, all style sheets, and `page.js`, all modules of the page, so that each is one request;
    `sweep.css` and `sweep.page.js` are those of the pages about sweeps, `images.css` and `images/` those of runs with
    images, which are loaded when there is one.
    """
    paths = sorted(path for path in STATIC.rglob("*") if path.is_file())
    found = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in paths}
    modules = {name.removesuffix(".js"): script.decode() for name, script in found.items() if name.endswith(".js")}
    return {name: content for name, content in found.items() if not name.endswith(".css")} | {
        "images.css": found["images/images.css"],
        "style.css": b"\n".join(found[f"{name}.css"] for name in STYLES),
        "page.js": joined(modules, "main").encode(),
        "sweep.css": b"\n".join(found[f"{name}.css"] for name in SWEEP_STYLES),
        "sweep.page.js": joined(modules, "sweeps/main").encode(),
    }


@cache
def compressed() -> dict[str, bytes]:
    """The same files compressed, once for all requests."""
    return {name: gzip.compress(content) for name, content in files().items()}


@cache
def digest() -> str:
    """A short hash of all static files: it changes when any of them does."""
    total = hashlib.sha256()
    for name, content in files().items():
        total.update(name.encode() + b"\0" + content)
    return total.hexdigest()[:12]

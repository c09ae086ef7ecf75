"""The page's files: where they are, and the digest that their addresses carry, so that they can be cached for good."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

from app.modules import joined

PACKAGE = Path(__file__).parent
SHARED_STYLES = ("base", "explain", "look")
"""Style sheets of the playground that the pages about sweeps have too."""


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
    `sweep.css` and `sweep.page.js` are those of the pages about sweeps.
    """
    paths = sorted(path for path in STATIC.iterdir() if path.is_file())
    modules = {path.stem: path.read_text() for path in paths if path.suffix == ".js"}
    styles = {path.stem: path.read_bytes() for path in sorted(STATIC.joinpath("styles").iterdir())}
    sweeps = [name for name in styles if name.startswith("sweep")]
    return {path.name: path.read_bytes() for path in paths} | {
        "style.css": b"\n".join(style for name, style in styles.items() if name not in sweeps),
        "page.js": joined(modules, "main").encode(),
        "sweep.css": b"\n".join(styles[name] for name in (*SHARED_STYLES, *sweeps)),
        "sweep.page.js": joined(modules, "sweep").encode(),
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

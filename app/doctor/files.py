"""Checks of the files that a server reads and writes: the run store, lessons."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.doctor.finding import Check, Finding, ok, problem, warning

if TYPE_CHECKING:
    from app.settings import Settings

LITTLE_ROOM = 200_000_000
"""Bytes on the disk of the run store; a run with its losses takes about 50,000."""


def checks(settings: Settings) -> dict[str, Check]:
    """All that is looked at here, by what it is about."""
    return {"store": partial(store, settings), "lessons": partial(lessons, settings)}


def store(settings: Settings) -> Iterator[Finding]:
    """Whether runs can be kept; nothing is changed but for a file that is there for a moment."""
    from app.store.database import LOCKED, StoreError, examine

    path = settings.store
    try:
        room = _room(settings.data)
    except OSError as error:
        yield problem(
            "store", f"{settings.data} cannot be written ({error.strerror}): set PLAYGROUND_DATA to a folder that can."
        )
        return
    try:
        if path.exists():
            examine(path)
    except StoreError as error:
        yield problem("store", str(error))
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in LOCKED:
            yield problem("store", f"Another program has {path} for itself: end it, and no server has to wait.")
        else:
            yield problem("store", f"{path} cannot be read: {error}.")
    else:
        if path.exists() and not os.access(path, os.W_OK):
            yield problem("store", f"{path} cannot be written: give it to the user who runs the server.")
        else:
            yield ok("store", f"{path} {'is whole' if path.exists() else 'will be made'} and can be written.")
    if room < LITTLE_ROOM:
        yield warning("store", f"Only {room / 1e6:,.0f} MB are free for {settings.data}: make room.")


def _room(folder: Path) -> int:
    """How many bytes a folder has room for, or the one in which it will be made; OSError where it cannot be written."""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    with tempfile.TemporaryFile(dir=there) as file:
        file.write(b"x")
        file.flush()
    return shutil.disk_usage(there).free


def lessons(settings: Settings) -> Iterator[Finding]:
    """Whether the lessons are as they should be."""
    from app.lessons import all_lessons

    try:
        count = len(all_lessons(settings.lessons))
    except ValueError as error:
        yield problem("lessons", str(error))
    else:
        yield ok(
            "lessons", f"{count} lessons{f', those of {settings.lessons} among them' if settings.lessons else ''}."
        )

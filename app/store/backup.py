"""A copy of the run store's file, made while others read and write it."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from app.store.database import StoreError, examine


def backup(store: Path, target: Path, *, replace: bool = False) -> None:
    """Copy all runs as they are at one moment into a file, which is complete or does not exist; FileExistsError where
    there is one that is not to be replaced, StoreError where it cannot be read or written."""
    if target.exists() and not replace:
        raise FileExistsError(target)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        examine(store)
        _copy(store, part)
        _put(part, target, replace=replace)
    except FileExistsError:
        raise
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The run store {store} cannot be copied to {target}: {error}.") from error
    finally:
        part.unlink(missing_ok=True)


def _copy(store: Path, part: Path) -> None:
    address = f"{store.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(part)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # so that it is one file, whole by itself


def _put(part: Path, target: Path, *, replace: bool) -> None:
    """Give a file its name; FileExistsError where another has it by now that is not to be replaced."""
    if not replace:
        try:
            os.link(part, target)
        except FileExistsError:
            raise
        except OSError:  # some file systems have no links, as those of memory sticks
            if target.exists():
                raise FileExistsError(target) from None
        else:
            return
    part.replace(target)

"""The SQLite file of the run store: looked at before anything is written to it, opened by one process at a time, and
brought to the present version.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

APPLICATION_ID = 0x4E4E5047  # "NNPG", in the file's header
MIGRATIONS = ("schema.sql", "schema-2.sql", "schema-3.sql", "schema-4.sql")
"""How each version of the file is made from the one before; `user_version` counts those that are done."""
BUSY_SECONDS = 0.2
LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class StoreError(Exception):
    """The store cannot be used; the sentence says why, and where it is."""


def opened(path: Path) -> sqlite3.Connection:
    """The file, made where there is none, for this process alone; StoreError, and nothing is changed, where it is none
    of ours, damaged, or another's at the moment."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            examine(path)
        db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _take(db)
            _migrate(db)
        except BaseException:
            db.close()
            raise
    except (OSError, sqlite3.Error) as error:
        locked = getattr(error, "sqlite_errorcode", 0) & 0xFF in LOCKED
        why = "another playground has it open: speak to that one, with --server" if locked else error
        raise StoreError(f"The run store {path} cannot be opened: {why}.") from error
    return db


def examine(path: Path) -> None:
    """StoreError where a file cannot be used. It is opened for reading, because who writes also repairs."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as db:
        try:
            _check_owner(db, path)
            problem = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            problem = str(error)
    if problem != "ok":
        raise StoreError(
            f"The run store {path} is damaged and was left as it is: {problem}. Move it away to start with an empty "
            "one, or put a copy of it back."
        )


def _check_owner(db: sqlite3.Connection, path: Path) -> None:
    made, owner = _number(db, "PRAGMA user_version"), _number(db, "PRAGMA application_id")
    if owner != APPLICATION_ID and (owner or made or _number(db, "SELECT count(*) FROM sqlite_master")):
        raise StoreError(f"{path} is a database, but no run store of this playground; it was left as it is.")
    if made > len(MIGRATIONS):
        raise StoreError(
            f"The run store {path} was made by a newer playground (version {made}, this one knows {len(MIGRATIONS)}); "
            "it was left as it is."
        )


def _take(db: sqlite3.Connection) -> None:
    """Lock the file until it is closed."""
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA locking_mode = EXCLUSIVE")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("BEGIN IMMEDIATE").execute("COMMIT")


def _migrate(db: sqlite3.Connection) -> None:
    made = _number(db, "PRAGMA user_version")
    for version, name in enumerate(MIGRATIONS[made:], start=made + 1):
        script = (Path(__file__).parent / name).read_text(encoding="utf-8")
        db.executescript(
            f"BEGIN; {script} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version}; COMMIT;"
        )


def _number(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0])


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All that is written within the block, or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")  # which may be what a full disk refuses
    except BaseException:
        if db.in_transaction:  # some errors have ended it already
            db.execute("ROLLBACK")
        raise

"""The SQLite file of the run store: looked at before anything is written to it, and brought to the present version.

Many processes may have it open at once. Whoever reads waits for nobody; who writes has the file for one short
transaction.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import Timeout

from app.store.owners import lock_of

log = logging.getLogger(__name__)

APPLICATION_ID = 0x4E4E5047  # "NNPG", in the file's header
MIGRATIONS = ("schema-1.sql", "schema-2.sql", "schema-3.sql", "schema-4.sql")
"""How each version of the file is made from the one before; `user_version` counts those that are done."""
BUSY_SECONDS = 5.0
"""How long a transaction of another process is waited for."""
OPENING, OPENING_SECONDS = "opening", 60
"""The lock that is held while the file is made or changed to the present version, and how long it is waited for."""
INCREMENTAL = 2
"""How SQLite calls the kind of file whose free pages can be given back a few at a time."""
GIVEN_BACK = 1_000
"""Free pages, of 4,096 bytes, that are given back at once: what else the store is asked has to wait for so long."""
KEPT_BYTES = 4_000_000
"""What the write-ahead log keeps of its length once all of it is in the file."""
LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class StoreError(Exception):
    """The store cannot be used; the sentence says why, and where it is."""


def opened(path: Path) -> sqlite3.Connection:
    """The file, made where there is none; StoreError, and nothing is changed, where it is none of ours or damaged."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            examine(path)
        db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            with lock_of(path, OPENING).acquire(timeout=OPENING_SECONDS):
                _prepare(db)
        except BaseException:
            db.close()
            raise
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The run store {path} cannot be opened: {_why(error)}.") from error
    return db


def _why(error: OSError | sqlite3.Error) -> str:
    if isinstance(error, Timeout):
        return "another process is changing it to the present version"
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in LOCKED:
        return "another program has it for itself, an earlier playground or a tool for databases. End that first"
    return str(error)


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


def _prepare(db: sqlite3.Connection) -> None:
    """Make the file what this playground works with."""
    db.row_factory = sqlite3.Row
    if not _number(db, "PRAGMA page_count"):
        db.execute(f"PRAGMA auto_vacuum = {INCREMENTAL}")  # before anything is in it
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(f"PRAGMA journal_size_limit = {KEPT_BYTES}")
    db.execute("PRAGMA foreign_keys = ON")
    _migrate(db)
    if _number(db, "PRAGMA auto_vacuum") != INCREMENTAL:
        _make_shrinkable(db)


def _migrate(db: sqlite3.Connection) -> None:
    made = _number(db, "PRAGMA user_version")
    for version, name in enumerate(MIGRATIONS[made:], start=made + 1):
        script = (Path(__file__).parent / name).read_text(encoding="utf-8")
        db.executescript(
            f"BEGIN; {script} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version}; COMMIT;"
        )


def _make_shrinkable(db: sqlite3.Connection) -> None:
    """Rewrite a file of an earlier version, once, so that it can give free pages back."""
    try:
        db.execute(f"PRAGMA auto_vacuum = {INCREMENTAL}")
        db.execute("VACUUM")
    except sqlite3.OperationalError as error:  # no room on the disk for a second one, or others have it open
        log.warning("the run store cannot be rewritten so that it can shrink, which is tried again: %s", error)


def shrink(db: sqlite3.Connection) -> None:
    """Give pages back that deletions have left free, and let the file be shorter at once."""
    if _number(db, "PRAGMA freelist_count"):
        db.executescript(f"PRAGMA incremental_vacuum({GIVEN_BACK})")  # a single step of it gives back one page
        db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


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

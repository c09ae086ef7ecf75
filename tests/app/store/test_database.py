"""The file of the run store: what is in it, whom it belongs to, and that a bad one is left as it is."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.api.row_views import run_view
from app.store import database
from app.store.database import APPLICATION_ID, StoreError, opened, transaction
from app.store.owners import SERVER
from app.store.step import Advance, Ended, HistoryRow
from app.store.store import Store
from engine import Config

VERSION = len(database.MIGRATIONS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store is to be."""
    return tmp_path / "data" / "runs.sqlite3"


def made(path: Path, runs: int = 200) -> bytes:
    """A store's file with so many runs in it."""
    with closing(Store(path)) as store:
        for number in range(runs):
            store.add_run({"number": number, "text": "x" * 500}, None, "", runs)
    return path.read_bytes()


def test_a_new_file_says_whose_it_is_and_which_version(path: Path) -> None:
    with closing(opened(path)) as db:
        assert db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 2  # a commit is on the disk


def test_every_table_is_strict(path: Path) -> None:
    with closing(opened(path)) as db:
        tables = db.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
        strict = {row["name"] for row in tables if row["strict"]}
        assert strict == {"runs", "sweeps", "history", "snapshots", "requests", "owners"}
        with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value"):
            db.execute("INSERT INTO sweeps (id, request, created) VALUES ('a', '{}', 'now')")


def test_a_file_that_another_program_has_for_itself_is_refused_with_a_sentence(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    opened(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:  # as playgrounds of earlier versions did
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("BEGIN IMMEDIATE")
        db.execute("COMMIT")
        with pytest.raises(StoreError, match=r"another program has it for itself, .*\. End that first\."):
            opened(path)
    opened(path).close()


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_a_file_gives_back_what_deletions_have_left_free(path: Path, version: int) -> None:
    _older(path, version)
    with closing(Store(path)) as store:
        runs = [store.add_run({"text": "x" * 100_000}, None, "", 20) for _ in range(20)]
        for run in runs:
            store.finish(run, Ended("cancelled", ""))
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = path.stat().st_size
        for run in runs:
            assert store.delete_run(run)
        assert path.stat().st_size < before / 4
        assert store.run("0" * 16)


def _garbage(data: bytes) -> bytes:
    return b"This is a letter to my aunt.\n" * 200


def _holes(data: bytes) -> bytes:
    return data[: len(data) // 2] + bytes(len(data) // 4) + data[len(data) * 3 // 4 :]


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 3]


@pytest.mark.parametrize("damage", [_garbage, _holes, _cut])
def test_a_damaged_file_is_refused_and_not_touched(path: Path, damage: Callable[[bytes], bytes]) -> None:
    bad = damage(made(path))
    path.write_bytes(bad)
    for _ in range(2):
        with pytest.raises(StoreError) as refusal:
            opened(path)
        assert f"The run store {path} is damaged and was left as it is: " in str(refusal.value)
        assert path.read_bytes() == bad


def test_a_damaged_file_is_not_touched_by_what_was_not_written_into_it_yet(path: Path, tmp_path: Path) -> None:
    made(path)
    with closing(Store(path)) as store:  # whose files are taken as a power cut leaves them
        store.add_run({}, None, "", 1_000)
        files = {name: (path.parent / name).read_bytes() for name in (path.name, f"{path.name}-wal")}
    assert files["runs.sqlite3-wal"]
    files[path.name] = _holes(files[path.name])
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(StoreError, match="is damaged and was left as it is"):
        opened(tmp_path / path.name)
    assert all((tmp_path / name).read_bytes() == data for name, data in files.items())


def test_another_programs_database_is_refused_and_not_touched(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE aunts (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"is a database, but no run store of this playground; it was left as it is\."):
        opened(path)
    assert path.read_bytes() == before


def test_a_newer_playgrounds_file_is_refused_and_not_touched(path: Path) -> None:
    with closing(opened(path)) as db:
        db.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=rf"made by a newer playground \(version 99, this one knows {VERSION}\)"):
        opened(path)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"cannot be opened: .*Not a directory|cannot be opened: .*File exists"):
        opened(tmp_path / "file" / "runs.sqlite3")


def _later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    """Let this playground know a further version."""
    further = tmp_path / "further.sql"
    further.write_text(script)
    monkeypatch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, str(further)))


OLD_SPEC = {
    "config": {"dataset": "xor", "networkShape": [3], "learningRate": 0.1},
    "epochs": 2,
    "stop": {"test_loss": 0.01},
    "record": {"losses": 1, "snapshots": None},
}
OLD_RUN = {
    "number": 7,
    "id": "0" * 16,
    "status": "succeeded",
    "spec": json.dumps(OLD_SPEC),
    "sweep": 1,
    "place": '{"learningRate": 0.1}',
    "created": 1.0,
    "queued": 1.0,
    "started": 2.0,
    "finished": 3.0,
    "version": 5,
    "progress": '{"epoch": 2, "updates": 50, "train_loss": 0.3, "test_loss": 0.4, "seconds": 0.5}',
    "state": "AAAA",
    "reason": "All epochs are trained.",
}


def _older(path: Path, version: int = 1) -> None:
    """A store's file as an earlier version of it was, with a sweep and a run in it."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db:
        for script in database.MIGRATIONS[:version]:
            db.executescript((Path(database.__file__).parent / script).read_text("utf-8"))
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {version}")
        db.execute("INSERT INTO sweeps (number, id, request, created) VALUES (1, ?, '{}', 1.0)", ("1" * 16,))
        names, marks = ", ".join(OLD_RUN), ", ".join(f":{name}" for name in OLD_RUN)
        db.execute(f"INSERT INTO runs ({names}) VALUES ({marks})", OLD_RUN)
        for epoch, score in ((0, None), (1, 0.5), (2, 0.75)):
            columns = "run, epoch, updates, train_loss, test_loss, train_score, test_score"
            db.execute(
                f"INSERT INTO history ({columns}) VALUES (7, ?, ?, 0.3, 0.4, ?, 0.25)", (epoch, 25 * epoch, score)
            )
        db.execute("INSERT INTO snapshots VALUES (7, 2, 'AAAA')")
        db.execute("INSERT INTO requests VALUES ('key', 'digest', ?, ?)", ("0" * 16, time.time()))
        db.commit()


@pytest.mark.parametrize("version", range(1, VERSION))
def test_a_file_of_an_earlier_version_keeps_all_that_is_in_it(path: Path, version: int) -> None:
    _older(path, version)
    for _ in range(2):  # brought to the present version, and opened as such
        with closing(Store(path)) as store:
            row = store.run("0" * 16)
            assert row
            assert row["spec"] == OLD_SPEC
            assert (row["status"], row["reason"], row["state"]) == ("succeeded", OLD_RUN["reason"], "AAAA")
            assert (row["version"], row["sweep"], row["place"]) == (5, "1" * 16, {"learningRate": 0.1})
            assert (row["name"], row["tags"], row["note"], row["notes"], row["owner"]) == ("", [], "", [], None)
            sweep = store.sweep("1" * 16)
            assert sweep
            assert (sweep["name"], sweep["tags"], sweep["note"], sweep["notes"]) == ("", [], "", [])
            assert store.history("0" * 16) == [
                (0, 0, 0.3, 0.4, None, 0.25, None, None),
                (1, 25, 0.3, 0.4, 0.5, 0.25, None, None),
                (2, 50, 0.3, 0.4, 0.75, 0.25, None, None),
            ]
            assert store.snapshot("0" * 16, 2) == "AAAA"
            assert store.add_run({}, "key", "digest", 1) == "0" * 16
            told = run_view(row, store.snapshots("0" * 16))
            assert told.config == Config(dataset="xor", networkShape=(3,), learningRate=0.1)
            assert (told.progress.test_loss, told.progress.validation_loss) == (0.4, None)


def test_a_run_of_an_older_file_goes_on_and_is_kept_with_its_validation(path: Path) -> None:
    _older(path)
    with closing(Store(path, SERVER)) as store:
        run = store.add_run({"epochs": 9}, None, "", 1)
        claimed = store.claim()
        assert claimed
        rows: list[HistoryRow] = [(1, 25, 0.5, 0.5, None, None, 0.125, 0.75)]
        assert store.advance(run, claimed["version"], Advance("state", {"epoch": 1}, rows, [], None))
        assert store.history(run) == rows


def test_an_older_file_is_brought_to_the_present_version_with_all_its_runs(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(path, 3)
    _later(monkeypatch, tmp_path, "ALTER TABLE runs ADD COLUMN colour TEXT;")
    with closing(opened(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION + 1
        assert [row["colour"] for row in db.execute("SELECT colour FROM runs")] == [None] * 3


def test_a_file_that_cannot_be_brought_to_the_present_version_stays_what_it_was(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(path, 3)
    with monkeypatch.context() as later:
        _later(later, tmp_path, "ALTER TABLE runs ADD COLUMN colour TEXT; ALTER TABLE nowhere ADD COLUMN x TEXT;")
        with pytest.raises(StoreError, match="no such table: nowhere"):
            opened(path)
    with closing(opened(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
        assert "colour" not in dict(db.execute("SELECT * FROM runs").fetchone())


def test_what_a_full_disk_refuses_is_undone_and_the_file_goes_on(path: Path) -> None:
    with closing(opened(path)) as db:
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
        with pytest.raises(sqlite3.OperationalError, match="full"), transaction(db):
            db.execute("INSERT INTO sweeps (id, request, created) VALUES ('a', ?, 0)", ("x" * 100_000,))
        assert not db.in_transaction
        db.execute("PRAGMA max_page_count = 1000000")
        with transaction(db):
            db.execute("INSERT INTO sweeps (id, request, created) VALUES ('b', '{}', 0)")
        assert [row["id"] for row in db.execute("SELECT id FROM sweeps")] == ["b"]


def test_what_the_commit_refuses_is_undone_too(path: Path) -> None:
    with closing(opened(path)) as db:
        db.execute("CREATE TABLE late (run INTEGER REFERENCES runs (number) DEFERRABLE INITIALLY DEFERRED)")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), transaction(db):
            db.execute("INSERT INTO late VALUES (7)")
        assert not db.in_transaction
        assert db.execute("SELECT count(*) FROM late").fetchone()[0] == 0

"""How runs and sweeps that have ended are deleted from a run store, a few at a time."""

from __future__ import annotations

from app.store.database import shrink
from app.store.open_store import OpenStore
from app.store.rows import ENDED

DELETED_AT_ONCE = 10
"""Runs with all that belongs to them: what else the store is asked has to wait for so long."""


class Deletions(OpenStore):
    """Deletes what has ended."""

    def delete_run(self, run: str) -> bool:
        """Delete a run that has ended; False where it has not."""
        deleted = self._db.execute(f"DELETE FROM runs WHERE id = ? AND {ENDED}", (run,)).rowcount == 1
        shrink(self._db)
        return deleted

    def delete_members(self, sweep: str) -> int:
        """Delete some runs of a sweep, whose runs have all ended; gives how many, 0 where one has not."""
        which = "sweep = (SELECT number FROM sweeps WHERE id = ?)"
        deleted = self._db.execute(
            f"DELETE FROM runs WHERE number IN (SELECT number FROM runs WHERE {which} LIMIT {DELETED_AT_ONCE}) "
            f"AND NOT EXISTS (SELECT 1 FROM runs WHERE {which} AND NOT {ENDED})",
            (sweep, sweep),
        ).rowcount
        shrink(self._db)
        return deleted

    def delete_sweep(self, sweep: str) -> bool:
        """Delete a sweep that has no runs any more; False where it has some."""
        none = "NOT EXISTS (SELECT 1 FROM runs WHERE sweep = sweeps.number)"
        return self._db.execute(f"DELETE FROM sweeps WHERE id = ? AND {none}", (sweep,)).rowcount == 1

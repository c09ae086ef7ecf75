"""The run store: an SQLite file that a server and any number of commands may have open at once.

Each trains the runs that it owns, as `app.store.owners` has it, and leaves those of others alone. Every accepted run
is a row, and every step of its training is one transaction: the losses, the snapshots and the state that they belong
to are there together or not at all.
"""

from __future__ import annotations

from app.store.deletions import Deletions
from app.store.rows import Labels
from app.store.submissions import Submissions
from app.store.trial_points import TrialPoints


class Store(Submissions, Deletions, TrialPoints):
    """Runs and sweeps in a file. Not for more than one thread at a time."""

    def label(self, table: str, id: str, labels: Labels) -> None:
        """Call a run or a sweep by other names."""
        sets = ", ".join(f"{name} = ?" for name in Labels._fields)
        changed = ", version = version + 1" if table == "runs" else ""
        self._db.execute(f"UPDATE {table} SET {sets}{changed} WHERE id = ?", (*labels.values, id))

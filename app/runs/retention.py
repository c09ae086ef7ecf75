"""Retention: which ended runs and sweeps may be deleted, by age, number and state."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from typing import NamedTuple

from app.runs.runner import Runner
from app.settings import Settings
from app.store.database import StoreError
from app.store.step import FINAL
from app.store.store import Store

log = logging.getLogger(__name__)

DAY_SECONDS = 24 * 3600
PRUNE_SECONDS = 600
"""How often a server looks for runs that its settings do not keep."""
PRUNABLE = f"""
WITH units AS (
  SELECT 'run' AS kind, id, 1 AS runs, number AS newest, finished AS ended, status IN {FINAL} AS over,
    status IN (SELECT value FROM json_each(:states)) AS chosen
  FROM runs WHERE sweep IS NULL
  UNION ALL
  SELECT 'sweep', sweeps.id, count(runs.number), coalesce(max(runs.number), 0),
    coalesce(max(finished), sweeps.created), coalesce(min(status IN {FINAL}), 1),
    coalesce(min(status IN (SELECT value FROM json_each(:states))), 1)
  FROM sweeps LEFT JOIN runs ON runs.sweep = sweeps.number GROUP BY sweeps.number
)
SELECT kind, id, runs FROM (SELECT *, sum(runs) OVER (ORDER BY newest DESC) AS so_far FROM units)
WHERE over AND chosen AND ended <= :before AND so_far > :keep ORDER BY newest DESC
"""
"""A sweep is deleted as a whole or not at all."""


class Policy(NamedTuple):
    """What may be deleted: what has ended and meets all of these conditions."""

    older_than: float = 0.0
    """Seconds since it ended."""
    keep: int = 0
    """So many of the newest runs stay; a sweep counts with all its runs."""
    states: tuple[str, ...] = FINAL
    """The states that it is in, of a sweep each of its runs."""


class Unit(NamedTuple):
    """A single run, or a sweep."""

    kind: str
    id: str
    runs: int


def policy_of(settings: Settings) -> Policy | None:
    """Which runs a server's settings let be deleted; None where they keep all."""
    if settings.keep_days is None and settings.keep_runs is None:
        return None
    states = tuple(state for state in FINAL if state not in settings.keep_states)
    return Policy((settings.keep_days or 0) * DAY_SECONDS, settings.keep_runs or 0, states)


def prunable(store: Store, policy: Policy) -> list[Unit]:
    """What may be deleted, the newest first."""
    return [Unit(*row) for row in store.chosen(PRUNABLE, policy.states, time.time() - policy.older_than, policy.keep)]


def delete(store: Store, unit: Unit) -> Iterator[None]:
    """Delete a unit, if it is still ended: a few runs before each value, so that other requests get their turn."""
    if unit.kind == "run":
        store.delete_run(unit.id)
        return
    while store.delete_members(unit.id):
        yield
    store.delete_sweep(unit.id)


async def prune(runner: Runner, policy: Policy) -> None:
    """Delete what the policy allows, periodically, until cancelled."""
    while True:
        try:
            for unit in await runner.call(prunable, runner.store, policy):
                steps = delete(runner.store, unit)
                while await runner.call(next, steps, DONE) is not DONE:
                    pass
        except StoreError as error:
            log.warning("%s Runs are pruned later.", error)
        await asyncio.sleep(PRUNE_SECONDS)


DONE = object()

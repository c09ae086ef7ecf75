"""What a script can train anew: the whole run, if training from its first weights leads where the run is.

That is found out by training anew, so it costs as much as the run itself, and some five times as much where the run
turns out to be another or sensitive; a run beyond `MAX_SECONDS` is not replayed. The replay is nudged by a rounding
error, because other programs sum in another order: some runs come out the same to twelve digits, and in others, where
the learning rate is too large for the features, such an error grows tenfold within an epoch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine import Trainer
from engine.tables import Array

MAX_SECONDS = 3.0
"""Beyond so long a replay, by the estimate of `_seconds`, scripts begin at the present weights."""
UPDATE_SECONDS, PRODUCT_SECONDS = 2e-5, 1e-9
"""What an update takes, and in it each product of a weight and a point."""
NUDGE = 1e-14
"""What rounding may come to, relative to a parameter: other programs sum in another order."""
GROWTH = 10.0
"""How many times further than a nudged replay another program may come off."""
LOOSEST = 1e-4
"""A check that lets more than this pass shows nothing."""
SMALL = 1e-3
"""Up to this size differences count as absolute."""

REASONS = {
    "untrained": "The run has made no update yet, so there is nothing to train.",
    "diverged": "The run has left the finite numbers, so there is nothing to arrive at by training: these are the last "
    "finite weights.",
    "changed": "Weights or settings were changed while the network trained, or it went on from a file, so training "
    "anew from the first weights would not lead here: these are the present weights.",
    "followed": "In this run rounding errors grow until they decide where it goes. So another program can follow it "
    "only part of its way; after that these are its present weights.",
    "sensitive": "In this run rounding errors decide where it goes within an epoch, so training anew in another "
    "program would not lead here: these are the present weights.",
    "long": "The run is so long that training it anew would take too much time: these are the present weights.",
}
"""Why a script does not train the whole run."""


class Plan(NamedTuple):
    """What a script does."""

    first: Trainer
    """At the weights that it begins with."""
    aim: Trainer
    """Where its training leads: the run itself, or an earlier moment of it."""
    updates: int
    """How many lead there."""
    reason: str
    """Why that is not the whole run, by its name in `REASONS`; or nothing."""
    tolerance: float
    """How near it has to come: relative, and below `SMALL` as of that; infinite where nothing can be checked."""


def plan(trainer: Trainer, tolerance: float, places: list[tuple[float, float]]) -> Plan:
    """What a script can do so that losses and the outputs at some places come out at least as near as a tolerance."""
    reason = _hindrance(trainer)
    if not reason:
        replay = _nudged_replay(trainer)
        needed = _needed(replay, trainer, places)
        same = (needed <= tolerance and replay.updates == trainer.updates) or _is_replayed(trainer)
        if same and needed <= LOOSEST:
            return Plan(Trainer(trainer.config), trainer, trainer.updates, "", max(tolerance, needed))
        reason = "sensitive" if same else "changed"
    needed = max(tolerance, _needed(_nudged_twin(trainer), trainer, places))
    present = Plan(trainer, trainer, 0, reason, needed if needed <= LOOSEST else np.inf)
    if reason == "sensitive" and needed <= LOOSEST and (aim := _followed(trainer, tolerance, places)):
        return present._replace(first=Trainer(trainer.config), aim=aim, updates=aim.updates, reason="followed")
    return present


def _hindrance(trainer: Trainer) -> str:
    """Why a replay cannot lead to the present or is not worth its time, or nothing."""
    if trainer.diverged:
        return "diverged"
    if not trainer.updates:
        return "untrained" if _is_replayed(trainer) else "changed"
    return "long" if _seconds(trainer) > MAX_SECONDS else ""


def _seconds(trainer: Trainer) -> float:
    """About what all updates so far take, without a look at any clock."""
    products = len(trainer.network.theta) * min(trainer.batch, trainer.train_size)
    return trainer.updates * (UPDATE_SECONDS + PRODUCT_SECONDS * products)


def _is_replayed(trainer: Trainer) -> bool:
    """Whether training anew leads to the same bits."""
    replay = Trainer(trainer.config)
    replay.step(trainer.updates)
    same = replay.network.theta.tobytes() == trainer.network.theta.tobytes()
    return same and replay.updates == trainer.updates


def _nudged_replay(trainer: Trainer) -> Trainer:
    """The run anew, with its weights off by a rounding error after the first update."""
    replay = Trainer(trainer.config)
    replay.step()  # first, because weights that begin at zero cannot be nudged relative to their size
    _nudge(replay)
    replay.step(trainer.updates - 1)
    return replay


def _followed(trainer: Trainer, tolerance: float, places: list[tuple[float, float]]) -> Trainer | None:
    """The run at the end of the last epoch up to which a nudged replay comes as near as a tolerance."""
    replay, nudged = Trainer(trainer.config), Trainer(trainer.config)
    replay.step()
    nudged.step()
    _nudge(nudged)
    last = None
    while replay.updates < trainer.updates and _needed(nudged, replay, places) <= tolerance:
        last = replay.snapshot() if replay.at_epoch_start else None
        replay.train()
        nudged.train()
    if last:
        replay.restore(last)
    return replay if last else None


def _nudged_twin(trainer: Trainer) -> Trainer:
    """The same network, off by a rounding error."""
    twin = Trainer(trainer.config)
    twin.network.theta[:] = trainer.network.theta
    _nudge(twin)
    return twin


def _nudge(trainer: Trainer) -> None:
    theta = trainer.network.theta  # (P,)
    theta *= 1 + NUDGE * np.cos(np.arange(len(theta)))  # no two the same, so that equal units part


def _needed(replay: Trainer, trainer: Trainer, places: list[tuple[float, float]]) -> float:
    """The tolerance that another program needs, judged by how far a nudged replay came off; a power of ten."""
    got, expected = told(replay, places), told(trainer, places)  # (M,), (M,)
    if not (np.isfinite(got).all() and np.isfinite(expected).all()):
        return np.inf
    off = np.max(np.abs(got - expected) / np.maximum(np.abs(expected), SMALL))
    return float(10 ** np.ceil(np.log10(GROWTH * off))) if off else 0.0


def told(trainer: Trainer, places: list[tuple[float, float]]) -> Array:
    """Both losses, then the outputs at some places: what a script has to arrive at, (2 + places * K,)."""
    outputs = [trainer.probe(*place)[0][-1] for place in places]  # (K,) each
    return np.concatenate([trainer.losses(), *outputs])

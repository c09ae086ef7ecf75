"""What a script can reproduce: the whole run, if training from the first weights leads to its state.

That is found out by training anew twice, and more often where the run turns out to be another or sensitive; a run
beyond `MAX_SECONDS` is not replayed. The replays are nudged by rounding errors, because other programs sum in another
order: some runs come out the same to twelve digits, and in others, where the learning rate is too large for the
features, such an error grows tenfold within an epoch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.exports.scripts.stopping import SMALL, at_best, has_restored, stops_alike, unstoppable
from engine import Config, Trainer
from engine.snapshot import Snapshot
from engine.tables import Array

MAX_SECONDS = 2.0
"""Beyond so long a replay, by the estimate of `_seconds`, scripts begin at the present weights."""
UPDATE_SECONDS, PRODUCT_SECONDS = 2e-5, 1e-9
"""What an update takes, and in it each product of a weight and a point."""
FURTHER_SECONDS = {"optimizer": 2e-5, "clipNorm": 2e-5, "regularization": 1e-5, "dropout": 4e-5}
"""What it takes more where such a setting is not at its default."""
NUDGE = 1e-14
"""What rounding may come to, relative to a parameter: other programs sum in another order."""
GROWTH = 10.0
"""How many times further than a nudged replay another program may come off."""
LOOSEST = 1e-4
"""A check that lets more than this pass shows nothing."""
REASONS = {
    "untrained": "The run has made no update yet, so there is nothing to train.",
    "diverged": "The run has left the finite numbers, so there is nothing to arrive at by training: these are the last "
    "finite weights.",
    "changed": "Weights or settings were changed while the network trained, or it went on from a file, so training "
    "again from the first weights would not lead to this state: these are the present weights.",
    "followed": "In this run rounding errors grow until they decide where it goes. So another program can follow it "
    "only part of its way; after that these are its present weights.",
    "sensitive": "In this run rounding errors grow within an epoch, so training it again in another "
    "program would not lead here: these are the present weights.",
    "long": "The run is so long that training it again would take too much time: these are the present weights.",
}
"""Why a script does not train the whole run."""


class ReplayPlan(NamedTuple):
    """What a script does."""

    first: Trainer
    """At the weights that it begins with."""
    aim: Trainer
    """Where its training leads: the run itself, an earlier moment of it, or the best epoch that was restored."""
    updates: int
    """How many lead there."""
    reason: str
    """Why that is not the whole run, by its name in `REASONS`; or nothing."""
    tolerance: float
    """How near it has to come: relative, and below `SMALL` as of that; infinite where nothing can be checked."""
    patient: bool = False
    """Whether the script ends by early stopping where the run did, or would go on as the run would."""


def plan(
    trainer: Trainer, tolerance: float, places: list[tuple[float, float]], unsupported: str = "", noise: float = NUDGE
) -> ReplayPlan:
    """What a script can do so that losses and the outputs at some places come out at least as near as a tolerance.

    `unsupported` names the reason, if there is one, why the script's library cannot train the run; `noise` is how far
    its parameters may come off at once, relative to their size.
    """
    nudges = noise, -noise  # where something switches at once, one of the two is on the other side
    reason, target = _hindrance(trainer) or unsupported, trainer
    if not reason:
        target = at_best(trainer) if has_restored(trainer) else trainer
        needed = max(_needed(_nudged_replay(target, nudge), target, places) for nudge in nudges)
        there = np.array_equal(target.network.theta, trainer.network.theta)
        same = there and (needed <= tolerance or _is_replayed(target))
        if same and needed <= LOOSEST:
            patient = stops_alike(trainer, max(needed, GROWTH * noise))
            end = trainer if patient else target
            return ReplayPlan(Trainer(trainer.config), end, end.updates, "", max(tolerance, needed), patient)
        reason = "sensitive" if same else "changed"
    needed = max(tolerance, _needed(_nudged_twin(trainer), trainer, places))
    present = ReplayPlan(trainer, trainer, 0, reason, needed if needed <= LOOSEST else np.inf)
    if reason == "sensitive" and needed <= LOOSEST and (aim := _followed(target, tolerance, places, nudges)):
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
    config, fields = trainer.config, Config.model_fields
    further = sum(cost for name, cost in FURTHER_SECONDS.items() if getattr(config, name) != fields[name].default)
    return trainer.updates * (UPDATE_SECONDS + further + PRODUCT_SECONDS * products)


def _is_replayed(trainer: Trainer) -> bool:
    """Whether training anew leads to the same bits."""
    replay = unstoppable(trainer)
    replay.step(trainer.updates)
    same = replay.network.theta.tobytes() == trainer.network.theta.tobytes()
    return same and replay.updates == trainer.updates


def _nudged_replay(trainer: Trainer, nudge: float) -> Trainer:
    """The run anew, with its weights off by rounding errors."""
    replay = _begun(trainer, nudge)
    replay.step(trainer.updates - 1)
    return replay


def _begun(trainer: Trainer, nudge: float) -> Trainer:
    """The run anew after the first update, nudged before it, and behind it for weights that begin at zero."""
    replay = unstoppable(trainer)
    _nudge(replay, nudge)
    replay.step()
    _nudge(replay, nudge)
    return replay


def _followed(
    trainer: Trainer, tolerance: float, places: list[tuple[float, float]], nudges: tuple[float, ...]
) -> Trainer | None:
    """The run an epoch before the last one up to which nudged replays come as near as a tolerance: where a unit
    switches, errors grow at once."""
    replay, nudged = unstoppable(trainer), [_begun(trainer, nudge) for nudge in nudges]
    replay.step()
    ends: list[Snapshot] = []
    while replay.updates < trainer.updates and all(_needed(run, replay, places) <= tolerance for run in nudged):
        ends += [replay.snapshot()] if replay.at_epoch_start else []
        for run in (replay, *nudged):
            run.train()
    if len(ends) < 2:
        return None
    replay.restore(ends[-2])
    return replay


def _nudged_twin(trainer: Trainer) -> Trainer:
    """The same network, off by a rounding error."""
    twin = Trainer(trainer.config)
    twin.restore(trainer.snapshot())
    _nudge(twin, NUDGE)
    return twin


def _nudge(trainer: Trainer, nudge: float) -> None:
    """Move the parameters by rounding errors, no two the same, so that equal units part. They are as large as those of
    the largest beside it, because what cancels out in one program may leave a rest in another; but where all weights or
    all biases of a layer are zero, nothing was summed."""
    for layer in trainer.network.layers:
        for part in (layer.weights, layer.biases):  # (H, D), (H,)
            largest = np.abs(part).max(initial=0)
            part += nudge * largest * np.cos(layer.start + np.arange(part.size)).reshape(part.shape)


def _needed(replay: Trainer, trainer: Trainer, places: list[tuple[float, float]]) -> float:
    """The tolerance that another program needs, judged by how far a nudged replay came off; a power of ten. It is
    infinite where that made fewer updates."""
    if replay.updates != trainer.updates:
        return np.inf
    got, expected = checked_values(replay, places), checked_values(trainer, places)  # (M,), (M,)
    if not (np.isfinite(got).all() and np.isfinite(expected).all()):
        return np.inf
    off = np.max(np.abs(got - expected) / np.maximum(np.abs(expected), SMALL))
    return float(10 ** np.ceil(np.log10(GROWTH * off))) if off else 0.0


def checked_values(trainer: Trainer, places: list[tuple[float, float]]) -> Array:
    """The losses of training, test and (where there are any) validation points, then the outputs at some places: what a
    script has to arrive at, (2 or 3 + places * K,)."""
    validation = [trainer.measure().validation_loss] if trainer.validation_data.size else []
    outputs = [trainer.probe(*place)[0][-1] for place in places]  # (K,) each
    return np.concatenate([trainer.losses(), validation, *outputs])

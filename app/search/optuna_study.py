"""A sweep as an Optuna study: samplers choose the configurations, pruners end runs early.

Our store keeps the runs; the study is in memory alone, and is made anew from them where there is none.
"""

from __future__ import annotations

import json
import math
from importlib.util import find_spec
from random import Random
from typing import TYPE_CHECKING, Any

from app.schemas.pruning import FACTOR, STARTUP
from app.schemas.search_space import Range
from app.schemas.sweep_request import SweepRequest
from app.search.objective import deciding_measure, maximizes
from app.store.rows import Row
from app.store.step import FINAL
from engine.errors import InputError, Problem

if TYPE_CHECKING:
    import optuna

INSTALL = "the package optuna, as pip install 'neural-playground[optuna]' has it"
Measured = list[tuple[int, float | None]]
"""Epochs, and what a run's objective was at each."""


def check_installed(request: SweepRequest) -> None:
    """InputError, which says what to install, where a sweep needs Optuna and there is none."""
    if request.learns and find_spec("optuna") is None:
        raise InputError(Problem("search" if request.search else "prune", INSTALL, "no such package"))


class Study:
    """The runs of a sweep as trials. Not for more than one thread at a time."""

    def __init__(self, request: SweepRequest, members: list[Row], measured: dict[str, Measured]) -> None:
        """From the runs that have a place already, and what they were measured at where the sweep decides."""
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.request, self.objective, self.checked_epochs = (
            request,
            deciding_measure(request, []),
            request.checked_epochs,
        )
        self._worst = -math.inf if maximizes(self.objective) else math.inf
        self._distributions = _distributions(request)
        self._trials: dict[str, optuna.Trial] = {}  # by the run's id; those that have not ended
        self._count = 0  # of all trials
        self._study = optuna.create_study(
            direction="maximize" if maximizes(self.objective) else "minimize",
            sampler=optuna.samplers.RandomSampler(seed=0),  # draws nothing: what is chosen is by another
            pruner=_pruner(request),
        )
        for row in members:
            if row["place"]:
                self._replay(row, measured.get(row["id"], []))

    def _replay(self, row: Row, measured: Measured) -> None:
        self.add(row["id"], row["place"])
        for epoch, value in measured:
            self.falls_behind(row["id"], epoch, value)  # which also counts it among those that came so far
        if row["status"] in FINAL and row["status"] != "interrupted":
            self.end(row["id"], row["status"], row["progress"].get(self.objective))

    def add(self, run: str, place: dict[str, Any]) -> None:
        """A run whose place is known."""
        self._study.enqueue_trial(self._params(place))
        self._trials[run] = self._study.ask(self._distributions)
        self._count += 1

    def choose(self, run: str) -> dict[str, Any]:
        """The place of a run, where those before it did well; depends on them, their number and the seed alone."""
        import optuna
        from optuna.trial import TrialState

        assert self.request.search
        seed = Random(f"{self.request.search.seed} {self._count}").getrandbits(31)
        self._study.sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=self.request.search.startup)
        draft = self._study.ask(self._distributions)
        place = {key: _value(self.request.search.keys[key], draft.params[key]) for key in self._distributions}
        self._study.tell(draft, state=TrialState.FAIL)  # counts for nothing: the trial has the digits that are kept
        self.add(run, place)
        return place

    def falls_behind(self, run: str, epoch: int, value: float | None) -> bool:
        """Whether a run is to be ended for what its objective is at an epoch."""
        trial = self._trials[run]
        trial.report(self._worst if value is None else value, epoch)
        return trial.should_prune()

    def end(self, run: str, status: str, value: float | None) -> None:
        """A run has ended. One without a result counts as worse than all that have one."""
        from optuna.trial import TrialState

        trial = self._trials.pop(run, None)
        if trial is None:
            return
        if status == "succeeded" and value is not None:
            self._study.tell(trial, value)
        else:
            self._study.tell(trial, state=TrialState.FAIL if status == "cancelled" else TrialState.PRUNED)

    def _params(self, place: dict[str, Any]) -> dict[str, Any]:
        """A place as Optuna names it."""
        if not self.request.search:
            return {}
        keys = self.request.search.keys
        return {key: place[key] if isinstance(keys[key], Range) else json.dumps(place[key]) for key in keys}


def _distributions(request: SweepRequest) -> dict[str, optuna.distributions.BaseDistribution]:
    """What a search draws from. A value that is listed goes by its JSON, since it may be a list itself."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    found: dict[str, optuna.distributions.BaseDistribution] = {}
    for key, values in (request.search.keys if request.search else {}).items():
        if not isinstance(values, Range):
            found[key] = CategoricalDistribution(list(dict.fromkeys(map(json.dumps, values))))
        elif values.whole:
            found[key] = IntDistribution(int(values.low), int(values.high), log=values.log)
        else:
            found[key] = FloatDistribution(values.low, values.high, log=values.log)
    return found


def _value(values: Range | list[Any], chosen: Any) -> Any:
    """What was chosen, as a place has it: a number with as many digits as one that is drawn at random."""
    if not isinstance(values, Range):
        return json.loads(chosen)
    return chosen if values.whole else min(max(float(f"{chosen:.6g}"), values.low), values.high)


def _pruner(request: SweepRequest) -> optuna.pruners.BasePruner:
    """The rule by which runs are ended; they are looked at at no other epochs than the rule's."""
    from optuna.pruners import MedianPruner, NopPruner, SuccessiveHalvingPruner

    if request.prune is None:
        return NopPruner()
    if request.prune.kind == "median":
        return MedianPruner(n_startup_trials=request.prune.startup or STARTUP)
    return SuccessiveHalvingPruner(
        min_resource=request.checked_epochs[0], reduction_factor=request.prune.factor or FACTOR
    )

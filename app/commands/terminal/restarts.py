"""Restarts as a command has them: trained epoch by epoch, and then told in plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from app.search.objective import note
from engine import Config, Measures, format_link
from engine.restarts.restarts import Restarts, restarted

PARTS = ("validation", "test", "train")
"""Of the data: the first that has points decides which restarts are good."""


class SolvedRule(NamedTuple):
    """When a run counts as solved."""

    score: float
    """From this accuracy or R squared on,"""
    loss: float | None = None
    """or else, where there is one, under this loss."""

    def is_met(self, measures: Measures, part: str) -> bool:
        """Whether a run has solved it by its measures over a part of the data."""
        loss, score = (getattr(measures, f"{part}_{kind}") for kind in ("loss", "score"))
        return bool(score >= self.score if self.loss is None else loss < self.loss)


class Restarting:
    """Restarts in this process, from their first weights to a last epoch."""

    def __init__(self, config: Config, count: int, epochs: int, rule: SolvedRule) -> None:
        self.epochs, self._rule = epochs, rule
        self._members = Restarts(list(restarted(config, count)))
        data = self._members.trainer(0).parts
        self.part = next(part for part in PARTS if getattr(data, part).size)
        """The part of the data that decides which runs are good."""

    @property
    def objective(self) -> str:
        """The loss that the runs are sorted by."""
        return f"{self.part}_loss"

    def __iter__(self) -> Iterator[int]:
        """Train all epoch by epoch; gives each epoch that is done."""
        members = self._members
        while members.epoch < self.epochs and not members.ended:
            members.train()
            yield members.epoch

    def runs(self) -> list[dict[str, Any]]:
        """The runs as they are now, the lowest loss first and what has diverged last."""
        summaries, loss = [self._summary(member) for member in range(len(self._members))], self.objective
        return sorted(summaries, key=lambda one: (one["diverged"], one[loss] is None, one[loss]))

    def _summary(self, member: int) -> dict[str, Any]:
        members = self._members
        measures, config = members.measure(member), members.configs[member]
        diverged = members.has_diverged(member)
        numbers = {name: value if math.isfinite(value) else None for name, value in measures._asdict().items()}
        return {
            "run": member + 1,
            "seed": config.weightSeed,
            "link": format_link(config),
            "epoch": members.epoch_of(member),
            **numbers,
            "diverged": diverged,
            "stopped": members.has_stopped(member),
            "solved": not diverged and self._rule.is_met(measures, self.part),
        }

    def record(self) -> dict[str, Any]:
        """All of it as plain data."""
        runs = self.runs()
        solved = sum(one["solved"] for one in runs)
        summary = {"epochs": self.epochs, "solved": solved, "share": solved / len(runs), "runs": runs}
        return {**summary, "objective": self.objective, "objective_note": note(self.objective)}

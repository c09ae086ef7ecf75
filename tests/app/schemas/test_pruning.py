"""When it is decided whether a run of a sweep goes on."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from app.schemas.pruning import Pruning
from engine.errors import InputError


@pytest.mark.parametrize(
    ("rule", "epochs", "recorded", "checked_epochs"),
    [
        ({"kind": "median"}, 100, 1, list(range(10, 100, 10))),
        ({"kind": "median"}, 3, 1, [1, 2]),
        ({"kind": "median", "warmup": 40, "every": 25}, 100, 5, [40, 65, 90]),
        ({"kind": "median"}, 2_000, 50, list(range(200, 2_000, 200))),
        ({"kind": "halving"}, 100, 1, [4, 12, 36]),
        ({"kind": "halving", "warmup": 10, "factor": 2}, 100, 10, [10, 20, 40, 80]),
    ],
)
def test_decisions_fall_on_epochs_whose_losses_are_recorded(
    rule: dict[str, Any], epochs: int, recorded: int, checked_epochs: list[int]
) -> None:
    assert Pruning(**rule).checked_epochs(epochs, recorded) == checked_epochs


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"kind": "median", "every": 7}, "prune.every: expected a multiple of 5, which losses are recorded at, got 7"),
        ({"kind": "halving", "warmup": 3}, "prune.warmup: expected a multiple of 5"),
        ({"kind": "median", "warmup": 100}, "prune: expected a decision before the last epoch, got 100 epochs in all"),
    ],
)
def test_a_rule_that_can_decide_nothing_is_refused(rule: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{sentence}"):
        Pruning(**rule).checked_epochs(100, 5)


@pytest.mark.parametrize("rule", [{"kind": "median", "factor": 2}, {"kind": "halving", "every": 2}, {"kind": "best"}])
def test_a_rule_has_no_settings_of_another(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Pruning(**rule)

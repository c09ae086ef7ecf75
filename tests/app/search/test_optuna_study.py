"""A sweep as a study of Optuna's: places are chosen, runs are ended, and again so from the store's rows."""

from __future__ import annotations

from typing import Any

import pytest

from app.schemas.sweep_request import SweepRequest
from app.search import optuna_study
from app.search.optuna_study import Study
from engine.errors import InputError

Rows = list[dict[str, Any]]
SEARCH = {
    "kind": "tpe",
    "samples": 30,
    "startup": 5,
    "keys": {
        "learningRate": {"low": 0.001, "high": 1, "log": True},
        "batchSize": {"low": 1, "high": 30, "whole": True},
        "networkShape": [[2], [4, 2]],
    },
}


def asked(**fields: Any) -> SweepRequest:
    return SweepRequest.model_validate({"link": "dataset=xor", "epochs": 100} | fields)


def row(run: str, place: dict[str, Any], status: str = "running", value: float | None = None) -> dict[str, Any]:
    """A run as the store has it."""
    return {"id": run, "place": place, "status": status, "progress": {} if value is None else {"test_loss": value}}


def searched(seed: str, count: int, badness: Any = lambda place: abs(place["learningRate"] - 0.3)) -> Rows:
    """Runs of a search, each of which ends before the next one begins."""
    made, found = Study(asked(search={**SEARCH, "seed": seed}), [], {}), []
    for number in range(count):
        place, run = made.choose(str(number)), str(number)
        value = badness(place)
        made.end(run, "failed" if value is None else "succeeded", value)
        found.append(row(run, place, "failed" if value is None else "succeeded", value))
    return found


def test_the_same_seed_and_the_same_answers_choose_the_same_places() -> None:
    first = searched("0", 12)
    assert first == searched("0", 12)
    assert first != searched("1", 12)
    for place in (one["place"] for one in first):
        assert list(place) == list(SEARCH["keys"])  # type: ignore[call-overload]
        assert 0.001 <= place["learningRate"] <= 1
        assert isinstance(place["batchSize"], int)
        assert place["networkShape"] in ([2], [4, 2])


def test_places_are_chosen_where_runs_did_well() -> None:
    rates = [one["place"]["learningRate"] for one in searched("0", 30)]
    assert sum(0.1 < rate < 0.6 for rate in rates[20:]) > 2 * sum(0.1 < rate < 0.6 for rate in rates[:10])


def test_a_search_keeps_away_from_where_runs_fail() -> None:
    rates = [one["place"]["learningRate"] for one in searched("0", 40, _diverging)]
    assert sum(rate > 0.03 for rate in rates[20:]) <= 6  # of 20, of which ten would be drawn there by chance


def _diverging(place: dict[str, Any]) -> float | None:
    return None if place["learningRate"] > 0.03 else 0.5


def test_a_study_made_anew_from_the_stores_rows_chooses_the_same_next_place() -> None:
    rows = searched("0", 9)
    anew = Study(asked(search={**SEARCH, "seed": "0"}), [*rows, row("9", {}, "queued")], {})
    assert anew.choose("9") == searched("0", 10)[-1]["place"]


def told(rule: dict[str, Any], measured: dict[str, list[tuple[int, float | None]]], ended: dict[str, float]) -> Study:
    """A study of a grid's runs that were measured and have ended so."""
    runs = [
        row(run, {"noise": int(run), "seed": "1"}, "succeeded" if run in ended else "running", ended.get(run))
        for run in measured
    ]
    return Study(asked(grid={"noise": list(range(len(runs)))}, prune=rule), runs, measured)


def test_the_median_rule_ends_what_is_worse_than_the_median_of_the_runs_that_ended() -> None:
    measured: dict[str, list[tuple[int, float | None]]] = {str(run): [(10, 0.1 * run)] for run in range(5)}
    made = told({"kind": "median", "startup": 5}, measured | {"5": [], "6": [], "7": []}, dict.fromkeys("01234", 0.1))
    assert made.falls_behind("5", 10, 0.3)
    assert not made.falls_behind("6", 10, 0.1)
    assert made.falls_behind("7", 10, None)  # it has no such number
    few = told({"kind": "median", "startup": 6}, measured | {"5": []}, dict.fromkeys("01234", 0.1))
    assert not few.falls_behind("5", 10, 0.3)


def test_successive_halving_lets_the_best_of_a_rung_go_on_and_knows_the_rungs_when_made_anew() -> None:
    measured: dict[str, list[tuple[int, float | None]]] = {str(run): [(4, 0.1 * run)] for run in range(1, 6)}
    measured["1"] = [(4, 0.1), (12, 0.05)]
    made = told({"kind": "halving", "factor": 3}, measured | {"6": [], "7": [], "8": []}, {})
    assert made.falls_behind("6", 4, 0.35)
    assert not made.falls_behind("7", 4, 0.15)  # among the best third of seven
    assert made.falls_behind("7", 12, 0.2)  # behind the one that came to this rung before
    assert not made.falls_behind("8", 4, 0.01)


def test_a_score_is_made_as_large_as_can_be() -> None:
    runs = [row(str(run), {"loss": "hinge", "seed": "1"}, "succeeded") for run in range(5)]
    for run in runs:
        run["progress"] = {"test_score": 0.9}
    rule = asked(grid={"loss": [None, "hinge"]}, prune={"kind": "median"})
    made = Study(rule, [*runs, row("5", {"loss": "hinge"}), row("6", {"loss": "hinge"})], {
        run["id"]: [(10, 0.9)] for run in runs
    })  # fmt: skip
    assert made.objective == "test_score"
    assert made.falls_behind("5", 10, 0.8)
    assert not made.falls_behind("6", 10, 0.95)


@pytest.mark.parametrize(
    ("fields", "field"), [({"search": SEARCH}, "search"), ({"prune": {"kind": "median"}}, "prune")]
)
def test_without_optuna_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, fields: dict[str, Any], field: str
) -> None:
    monkeypatch.setattr(optuna_study, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=rf"^{field}: expected .* pip install 'neural-playground\[optuna\]'"):
        optuna_study.check_installed(asked(**fields))
    optuna_study.check_installed(asked(grid={"noise": [1, 2]}))

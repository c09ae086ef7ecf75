"""What may be asked for: runs with a state and a plan, sweeps over a grid or at random."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import ValidationError

from app.explain.notes import notes_on
from app.schemas.run_request import MAX_ROWS, MAX_SNAPSHOTS, RunRequest
from app.schemas.search_space import RandomSearch
from app.schemas.sweep_request import MAX_NOTES, SweepRequest
from engine import Config, Trainer, format_link, format_state
from engine.errors import InputError, problems


def run(**asked: Any) -> RunRequest:
    return RunRequest.model_validate({"link": "dataset=xor"} | asked)


def sweep(**asked: Any) -> SweepRequest:
    return SweepRequest.model_validate({"link": "dataset=xor&seed=a"} | asked)


def places(asked: SweepRequest, most: int = 1_000) -> list[dict[str, Any]]:
    return [place for _, place in asked.members(most)[0]]


def spec(asked: RunRequest) -> dict[str, Any]:
    return asked.spec(asked.opened[0])


# --- runs -------------------------------------------------------------------------------------------------------------


def test_a_link_and_the_configuration_that_it_says_are_the_same_run() -> None:
    config = Config(dataset="spiral", networkShape=(4,))
    by_config = RunRequest(config=config, epochs=7)
    assert spec(run(link=format_link(config), epochs=7)) == spec(by_config)


@pytest.mark.parametrize("sources", [{}, {"config": {}, "link": ""}])
def test_a_run_has_one_source(sources: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="either config or link"):
        RunRequest.model_validate(sources)


def test_what_a_link_says_wrongly_is_noted() -> None:
    _, _, notes = run(link="learningRate=fast").opened
    assert len(notes) == 1
    assert "learningRate" in notes[0]


def test_a_links_state_is_begun_at() -> None:
    trainer = Trainer(Config(dataset="xor"))
    trainer.train(3)
    state, progress = run(link=f"dataset=xor&state={format_state(trainer)}").begin()
    assert state == format_state(trainer)
    assert progress
    assert (progress["epoch"], progress["updates"]) == (3, trainer.updates)
    assert run().begin() == ("", None)


@pytest.mark.parametrize("epochs", [1, 3])
def test_a_state_beyond_the_last_epoch_is_refused(epochs: int) -> None:
    trainer = Trainer(Config(dataset="xor"))
    trainer.train(3)
    with pytest.raises(InputError, match=f"epochs: expected more than the 3 of the state, got {epochs}"):
        run(link=f"dataset=xor&state={format_state(trainer)}", epochs=epochs).begin()


def test_a_state_of_another_network_is_refused() -> None:
    state = format_state(Trainer(Config()))
    with pytest.raises(InputError, match="state: expected"):
        run(link=f"networkShape=8&state={state}").begin()


@pytest.mark.parametrize(
    ("epochs", "every"), [(1, 1), (1_000, 1), (1_001, 2), (2_001, 5), (5_001, 10), (100_000, 100), (10_000_000, 10_000)]
)
def test_about_a_thousand_losses_are_recorded_where_nothing_is_said(epochs: int, every: int) -> None:
    assert spec(run(epochs=epochs))["record"] == {"losses": every, "snapshots": None}


@pytest.mark.parametrize(("name", "most"), [("losses", MAX_ROWS), ("snapshots", MAX_SNAPSHOTS)])
def test_no_more_is_recorded_than_is_kept(name: str, most: int) -> None:
    epochs = most * 3
    assert spec(run(epochs=epochs, record={name: 3}))["record"][name] == 3
    with pytest.raises(InputError, match=rf"record\.{name}: expected at least 4 for {epochs + 1:,} epochs, got 3"):
        spec(run(epochs=epochs + 1, record={name: 3}))


# --- sweeps -----------------------------------------------------------------------------------------------------------


def test_a_grid_has_all_combinations_the_last_key_changing_fastest() -> None:
    asked = sweep(grid={"learningRate": [0.1, 0.2], "networkShape": [[2], []]})
    found = [(place["learningRate"], place["networkShape"], place["seed"]) for place in places(asked)]
    assert found == [(0.1, [2], "a"), (0.1, [], "a"), (0.2, [2], "a"), (0.2, [], "a")]
    assert asked.keys == ["learningRate", "networkShape"]


def test_a_members_run_is_the_base_with_the_values_of_its_place() -> None:
    spec, place = sweep(grid={"networkShape": [[5, 3]]}, epochs=7).members(1)[0][0]
    assert place == {"networkShape": [5, 3], "seed": "a"}
    assert Config.model_validate(spec["config"]) == Config(dataset="xor", seed="a", networkShape=(5, 3))
    assert spec["epochs"] == 7


def test_each_place_is_repeated_with_seeds_of_which_the_first_is_the_bases() -> None:
    found = [(place["noise"], place["seed"]) for place in places(sweep(grid={"noise": [0, 5]}, seeds=3))]
    assert found == [(0, "a"), (0, "a-2"), (0, "a-3"), (5, "a"), (5, "a-2"), (5, "a-3")]
    assert [place["seed"] for place in places(sweep(seeds=["x", "y"]))] == ["x", "y"]


def test_a_sweep_over_nothing_is_one_run() -> None:
    assert places(sweep()) == [{"seed": "a"}]


def test_a_search_draws_the_same_places_each_time_and_others_with_another_seed() -> None:
    keys = {"learningRate": {"low": 1e-3, "high": 1, "log": True}, "activation": ["tanh", "relu"]}

    def drawn(seed: str) -> list[dict[str, Any]]:
        return places(sweep(random={"samples": 20, "keys": keys, "seed": seed}))

    assert drawn("0") == drawn("0") == places(sweep(random={"samples": 20, "keys": keys}))
    assert drawn("0") != drawn("1")
    assert {place["activation"] for place in drawn("0")} == {"tanh", "relu"}
    assert all(1e-3 <= place["learningRate"] <= 1 for place in drawn("0"))
    assert 5 < sum(place["learningRate"] < 0.03 for place in drawn("0")) < 15  # evenly in the logarithm


def test_a_search_draws_whole_numbers_where_they_are_asked_for() -> None:
    found = places(sweep(random={"samples": 20, "keys": {"batchSize": {"low": 1, "high": 3, "whole": True}}}))
    assert {place["batchSize"] for place in found} == {1, 2, 3}
    assert all(isinstance(place["batchSize"], int) for place in found)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("whole", [False, True])
def test_the_widest_range_draws_finite_numbers(log: bool, whole: bool) -> None:
    ends = {"low": (1.0 if whole else 1e-308) if log else -1.7e308, "high": 1.7e308, "log": log, "whole": whole}
    search = RandomSearch.model_validate({"samples": 50, "keys": {"noise": ends}})
    assert all(math.isfinite(place["noise"]) for place in search.places())


def test_a_bad_range_is_refused() -> None:
    for ends in ({"low": 2, "high": 1}, {"low": 0, "high": 1, "log": True}):
        with pytest.raises(ValidationError, match="low at most high, and above 0 where log is true"):
            sweep(random={"samples": 1, "keys": {"noise": ends}})


@pytest.mark.parametrize("ends", [{"low": 1.5, "high": 3}, {"low": 1, "high": 2.5}])
def test_ends_of_whole_numbers_that_are_not_whole_are_refused_instead_of_rounded(ends: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="whole numbers as low and high where whole is true"):
        sweep(random={"samples": 1, "keys": {"batchSize": {**ends, "whole": True}}})


def test_a_sweep_is_a_grid_or_a_search() -> None:
    with pytest.raises(ValidationError, match="either grid, random or search"):
        sweep(grid={"noise": [1]}, random={"samples": 1, "keys": {"noise": [1]}})


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"grid": {"colour": [1]}}, "colour: expected the name of a key of a configuration, got 'colour'."),
        ({"grid": {"noise": [5, 101]}}, "noise: expected at most 100, got 101."),
        ({"grid": {"networkShape": [[4, 0]]}}, "networkShape.1: expected at least 1, got 0."),
        ({"grid": {"activation": [None]}}, "activation: expected "),
        ({"grid": {"activations": [["relu", "cube"]]}}, "activations.1: expected 'relu', "),
        ({"grid": {"loss": ["hinge", "huber"]}}, "loss: expected one of squared, crossEntropy, hinge, perceptron "),
        ({"grid": {"percValidationData": [10, 60]}}, "percValidationData: expected at most 49 beside 50 % that train"),
        (
            {"grid": {"percValidationData": [10, 0]}, "stop": {"validation_loss": 0.1}},
            "stop.validation_loss: expected a configuration with points that validate (percValidationData), got none",
        ),
        ({"random": {"samples": 9, "keys": {"noise": {"low": 101, "high": 102}}}}, "noise: expected at most 100, "),
        ({"seeds": [""]}, "seed: expected at least 1 character, got ''."),
        ({"record": {"snapshots": 1}, "epochs": 1_000}, "record.snapshots: expected at least 10 for "),
    ],
)
def test_a_place_that_is_no_run_is_refused_by_its_key(asked: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError) as refusal:
        sweep(**asked).members(1_000)
    assert str(refusal.value.problems[0]).startswith(problem)


def test_too_many_runs_are_refused_without_making_them_all() -> None:
    many = {"samples": 10_000, "keys": {"noise": {"low": 0, "high": 1}}}
    with pytest.raises(InputError, match="sweep: expected at most 10 runs, got more"):
        sweep(random=many, seeds=100).members(10)
    assert len(places(sweep(grid={"noise": [1, 2]}, seeds=5), 10)) == 10


def test_a_sweep_begins_at_first_weights() -> None:
    state = format_state(Trainer(Config()))
    with pytest.raises(InputError, match="link: expected no trained state for a sweep, got one"):
        sweep(link=f"state={state}").members(1)


NEW_KEYS: dict[str, list[Any]] = {
    "loss": [None, "hinge"],
    "outputActivation": [None, "linear"],
    "activations": [[], ["relu", "sine"]],
    "optimizer": ["sgd", "adam"],
    "percValidationData": [0, 20],
    "normalize": [False, True],
}


def test_any_key_can_be_swept_names_lists_and_nothing_too() -> None:
    for key, values in NEW_KEYS.items():
        members, _ = sweep(grid={key: values}).members(10)
        assert [place[key] for _, place in members] == values
        assert [spec["config"][key] for spec, _ in members] == values
    drawn = places(sweep(random={"samples": 30, "keys": {"loss": [None, "hinge"], "dropout": {"low": 0, "high": 0.5}}}))
    assert {place["loss"] for place in drawn} == {None, "hinge"}


def test_what_may_surprise_about_a_sweeps_configurations_is_told_once_each() -> None:
    asked = sweep(grid={"patience": [0, 5], "percValidationData": [0, 10]}, seeds=3)
    assert asked.members(100)[1] == notes_on(Config(patience=5))
    assert len(sweep(grid={"batchSize": list(range(300, 320))}).members(100)[1]) == MAX_NOTES
    assert sweep(grid={"noise": [1, 2]}).members(10)[1] == []


@pytest.mark.parametrize("share", [0, 0.1])
def test_who_is_to_stop_by_a_validation_loss_has_to_validate(share: float) -> None:
    asked = run(config={"percValidationData": share}, link=None, stop={"validation_loss": 0.1})
    with pytest.raises(InputError, match=r"^stop\.validation_loss: expected a configuration with points that"):
        spec(asked)
    assert spec(run(link="percValidationData=10", stop={"validation_loss": 0.1}))["stop"] == {"validation_loss": 0.1}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"random": {"samples": 1, "keys": {"noise": {"low": "a", "high": 1}}}}, "random.keys.noise.low"),
        ({"random": {"samples": 1, "keys": {"noise": 5}}}, "random.keys.noise"),
        ({"random": {"samples": 1, "keys": {"noise": []}}}, "random.keys.noise"),
        ({"seeds": "x"}, "seeds"),
        ({"seeds": [5]}, "seeds.0"),
    ],
)
def test_a_refusal_has_the_names_of_fields_alone(asked: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        sweep(**asked)
    assert [problem.field for problem in problems(refused.value)] == [field]

"""What each control does to a run, and that a refused one does nothing."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np
import pytest

from app.live import controls
from app.live.checkpoint import run_to_bytes
from app.live.controlled_run import Probe
from app.live.controls import CONTROLS
from app.live.run import LiveRun
from app.wire.messages import Control
from app.worker.hosted_run import HostedRun
from engine import Config, Trainer, format_link
from engine.data.datasets import DATASETS, Point
from engine.data.points import encode
from engine.tables.features import FEATURES
from engine.tables.hideable_controls import CONTROLS as HIDEABLE
from engine.tables.tasks import TASKS
from tests.app.screen import bits
from tests.app.talk import apply, message, run_at

SEED = re.compile(r"0\.\d{5}")


def everything(run: LiveRun) -> tuple[object, ...]:
    """All that a control could change."""
    undo_stack, ended = ([*run.undo_stack.done], [*run.undo_stack.undone]), (run.trainer.diverged, run.trainer.stopped)
    return run_to_bytes(run), repr(run.losses.now), ended, run.attached, undo_stack  # a score that there is not is NaN


def test_every_control_message_is_one_that_can_be_applied() -> None:
    assert set(Control.__subclasses__()) == set(CONTROLS)


# --- what an answer says ----------------------------------------------------------------------------------------------


def test_an_answer_repeats_the_number_and_says_where_the_run_stands() -> None:
    run = run_at(3)
    answer = apply(run, "speed", seq=17, speed="5")
    assert answer == {
        "type": "applied",
        "seq": 17,
        "notes": [],
        "restarted": None,
        "epoch": 3,
        "updates": 75,
        "version": 0,
        "run": 1,
        "playing": False,
        "speed": "5",
        "config": Config().model_dump(),
        "link": format_link(Config()),
        "undo": None,
        "redo": None,
        "gallery": None,
        "rates": None,
    }


def test_every_answer_is_json() -> None:
    run = run_at(1)
    for answer in (apply(run, "reset"), apply(run, "configure", set={"noise": 500})):
        assert json.loads(json.dumps(answer, allow_nan=False))["seq"] == 1


def test_a_control_that_was_applied_is_seen_in_a_new_frame() -> None:
    run = run_at(0)
    run.turn(lambda: 0.0, 1.0)
    assert not run.ready(0.0)
    apply(run, "select", layer=0, unit=0)
    assert run.ready(0.0)


# --- configure --------------------------------------------------------------------------------------------------------

DATA: list[dict[str, object]] = [
    {"dataset": "spiral"},
    {"noise": 10.0},
    {"percTrainData": 70.0},
    {"seed": "0.12345"},
    {"numSamples": 200},
    {"problem": "regression"},
    {"problem": "multiclass"},
    {"problem": "multiclass", "classDataset": "arms", "classes": 5},
    {"percValidationData": 20.0},
]
NETWORK: list[dict[str, object]] = [
    {"networkShape": [3]},
    {"networkShape": []},
    {"xSquared": True},
    {"y": False},
    {"initZero": True},
    {"initializer": "he"},
    {"weightSeed": "another"},
    {"normalize": True},
]
NEITHER: list[dict[str, object]] = [
    {"learningRate": 0.1},
    {"activation": "relu"},
    {"regularization": "L2"},
    {"regularizationRate": 0.1},
    {"batchSize": 20},
    {"showTestData": True},
    {"discretize": True},
    {"regDataset": "reg-gauss"},
    {"hide": ["noise"]},
    {"tutorial": "one"},
    {"showWorst": True},
    {"compact": True},
    {"points": "AAAAAAAAA"},  # of no weight as long as the data are others
    {"classDataset": "rings"},
    {"classes": 4},
    {"loss": "hinge"},
    {"outputActivation": "linear"},
    {"activations": ["relu", "sine"]},
    {"optimizer": "adam"},
    {"momentum": 0.5},
    {"schedule": "cosine"},
    {"decayRate": 0.9},
    {"decayEpochs": 7},
    {"patience": 3},
    {"minDelta": 0.01},
    {"restoreBest": True},
    {"coverTest": True},
    {"reshuffle": True},
    {"dropout": 0.25},
    {"clipNorm": 1.0},
    {"regularizationMode": "loss"},
    {},
]


def name(fields: dict[str, object]) -> str:
    return "-".join(f"{key}-{value}" for key, value in fields.items()) or "nothing"


@pytest.mark.parametrize("change", DATA, ids=name)
def test_a_change_of_the_data_restarts_with_new_data(change: dict[str, object]) -> None:
    run = run_at(2)
    answer = apply(run, "configure", set=change)
    config = Config.model_validate(change)
    assert (answer["type"], answer["restarted"]) == ("applied", "data")
    assert (answer["epoch"], answer["run"], answer["version"]) == (0, 2, 1)
    assert run.config == config
    assert answer["data"]["train"] == Trainer(config).train_data.points
    assert answer["data"]["test"] == Trainer(config).test_data.points
    assert answer["data"]["domain"] == config.data.domain
    assert bits(run.trainer) == bits(Trainer(config))


@pytest.mark.parametrize("change", NETWORK, ids=name)
def test_a_change_of_the_network_restarts_with_the_same_data(change: dict[str, object]) -> None:
    run = run_at(2)
    points = run.trainer.train_data.points
    answer = apply(run, "configure", set=change)
    config = Config.model_validate(change)
    assert (answer["type"], answer["restarted"]) == ("applied", "network")
    assert (answer["epoch"], answer["run"], answer["version"]) == (0, 2, 1)
    assert run.trainer.train_data.points == points
    assert answer["layout"]["shape"] == config.shape
    assert answer["layout"]["features"] == config.features
    assert answer["layout"]["parameters"] == len(run.trainer.network.theta)
    assert bits(run.trainer) == bits(Trainer(config))


@pytest.mark.parametrize("change", NEITHER, ids=name)
def test_any_other_change_goes_on_with_the_same_network(change: dict[str, object]) -> None:
    run = run_at(2)
    before = bits(run.trainer)
    answer = apply(run, "configure", set=change)
    assert (answer["type"], answer["restarted"]) == ("applied", None)
    assert (answer["epoch"], answer["run"], answer["version"]) == (2, 1, 1)
    assert "data" not in answer
    assert run.config == Config.model_validate(change)
    assert bits(run.trainer) == before


def test_the_changes_above_leave_no_field_out() -> None:
    tried = {key for change in (*DATA, *NETWORK, *NEITHER) for key in change}
    alike = {*FEATURES, "hideText", "collectStats"}
    assert tried | alike == set(Config.model_fields)


def test_a_change_is_made_to_the_configuration_in_force() -> None:
    run = run_at(0, Config(learningRate=0.3, networkShape=(5,)))
    apply(run, "configure", set={"activation": "relu"})
    apply(run, "configure", set={"noise": 20})
    assert run.config == Config(learningRate=0.3, networkShape=(5,), activation="relu", noise=20)


def test_training_goes_on_under_the_new_rate() -> None:
    run = run_at(2)
    apply(run, "configure", set={"learningRate": 0.3})
    run.trainer.train(3)
    expected = Trainer(Config())
    expected.train(2)
    expected.reconfigure(Config(learningRate=0.3))
    expected.train(3)
    assert bits(run.trainer) == bits(expected)


def test_the_losses_are_those_under_the_new_activation() -> None:
    run = run_at(2)
    apply(run, "configure", set={"activation": "relu"})
    np.testing.assert_array_equal(run.losses.now, run.trainer.measure())
    assert run.losses.history.last is not None
    assert run.losses.history.last[:3] == (2, *run.trainer.losses())


def test_a_change_that_may_surprise_says_so_once() -> None:
    run = run_at(0)
    (note,) = apply(run, "configure", set={"patience": 5})["notes"]
    assert note == "The patience of 5 stops nothing early, because no points validate: see percValidationData."
    assert apply(run, "configure", set={"noise": 5})["notes"] == []
    assert apply(run, "configure", set={"percValidationData": 10})["notes"] == []
    (note,) = apply(run, "configure", set={"outputActivation": "step"})["notes"]
    assert note == (
        "The step has no slope that the squared loss could go down, so nothing is learnt: "
        "try crossEntropy or hinge or perceptron."
    )
    assert apply(run, "configure", set={"loss": "perceptron"})["notes"] == []
    assert apply(run, "configure", link="outputActivation=step")["notes"] == [note]


def test_a_run_that_was_stopped_early_goes_on_after_a_change() -> None:
    config = Config(networkShape=(2,), noise=50, percTrainData=10, percValidationData=20, learningRate=0.3, patience=5)
    run = run_at(200, config)
    assert run.trainer.stopped
    stopped = run.trainer.epoch
    apply(run, "configure", set={"learningRate": 0.1})
    run.trainer.train(3)
    assert run.trainer.epoch == stopped + 3


def test_a_playing_run_plays_on_with_its_new_network() -> None:
    run = run_at(2)
    apply(run, "play")
    answer = apply(run, "configure", set={"networkShape": [3]})
    assert answer["playing"]
    assert run.plays_on


def test_a_link_replaces_the_whole_configuration_and_its_notes_are_passed_on() -> None:
    run = run_at(2, Config(learningRate=0.3, noise=20))
    answer = apply(run, "configure", link="#activation=relu&noise=900&colour=red&v=1")
    assert run.config == Config(activation="relu", noise=100)
    assert answer["restarted"] == "data"
    assert len(answer["notes"]) == 2
    assert "noise" in answer["notes"][0]
    assert "colour" in answer["notes"][1]


def test_a_batch_larger_than_the_training_set_is_made_smaller_with_a_note() -> None:
    run = run_at(2)
    answer = apply(run, "configure", set={"batchSize": 400})
    assert run.config.batchSize == run.trainer.train_size == 250
    assert answer["config"]["batchSize"] == 250
    (note,) = answer["notes"]
    assert "250" in note
    assert answer["restarted"] is None
    assert answer["epoch"] == 2


def test_a_training_set_that_becomes_smaller_than_the_batch_makes_the_batch_smaller() -> None:
    run = run_at(2, Config(batchSize=100))
    answer = apply(run, "configure", set={"percTrainData": 10})
    assert run.config == Config(batchSize=50, percTrainData=10)
    assert (answer["restarted"], len(answer["notes"])) == ("data", 1)
    assert len(answer["data"]["train"]) == 50


def test_a_link_may_ask_for_a_batch_that_never_fills_and_is_told_so() -> None:
    run = run_at(0)
    answer = apply(run, "configure", link="batchSize=400&colour=red")
    assert run.config.batchSize == 400
    ignored, never = answer["notes"]
    assert "colour" in ignored
    assert "400" in never
    assert "250" in never


# --- transport --------------------------------------------------------------------------------------------------------


def test_play_and_pause_start_and_stop_training() -> None:
    run = run_at(0)
    assert apply(run, "play")["playing"] is True
    assert run.plays_on
    assert apply(run, "pause")["playing"] is False
    assert not run.plays_on


def test_a_step_is_said_to_stand_still_already() -> None:
    run = run_at(2)
    assert apply(run, "step")["playing"] is False
    assert run.playing


@pytest.mark.parametrize(
    ("fields", "epoch", "updates"),
    [({}, 3, 75), ({"count": 4}, 6, 150), ({"unit": "update"}, 2, 51), ({"unit": "update", "count": 30}, 3, 80)],
    ids=["an epoch", "epochs", "an update", "updates"],
)
def test_a_step_trains_as_much_as_it_says(fields: dict[str, Any], epoch: int, updates: int) -> None:
    run, ticks = run_at(2), iter(range(10_000))
    apply(run, "step", **fields)
    while run.playing:
        run.turn(lambda: next(ticks) * 1e-6, 1.0)
    assert (run.trainer.epoch, run.trainer.updates) == (epoch, updates)


def test_a_step_of_an_update_is_an_epoch_where_a_batch_never_fills() -> None:
    run, ticks = run_at(0, Config(batchSize=400)), iter(range(10_000))
    apply(run, "step", unit="update", count=2)
    while run.playing:
        run.turn(lambda: next(ticks) * 1e-6, 1.0)
    assert (run.trainer.epoch, run.trainer.updates) == (2, 0)


@pytest.mark.parametrize(("points", "updates"), [(0, 0), (1, 0), (3, 2), (60, 2)])
def test_a_step_of_an_update_is_one_on_ones_own_points_however_few_they_are(points: int, updates: int) -> None:
    run = run_at(0, Config(dataset="own", points=encode([Point(1, 2, 1)] * points), batchSize=30))
    ticks = iter(range(10_000))
    apply(run, "step", unit="update", count=2)
    while run.playing:
        run.turn(lambda: next(ticks) * 1e-6, 1.0)
    assert (run.trainer.epoch, run.trainer.updates) == (2, updates)


def test_a_reset_goes_back_to_the_first_weights_and_stops() -> None:
    run = run_at(5)
    apply(run, "play")
    answer = apply(run, "reset")
    assert (answer["restarted"], answer["epoch"], answer["playing"]) == ("network", 0, False)
    assert bits(run.trainer) == bits(Trainer(Config()))
    assert run.losses.history.since(-1)[:, 0].tolist() == [0]
    assert answer["layout"]["parameters"] == len(run.trainer.network.theta)


def test_regenerate_draws_another_seed_and_with_it_data_and_weights() -> None:
    run = run_at(5)
    points = run.trainer.train_data.points
    answer = apply(run, "regenerate")
    assert answer["restarted"] == "data"
    assert SEED.fullmatch(run.config.seed)
    assert run.config == Config(seed=run.config.seed)
    assert bits(run.trainer) == bits(Trainer(run.config)) != bits(Trainer(Config()))
    assert run.trainer.train_data.points != points


def test_regenerated_seeds_keep_the_leading_zeros_of_their_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda limit: 42)
    run = run_at(0)
    apply(run, "regenerate")
    assert run.config.seed == "0.00042"


def test_a_regenerated_seed_is_never_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([42, 42, 43])
    monkeypatch.setattr("secrets.randbelow", lambda limit: next(drawn))
    run = run_at(0)
    assert apply(run, "regenerate")["restarted"] == "data"
    assert apply(run, "regenerate")["restarted"] == "data"
    assert run.config.seed == "0.00043"


# --- weights, selection, speed, visibility ----------------------------------------------------------------------------


def test_a_weight_is_set_where_it_belongs() -> None:
    run = run_at(2)
    apply(run, "weight", layer=0, unit=3, source=1, value=0.75)
    expected = run_at(2).trainer
    expected.network.layers[0].weights[3, 1] = 0.75
    assert bits(run.trainer) == bits(expected)
    np.testing.assert_array_equal(run.losses.now, expected.measure())
    assert run.losses.history.last is not None
    assert run.losses.history.last[:3] == (2, *expected.losses())


def test_a_bias_is_set_where_it_belongs() -> None:
    run = run_at(2)
    apply(run, "bias", layer=2, unit=0, value=-0.75)
    expected = run_at(2).trainer
    expected.network.layers[2].biases[0] = -0.75
    assert bits(run.trainer) == bits(expected)
    np.testing.assert_array_equal(run.losses.now, expected.measure())


def test_a_weight_may_be_a_whole_number() -> None:
    run = run_at(0)
    apply(run, "weight", layer=0, unit=0, source=0, value=1)
    assert run.trainer.network.layers[0].weights[0, 0] == 1.0


def test_a_unit_is_selected_and_let_go() -> None:
    run = run_at(0)
    apply(run, "select", layer=1, unit=1)
    assert run.selected == (1, 1)
    apply(run, "select")
    assert run.selected is None


def test_a_place_is_probed_and_let_go() -> None:
    run = run_at(0)
    apply(run, "probe", x=1.5, y=-2, label=1)
    assert run.probe == Probe(1.5, -2.0, 1.0)
    apply(run, "probe", x=0.5, y=0)
    assert run.probe == Probe(0.5, 0.0, None)
    apply(run, "probe")
    assert run.probe is None


@pytest.mark.parametrize("speed", ["1", "2", "5", "20", "100", "max"])
def test_a_speed_is_taken_over(speed: str) -> None:
    run = run_at(0)
    assert apply(run, "speed", speed=speed)["speed"] == speed
    assert run.speed == speed


def test_a_page_can_be_hidden_and_shown() -> None:
    run = run_at(0)
    apply(run, "visibility", visible=False)
    assert not run.ready(0.0)
    apply(run, "visibility", visible=True)
    assert run.ready(0.0)


# --- refused ----------------------------------------------------------------------------------------------------------

REFUSED: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("configure", {"set": {"noise": 101}}, "noise", "100", "101"),
    ("configure", {"set": {"noise": "much"}}, "noise", "number", "'much'"),
    ("configure", {"set": {"learningRate": -1}}, "learningRate", "at least 0", "-1"),
    ("configure", {"set": {"batchSize": 1.5}}, "batchSize", "a whole number", "1.5"),
    ("configure", {"set": {"activation": "cube"}}, "activation", "'relu'", "'cube'"),
    ("configure", {"set": {"networkShape": [4, 65]}}, "networkShape.1", "64", "65"),
    ("configure", {"set": {"networkShape": [1] * 11}}, "networkShape", "at most 10", "[1, 1"),
    ("configure", {"set": {"hide": ["moon"]}}, "hide.0", "'noise'", "'moon'"),
    ("configure", {"set": {"seed": ""}}, "seed", "at least 1", "''"),
    ("configure", {"set": {"seed": "<b>"}}, "seed", "letters", "'<b>'"),
    ("configure", {"set": {"x": "true"}}, "x", "true or false", "'true'"),
    ("configure", {"set": {"colour": "red"}}, "colour", "the name of a field", "'colour'"),
    ("configure", {"set": {"learningRate": 0.1, "noise": -1}}, "noise", "at least 0", "-1"),
    ("configure", {"set": {"dataset": "own", "points": "AAAA"}}, "points", "9 characters", "'AAAA'"),
    ("configure", {"set": {"loss": "huber"}}, "loss", "one of squared, crossEntropy, hinge, perceptron", "'huber'"),
    ("configure", {"set": {"outputActivation": "softmax"}}, "outputActivation", "tanh, linear, step", "'softmax'"),
    ("configure", {"set": {"activations": ["relu", "cube"]}}, "activations.1", "'relu'", "'cube'"),
    ("configure", {"set": {"percValidationData": 60}}, "percValidationData", "at most 49 beside 50 %", "60"),
    ("configure", {"set": {"momentum": 1}}, "momentum", "at most 0.999", "1"),
    ("undo", {}, "undo", "a change to take back", "none"),
    ("redo", {}, "redo", "a change that was taken back", "none"),
    ("weight", {"layer": 3, "unit": 0, "source": 0, "value": 1.0}, "layer", "0 to 2", "3"),
    ("weight", {"layer": 0, "unit": 4, "source": 0, "value": 1.0}, "unit", "0 to 3", "4"),
    ("weight", {"layer": 0, "unit": 0, "source": 2, "value": 1.0}, "source", "0 to 1", "2"),
    ("bias", {"layer": 9, "unit": 0, "value": 1.0}, "layer", "0 to 2", "9"),
    ("bias", {"layer": 2, "unit": 1, "value": 1.0}, "unit", "0 to 0", "1"),
    ("select", {"layer": 0, "unit": 4}, "unit", "(4, 2)", "unit 4 of layer 0"),
    ("select", {"layer": 2, "unit": 0}, "unit", "(4, 2)", "unit 0 of layer 2"),
]


@pytest.mark.parametrize(("kind", "fields", "field", "expected", "got"), REFUSED)
def test_a_refused_control_names_what_was_wrong_and_changes_nothing(
    kind: str, fields: dict[str, Any], field: str, expected: str, got: str
) -> None:
    run = run_at(2)
    apply(run, "play")
    apply(run, "select", layer=0, unit=1)
    before = everything(run)
    answer = apply(run, kind, seq=9, **fields)
    assert (answer["type"], answer["seq"], answer["epoch"]) == ("error", 9, 2)
    (problem,) = answer["problems"]
    assert field in problem["field"]
    assert expected in problem["expected"]
    assert got in problem["got"]
    assert answer["message"] == f"{problem['field']}: expected {problem['expected']}, got {problem['got']}."
    assert everything(run) == before


def test_everything_that_is_wrong_is_named() -> None:
    answer = apply(run_at(0), "configure", set={"noise": 101, "colour": "red"})
    assert [problem["field"] for problem in answer["problems"]] == ["noise", "colour"]


def test_numbers_that_are_none_are_refused() -> None:
    run = run_at(0)
    for number in (math.inf, math.nan):
        answer = controls.apply(run, message("configure", set={}).model_copy(update={"set": {"learningRate": number}}))
        assert answer["type"] == "error"
    assert run.config == Config()


# --- waiting ----------------------------------------------------------------------------------------------------------


def noise(value: float, seq: int) -> Control:
    return message("configure", seq, set={"noise": value})


def coalesced(messages: list[Control]) -> list[Control]:
    """Those that are left waiting when all have come before the first had its turn."""
    hosted = HostedRun(LiveRun(Trainer(Config())))
    for number, one in enumerate(messages):
        hosted.enqueue(one, number)
    return [control for control, _ in hosted.waiting]


def test_of_a_slider_on_its_way_only_the_last_value_counts() -> None:
    assert coalesced([noise(value, value) for value in range(50)]) == [noise(49, 49)]


def test_other_controls_are_all_kept_in_their_order() -> None:
    plain = [
        message("play", 1),
        message("pause", 2),
        message("step", 3),
        message("step", 4),
        message("weight", 5, layer=0, unit=0, source=0, value=1.0),
        message("weight", 6, layer=0, unit=0, source=0, value=2.0),
        message("regenerate", 7),
        message("regenerate", 8),
    ]
    assert coalesced(plain) == plain


def test_a_value_before_another_control_is_kept() -> None:
    mixed = [noise(1, 1), noise(2, 2), message("step", 3), noise(3, 4), noise(4, 5)]
    assert coalesced(mixed) == [noise(2, 2), message("step", 3), noise(4, 5)]


def test_a_value_is_kept_where_the_next_change_is_of_another_field() -> None:
    rate = message("configure", 2, set={"learningRate": 0.1})
    assert coalesced([noise(1, 1), rate, noise(2, 3)]) == [noise(1, 1), rate, noise(2, 3)]


def test_a_change_of_more_fields_stands_for_one_of_fewer_and_not_the_other_way_round() -> None:
    both = message("configure", 2, set={"noise": 3, "learningRate": 0.1})
    assert coalesced([noise(1, 1), both]) == [both]
    assert coalesced([both, noise(1, 3)]) == [both, noise(1, 3)]


def test_links_are_all_kept() -> None:
    links = [message("configure", 1, link="noise=1"), message("configure", 2, link="noise=2"), noise(3, 3)]
    assert coalesced(links) == links


def test_the_thinned_controls_lead_to_where_all_would_have() -> None:
    every = [noise(1, 1), noise(2, 2), message("configure", 3, set={"networkShape": [3]}), noise(3, 4), noise(5, 5)]
    whole, thinned = run_at(1), run_at(1)
    for control in every:
        controls.apply(whole, control)
    for control in coalesced(every):
        controls.apply(thinned, control)
    assert thinned.config == whole.config
    assert bits(thinned.trainer) == bits(whole.trainer)


def test_two_gestures_are_kept_apart() -> None:
    """Else one undo would go back to the middle of the first."""
    first, second = (message("configure", n, set={"noise": n}, gesture=n) for n in (1, 2))
    on_its_way = message("configure", 3, set={"noise": 3}, gesture=2)
    assert coalesced([first, second, on_its_way]) == [first, on_its_way]


def test_of_a_probe_on_its_way_only_the_last_place_counts() -> None:
    probes = [message("probe", n, x=float(n), y=0.0) for n in range(5)]
    assert coalesced(probes) == probes[-1:]
    assert coalesced([probes[0], message("probe", 9)]) == [message("probe", 9)]
    assert coalesced([probes[0], message("step", 2), probes[1]]) == [probes[0], message("step", 2), probes[1]]


def test_every_dataset_and_every_hidden_control_can_be_configured() -> None:
    run = run_at(0)
    for key, dataset in DATASETS.items():
        field = TASKS[dataset.problem].dataset
        assert apply(run, "configure", set={"problem": dataset.problem, field: key})["type"] == "applied"
        assert run.config.data is dataset
    apply(run, "configure", set={"hide": list(HIDEABLE)})
    assert run.config.hide == tuple(HIDEABLE)

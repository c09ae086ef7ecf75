"""Control messages applied to a run: transport, weights, selection, and what is refused."""

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
from engine import Config, Trainer, format_link
from engine.data.datasets import Point
from engine.data.points import encode
from tests.app.screen import bits
from tests.app.talk import apply, message, run_at

SEED = re.compile(r"0\.\d{5}")


def everything(run: LiveRun) -> tuple[object, ...]:
    """All that a control could change."""
    undo_stack, ended = ([*run.undo_stack.done], [*run.undo_stack.undone]), (run.trainer.diverged, run.trainer.stopped)
    return run_to_bytes(run), repr(run.losses.now), ended, run.attached, undo_stack  # a score that there is not is NaN


def test_every_control_message_is_one_that_can_be_applied() -> None:
    assert set(Control.__subclasses__()) == set(CONTROLS)


# --- what an answer says --------------------------------------------------------------------------------------------


def test_an_answer_repeats_the_number_and_says_where_the_run_stands() -> None:
    run = run_at(3)
    answer = apply(run, "speed", seq=17, speed="5")
    assert answer == {
        "type": "applied",
        "seq": 17,
        "control": "speed",
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


# --- transport ------------------------------------------------------------------------------------------------------


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


# --- weights, selection, speed, visibility --------------------------------------------------------------------------


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


# --- refused --------------------------------------------------------------------------------------------------------

REFUSED: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("configure", {"set": {"noise": 101}}, "noise", "100", "101"),
    ("configure", {"set": {"noise": "much"}}, "noise", "number", "'much'"),
    ("configure", {"set": {"learningRate": -1}}, "learningRate", "at least 0", "-1"),
    ("configure", {"set": {"batchSize": 1.5}}, "batchSize", "a whole number", "1.5"),
    ("configure", {"set": {"activation": "cube"}}, "activation", "'relu'", "'cube'"),
    ("configure", {"set": {"networkShape": [4, 129]}}, "networkShape.1", "128", "129"),
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

"""Undo and redo of everything that changes a run."""

from __future__ import annotations

from typing import Any

import pytest

from app.live.checkpoint import run_from_bytes, run_to_bytes
from app.wire.refusal import Answer
from engine import Config, Trainer, format_link, format_state
from tests.app.live.undoing import amid_an_epoch, everything
from tests.app.screen import bits
from tests.app.talk import apply, run_at

OWN_STATE = f"state={format_state(Trainer(Config()))}"


def other_link() -> str:
    """A link with the state of a trained network."""
    trainer = Trainer(Config(dataset="xor", networkShape=(3,)))
    trainer.train(4)
    return f"{format_link(trainer.config)}&state={format_state(trainer)}"


def other_file() -> dict[str, Any]:
    file: dict[str, Any] = apply(run_at(3, Config(dataset="spiral", networkShape=(5,))), "save")["saved"]["file"]
    return file


def next_to(answer: Answer) -> tuple[str | None, str | None]:
    """What the next undo and the next redo would be of."""
    undo, redo = answer["undo"], answer["redo"]
    return undo and undo["what"], redo and redo["what"]


CHANGES: dict[str, tuple[str, dict[str, Any], str]] = {
    "data": ("configure", {"set": {"noise": 20}}, "data"),
    "split": ("configure", {"set": {"percTrainData": 70}}, "data"),
    "network": ("configure", {"set": {"networkShape": [3]}}, "network"),
    "features": ("configure", {"set": {"xSquared": True}}, "network"),
    "classes": ("configure", {"set": {"problem": "multiclass", "classDataset": "arms", "classes": 5}}, "data"),
    "validation": ("configure", {"set": {"percValidationData": 20, "patience": 3}}, "data"),
    "normalization": ("configure", {"set": {"normalize": True}}, "network"),
    "other first weights": ("configure", {"set": {"weightSeed": "b", "initializer": "he"}}, "network"),
    "several fields": ("configure", {"set": {"problem": "regression", "learningRate": 0.1}}, "data"),
    "regenerate": ("regenerate", {}, "data"),
    "reset": ("reset", {}, "weights"),
    "a link": ("configure", {"link": "dataset=xor&networkShape=3"}, "data"),
    "a link with a state": ("configure", {"link": other_link()}, "data"),
    "a link with another state of the same run": ("configure", {"link": OWN_STATE}, "network"),
    "a weight": ("weight", {"layer": 0, "unit": 0, "source": 1, "value": 2.0}, "weights"),
    "a bias": ("bias", {"layer": 0, "unit": 0, "value": 2.0}, "weights"),
    "a point": ("point", {"part": "train", "point": 0, "x": 1.5, "y": -2.0}, "data"),
    "an opened file": ("open", {"file": other_file()}, "data"),
}
every_change = pytest.mark.parametrize(("kind", "fields", "what"), CHANGES.values(), ids=CHANGES)


@every_change
def test_a_change_is_taken_back_to_the_bit_and_made_again(kind: str, fields: dict[str, Any], what: str) -> None:
    run = amid_an_epoch()
    before = everything(run)
    changed = apply(run, kind, **fields)
    assert next_to(changed) == (what, None)
    after = everything(run)
    assert after != before
    undone = apply(run, "undo")
    assert everything(run) == before
    assert (undone["restarted"], *next_to(undone)) == (what, None, what)
    assert (undone["epoch"], undone["config"]) == (3, Config().model_dump())
    assert undone["data"]["train"] == Trainer(Config()).train_data.points
    redone = apply(run, "redo")
    assert everything(run) == after
    assert (redone["restarted"], *next_to(redone)) == (what, what, None)


@every_change
def test_a_run_that_came_back_goes_on_as_if_nothing_had_happened(kind: str, fields: dict[str, Any], what: str) -> None:
    run, undisturbed = amid_an_epoch(), amid_an_epoch()
    apply(run, kind, **fields)
    run.trainer.train(2)
    apply(run, "undo")
    for each in (run, undisturbed):
        each.trainer.train(3)
    assert bits(run) == bits(undisturbed)


def test_an_answer_has_the_links_to_which_undo_and_redo_would_lead() -> None:
    run = run_at(0)
    first = apply(run, "configure", set={"noise": 20})
    second = apply(run, "configure", set={"learningRate": 0.1})
    assert (first["undo"]["link"], second["undo"]["link"]) == (format_link(Config()), first["link"])
    back = apply(run, "undo")
    assert (back["link"], back["undo"], back["redo"]["link"]) == (first["link"], first["undo"], second["link"])


def test_what_was_trained_after_a_change_comes_back_when_it_is_made_again() -> None:
    run = amid_an_epoch()
    apply(run, "configure", set={"networkShape": [3]})
    run.trainer.train(4)
    run.measure()
    later = everything(run)
    apply(run, "undo")
    run.trainer.train(2)
    apply(run, "redo")
    assert everything(run) == later


def test_a_change_of_settings_is_taken_back_without_touching_the_network() -> None:
    run = amid_an_epoch()
    assert next_to(apply(run, "configure", set={"learningRate": 0.3})) == ("settings", None)
    run.trainer.train(2)
    run.measure()
    trained = run.trainer.snapshot(), run.losses.history.since(-1)[:, :6].tobytes()  # but for the learning rate
    undone = apply(run, "undo")
    assert (undone["restarted"], *next_to(undone)) == (None, None, "settings")
    assert "data" not in undone
    assert run.config == Config()
    assert (run.trainer.snapshot(), run.losses.history.since(-1)[:, :6].tobytes()) == trained
    assert run.losses.history.since(-1)[-1, 6] == 0.03
    apply(run, "redo")
    assert run.config == Config(learningRate=0.3)
    assert (run.trainer.snapshot(), run.losses.history.since(-1)[:, :6].tobytes()) == trained


def test_the_losses_are_those_under_the_settings_that_came_back() -> None:
    run = run_at(3)
    before = everything(run)
    apply(run, "configure", set={"activation": "relu"})
    assert repr(run.losses.now) != before[-1]
    apply(run, "undo")
    assert everything(run) == before


def test_a_change_of_the_optimizer_is_taken_back_and_the_other_begins_without_memory() -> None:
    run = amid_an_epoch(Config(optimizer="adam"))
    apply(run, "configure", set={"optimizer": "momentum", "loss": "hinge", "activations": ["relu"]})
    apply(run, "undo")
    assert run.config == Config(optimizer="adam")
    run.trainer.train()
    assert run.trainer.snapshot().steps == 20
    assert apply(run, "redo")["config"]["activations"] == ("relu",)


def test_changes_are_taken_back_one_by_one_in_their_order() -> None:
    run = amid_an_epoch()
    steps = [{"learningRate": 0.1}, {"networkShape": [3]}, {"activation": "relu"}, {"noise": 20}]
    configs = [run.config]
    for step in steps:
        apply(run, "configure", set=step)
        run.trainer.train()
        configs.append(run.config)
    assert [next_to(apply(run, "undo"))[0] for _ in steps] == ["settings", "network", "settings", None]
    assert run.config == configs[0]
    for config in configs[1:]:
        assert apply(run, "redo")["type"] == "applied"
        assert run.config == config


def test_a_batch_that_a_change_made_smaller_comes_back_with_it() -> None:
    run = run_at(2, Config(batchSize=100))
    apply(run, "configure", set={"percTrainData": 10})
    assert run.config.batchSize == 50
    apply(run, "undo")
    assert run.config == Config(batchSize=100)
    apply(run, "redo")
    assert run.config == Config(batchSize=50, percTrainData=10)


def test_a_new_change_leaves_nothing_to_be_made_again() -> None:
    for change in ({"learningRate": 0.1}, {"networkShape": [5]}):
        run = amid_an_epoch()
        apply(run, "configure", set={"noise": 20})
        apply(run, "undo")
        answer = apply(run, "configure", set=change)
        assert answer["redo"] is None
        assert apply(run, "redo")["type"] == "error"


def test_one_undo_takes_back_all_weights_of_a_gesture() -> None:
    run = amid_an_epoch()
    before = everything(run)
    for value in (1.0, 2.0, 3.0):
        apply(run, "weight", layer=0, unit=0, source=0, value=value, gesture=7)
        apply(run, "bias", layer=0, unit=0, value=value, gesture=7)
    apply(run, "undo")
    assert everything(run) == before
    apply(run, "redo")
    assert run.trainer.network.theta[run.trainer.network.bias_index(0, 0)] == 3.0


def test_what_changes_nothing_leaves_all_as_it_is() -> None:
    run = run_at(0)
    apply(run, "configure", set={"noise": 20})
    apply(run, "undo")
    kept: list[tuple[str, dict[str, Any]]] = [
        ("configure", {"set": {"noise": 0}}),
        ("reset", {}),
        ("play", {}),
        ("pause", {}),
        ("speed", {"speed": "5"}),
        ("probe", {"x": 1, "y": 1}),
        ("save", {}),
    ]
    for kind, fields in kept:
        answer = apply(run, kind, **fields)
        assert next_to(answer) == (None, "data"), kind


def test_a_parameter_set_by_hand_is_kept_by_the_next_change() -> None:
    run = amid_an_epoch()
    apply(run, "bias", layer=0, unit=0, value=2.0)
    before = everything(run)
    apply(run, "reset")
    apply(run, "undo")
    assert everything(run) == before


def test_a_run_that_plays_plays_on_when_a_change_is_taken_back() -> None:
    run = amid_an_epoch()
    apply(run, "play")
    apply(run, "configure", set={"networkShape": [3]})
    assert apply(run, "undo")["playing"] is True


def test_a_selected_unit_that_is_gone_is_let_go_when_a_change_is_taken_back() -> None:
    run = run_at(0)
    apply(run, "configure", set={"networkShape": [8, 8, 8]})
    apply(run, "select", layer=2, unit=7)
    apply(run, "undo")
    assert run.selected is None


def test_a_run_that_came_back_from_its_bytes_has_nothing_to_take_back() -> None:
    run = amid_an_epoch()
    apply(run, "configure", set={"noise": 20})
    twin = run_from_bytes(run_to_bytes(run))
    assert apply(twin, "undo")["type"] == "error"

"""Tapes: the same bits as the code that they were recorded from, and nothing else is ever run."""

from __future__ import annotations

import copy
import random
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from engine import Config, Trainer
from engine.restarts.stack import Stack
from engine.tables import Array
from engine.tables.activations import ACTIVATIONS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.penalties import MODES, PENALTIES
from engine.tape_check import differences
from engine.tapes import tape
from engine.tapes.recording import NotRecordableError, Recorder

pytestmark = pytest.mark.skipif(not tape.IS_BUILT, reason="built without a compiler")

CHOICES: dict[str, list[Any]] = {
    "activation": [*ACTIVATIONS],
    "optimizer": [*OPTIMIZERS],
    "regularization": [*PENALTIES],
    "regularizationMode": [*MODES],
    "regularizationRate": [0, 0.001, 0.1],
    "learningRate": [0.01, 0.1, 3],
    "batchSize": [1, 3, 10, 17, 200],
    "networkShape": [(), (3,), (4, 2), (5, 5, 5), (1, 1)],
    "dropout": [0, 0, 0.3],
    "clipNorm": [0, 0, 0.2],
    "reshuffle": [False, True],
    "schedule": ["constant", "step", "cosine"],
    "decayEpochs": [3],
    "percValidationData": [0, 20],
    "patience": [0, 5],
    "initializer": ["uniform", "he"],
    "normalize": [False, True],
}


def listed(*calls: Any, slots: tuple[Array, ...] = ()) -> Any:
    """A list of calls as the extension has it."""
    return import_module("engine.tapes._calls").CallList(calls, slots)


@pytest.fixture(autouse=True)
def tapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tapes from the first update on, also where the environment turns them off."""
    monkeypatch.setattr(tape, "_is_used", True)
    monkeypatch.setattr(tape, "WORTHWHILE", 0)


def generated(number: int) -> Config:
    """Any configuration."""
    draw = random.Random(number)
    problem = draw.choice(["classification", "multiclass", "regression"])
    loss = draw.choice([None, *(name for name, loss in LOSSES.items() if problem in loss.problems)])
    values = {name: draw.choice(choices) for name, choices in CHOICES.items()}
    return Config.model_validate(
        {**values, "problem": problem, "loss": loss, "numSamples": 100, "seed": f"0.{number}", "noise": 10}
    )


def course(trainer: Trainer) -> list[object]:
    """All that a run is, at places reached in unlike ways."""
    seen: list[object] = []
    for updates in (1, 2, 30, 7):
        trainer.step(updates)
        seen += [trainer.snapshot(), trainer.network.gradient.tobytes(), trainer.batch_losses().tobytes()]
    trainer.train(3)
    return [*seen, trainer.snapshot(), trainer.diverged, trainer.stopped, trainer.measure()]


@pytest.mark.parametrize("hundred", range(5))
def test_generated_runs_have_the_same_bits_either_way(hundred: int) -> None:
    for number in range(100 * hundred, 100 * (hundred + 1)):
        config = generated(number)
        with tape.used(False):
            by_code = course(Trainer(config))
        assert repr(course(Trainer(config))) == repr(by_code), config


def test_most_generated_runs_have_tapes() -> None:
    trainers = [Trainer(generated(number)) for number in range(50)]
    for trainer in trainers:
        trainer.step(40)
    made = [list(trainer._tapes._made.values()) for trainer in trainers]
    without = {trainer.config.loss_name for trainer, tapes in zip(trainers, made, strict=True) if None in tapes}
    assert without == {"perceptron"}  # of many classes: it looks for the largest sum, which no ufunc does
    assert sum(bool(tapes) and None not in tapes for tapes in made) > 35


@pytest.mark.parametrize("fields", [{}, {"dropout": 0.3}, {"optimizer": "adam", "problem": "multiclass"}])
def test_networks_side_by_side_have_the_same_bits_either_way(fields: dict[str, Any]) -> None:
    configs = [Config.model_validate({"numSamples": 100, "weightSeed": str(i), **fields}) for i in range(3)]

    def trained() -> Stack:
        stack = Stack([Trainer(config) for config in configs])
        for _ in range(20):
            stack.step(3)
        return stack

    stack = trained()
    assert any(stack._tapes._made.values())
    with tape.used(False):
        assert trained()._network.theta.tobytes() == stack._network.theta.tobytes()


def test_a_changed_rate_and_a_moved_weight_are_those_of_the_next_update() -> None:
    def trained() -> bytes:
        trainer = Trainer(Config(schedule="exponential", decayEpochs=2))
        trainer.train(3)
        trainer.set_weight(0, 0, 0, 0.5)
        trainer.train(2)
        trainer.reconfigure(trainer.config.model_copy(update={"learningRate": 0.3, "optimizer": "adam"}))
        trainer.train(2)
        return trainer.network.theta.tobytes()

    by_tape = trained()
    with tape.used(False):
        assert trained() == by_tape


def test_a_copy_makes_tapes_of_its_own() -> None:
    trainer = Trainer(Config())
    trainer.train(2)
    twin = copy.deepcopy(trainer)
    assert not twin._tapes._made
    before = trainer.network.theta.tobytes()
    twin.train(2)
    assert trainer.network.theta.tobytes() == before
    trainer.train(2)
    assert trainer.network.theta.tobytes() == twin.network.theta.tobytes()


def test_a_tape_that_differs_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    run = tape.Tape.run

    def wrong(self: tape.Tape, loop: Any, batches: Any) -> None:
        run(self, loop, batches)
        loop.network.theta[0] += 1e-12

    monkeypatch.setattr(tape.Tape, "run", wrong)
    trainer = Trainer(Config())
    trainer.train(2)
    assert list(trainer._tapes._made.values()) == [None]
    with tape.used(False):
        again = Trainer(Config())
        again.train(2)
    assert trainer.network.theta.tobytes() == again.network.theta.tobytes()
    assert differences()  # which a process that trains for pages looks at when it starts


def test_both_ways_are_the_same_for_all_kinds() -> None:
    assert differences() == []


# --- recording --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        lambda a: a.argmax(),
        lambda a: np.where(a > 0, a, 0.0),
        lambda a: a[a > 0],
        lambda a: a + np.ones((2, 2), int),
        lambda a: bool(a.sum(axis=0)[0]),
        lambda a: float(a[0, 0, ...]),
        lambda a: np.add.accumulate(a),
        lambda a: a.copy(),
    ],
)
def test_what_is_no_list_of_calls_is_refused(code: Any) -> None:
    with pytest.raises(NotRecordableError):
        code(Recorder().recorded(np.ones((2, 2))))


def test_a_recording_computes_nothing_and_its_repetition_does() -> None:
    recorder, a, out = Recorder(), np.array([[1.0, -2.0], [3.0, 4.0]]), np.zeros((2, 2))
    array, written = recorder.recorded(a), recorder.recorded(out)
    np.multiply(array, 2, out=written)
    np.copyto(written, -1.0, where=array < 0)
    written += array.sum(axis=-2, keepdims=True)
    written -= array.max(axis=-1, keepdims=True)
    np.clip(written, -4, 7, out=written)
    assert not out.any()
    listed(*recorder.calls).run(1, (), ())
    expected = np.where(a < 0, -1, 2 * a) + a.sum(axis=0) - a.max(axis=1, keepdims=True)
    assert out.tolist() == np.clip(expected, -4, 7).tolist()


# --- the extension ----------------------------------------------------------------------------------------------------

A: Array = np.ones((2, 3))
B: Array = np.ones((3, 2))
OUT: Array = np.zeros((2, 3))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ((np.add, (A, A), (-1, -1), None), "as many operands"),
        ((np.add, (A, A, B), (-1, -1, -1), None), "one shape"),
        ((np.add, (A, 1.0, OUT), (-1, -1, -1), None), "arrays as operands"),
        ((np.add, (A, A.astype(int), OUT), (-1, -1, -1), None), "without a cast"),
        ((np.add, (A, A, np.broadcast_to(np.ones(3), (2, 3))), (-1, -1, -1), None), "written to"),
        ((np.add, (A, A, OUT), (-1, -1, 5), None), "number of a slot"),
        ((np.add, (A, A, OUT), (-1, -1, 0), None), "within its slot"),
        ((np.add, (A, A, OUT), (-1, -1, -1), A), "mask of booleans"),
        ((np.add, (A, A, OUT), (-1, -1, -1), np.ones(3, bool)), "one shape"),
        ((np.matmul, (A, A, OUT), (-1, -1, -1), None), "can be multiplied"),
        ((np.matmul, (A, B, OUT), (-1, -1, -1), None), "can be multiplied"),
        ((np.vecdot, (A, A, np.ones(2)), (-1, -1, -1), None), "matmul"),
        ((np.modf, (A, A, OUT), (-1, -1, -1), None), "one output"),
        ((np.positive, (A[:, ::-1].view(">f8"), OUT), (-1, -1), None), "byte order"),
    ],
)
def test_a_list_that_would_leave_its_arrays_is_refused_when_it_is_made(call: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        listed(call, slots=(np.ones((4, 4))[:1, :1],))


def test_an_operand_of_larger_elements_than_its_slot_is_refused() -> None:
    whole = np.ones(2)
    with pytest.raises(ValueError, match="within its slot"):
        listed((np.positive, (whole.view(complex), np.ones(1, complex)), (0, -1), None), slots=(whole[:1],))


@pytest.mark.parametrize(
    ("times", "first", "last", "says"),
    [
        (0, np.ones((2, 6))[:, :3], np.ones((2, 6))[:, :3], "for each slot"),
        (2, np.ones((2, 6))[:, :3], np.ones((2, 6))[:, 3:], "in one array"),
        (2, np.ones((2, 6))[:, :2], np.ones((2, 6))[:, :2], "as they were recorded"),
        (2, np.ones((2, 3)), np.ones((2, 3)), "as they were recorded"),
    ],
)
def test_slots_that_are_not_as_recorded_are_refused(times: int, first: Array, last: Array, says: str) -> None:
    slot = np.ones((2, 6))[:, :3]
    calls = listed((np.positive, (slot, np.ones((2, 3))), (0, -1), None), slots=(slot,))
    with pytest.raises(ValueError, match=says):
        calls.run(times, (first,), (last,))


def test_slots_at_an_uneven_distance_are_refused_and_even_ones_are_each_used() -> None:
    whole, total = np.arange(12.0).reshape(2, 6), np.zeros((2, 2))
    calls = listed((np.add, (total, whole[:, :2], total), (-1, 0, -1), None), slots=(whole[:, :2],))
    for times in (4, 9):  # the second would begin between two elements
        with pytest.raises(ValueError, match="even distance"):
            calls.run(times, (whole[:, :2],), (whole[:, 4:],))
    calls.run(3, (whole[:, :2],), (whole[:, 4:],))
    assert total.tolist() == whole.reshape(2, 3, 2).sum(axis=1).tolist()

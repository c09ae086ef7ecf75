"""A run's state as text: it goes on to the same bits, and whatever is no such text is refused in words."""

from __future__ import annotations

import base64
import re
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.config import Config
from engine.data.datasets import Point
from engine.state import LONGEST, format_state, trainer_at
from engine.trainer import Trainer
from engine.training.early_stopping import NO_BEST, Best, Stop, Weights
from tests.engine.runs import own, small, state

TINY = small(networkShape=(), x=False)  # one weight and one bias
SPARSELY: dict[str, Any] = {"regularization": "L1", "regularizationRate": 0.3}
SPARSE = small(regularization="L1", regularizationRate=3, learningRate=0.1)
RESTORING = small(percValidationData=20, patience=2, restoreBest=True, learningRate=0.3, **SPARSELY)
WATCHED = small(optimizer="nesterov", percValidationData=20, patience=5, reshuffle=True, learningRate=0.3)
SENTENCE = re.compile(r"state: expected .+, got .+")


def at(config: Config, updates: int) -> Trainer:
    trainer = Trainer(config)
    trainer.step(updates)
    return trainer


def text(body: bytes) -> str:
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def tiny(dead: int = 0, epoch: int = 3, updates: int = 7, cursor: int = 10, pending: int = 0, tail: bytes = b"") -> str:
    """A state of the tiny network, field by field."""
    theta = struct.pack("<dd", 0.5, -2)
    return text(struct.pack("<BQQII", dead, epoch, updates, cursor, pending) + theta + tail)


# --- and back ---------------------------------------------------------------------------------------------------------


def test_the_text_is_that_of_the_stated_layout() -> None:
    trainer = trainer_at(TINY, tiny())
    assert trainer.network.theta.tolist() == [0.5, -2]
    assert (trainer.epoch, trainer.updates, trainer.at_epoch_start) == (3, 7, False)
    assert format_state(trainer) == tiny() == "AAMAAAAAAAAABwAAAAAAAAAKAAAAAAAAAAAAAAAAAOA_AAAAAAAAAMA"


def test_dead_weights_are_a_bit_each() -> None:
    config = TINY.model_copy(update={"regularization": "L1"})
    trainer = trainer_at(config, tiny(1, tail=b"\x80"))
    assert trainer.dead.tolist() == [True, False]
    assert format_state(trainer) == tiny(1, tail=b"\x80")
    assert trainer_at(TINY, tiny(1, tail=b"\x80")).dead.tolist() == [False, False]  # only L1 kills


@pytest.mark.parametrize("updates", [0, 1, 5, 17], ids=lambda updates: f"after-{updates}")
@pytest.mark.parametrize(
    "config",
    [
        small(),
        small(batchSize=7, problem="regression"),
        SPARSE,
        small(networkShape=(64, 64)),
        small(optimizer="adam", reshuffle=True, dropout=0.3, normalize=True, weightSeed="w"),
        WATCHED,
        RESTORING,
        small(problem="multiclass", optimizer="momentum", schedule="exponential", batchSize=7, clipNorm=0.1),
        own([Point(1, 2, 1), Point(3, 4, -1), Point(-1, 0, 1)]),
        own([]),
    ],
    ids=lambda config: f"{config.data_name}-{config.regularization}-{config.optimizer}-{config.networkShape}",
)
def test_a_run_goes_on_from_its_text_to_the_same_bits(config: Config, updates: int) -> None:
    trainer = at(config, updates)
    twin = trainer_at(config, format_state(trainer))
    assert state(twin) == state(trainer)
    assert format_state(twin) == format_state(trainer)
    for run in (trainer, twin):
        run.step(40)
    assert state(twin) == state(trainer)


def test_weights_that_died_stay_dead() -> None:
    trainer = at(SPARSE, 20)
    assert 0 < trainer.dead.sum() < len(trainer.dead)
    twin = trainer_at(SPARSE, format_state(trainer))
    np.testing.assert_array_equal(twin.dead, trainer.dead)


def test_what_the_optimizer_remembers_stands_behind_the_parameters() -> None:
    config, tail = TINY.model_copy(update={"optimizer": "momentum"}), struct.pack("<Q2d", 9, 0.25, -4)
    trainer = trainer_at(config, tiny(2, tail=tail))
    assert (trainer.snapshot().steps, trainer.snapshot().memory) == (9, tail[8:])
    assert format_state(trainer) == tiny(2, tail=tail)
    empty = trainer_at(config, tiny())  # a text that says nothing of it
    assert (empty.snapshot().steps, empty.snapshot().memory) == (0, bytes(16))


def test_the_lowest_validation_loss_its_epoch_and_since_when_patience_counts_stand_at_the_end() -> None:
    config, tail = TINY.model_copy(update={"percValidationData": 20, "patience": 3}), struct.pack("<d2Q", 0.5, 1, 2)
    trainer = trainer_at(config, tiny(4, tail=tail))
    assert trainer.snapshot().best == Best(0.5, 1, 2)
    assert trainer.stopped is None
    assert format_state(trainer) == tiny(4, tail=tail)
    stopped = trainer_at(config, tiny(12, tail=tail))
    assert stopped.stopped == Stop(3, 7, Best(0.5, 1, 2))
    assert format_state(stopped) == tiny(12, tail=tail)
    assert trainer_at(TINY, tiny(12, tail=tail)).stopped is None  # nothing to be patient with


def test_the_weights_of_the_best_epoch_stand_behind_its_loss() -> None:
    config = TINY.model_copy(update={"percValidationData": 20, "patience": 3, "restoreBest": True})
    tail = struct.pack("<d2Q2d", 0.5, 1, 2, 0.25, -1) + b"\0"
    trainer = trainer_at(config, tiny(20, tail=tail))
    weights = Weights(struct.pack("<2d", 0.25, -1), bytes(2))
    assert trainer.snapshot().best == Best(0.5, 1, 2, weights)
    assert format_state(trainer) == tiny(20, tail=tail)
    without = trainer_at(TINY.model_copy(update={"percValidationData": 20, "patience": 3}), tiny(20, tail=tail))
    assert without.snapshot().best == Best(0.5, 1, 2)


@pytest.mark.parametrize("flags", [4, 12])
def test_a_best_epoch_without_its_weights_is_none_to_a_run_that_would_restore_them(flags: int) -> None:
    config = TINY.model_copy(update={"percValidationData": 20, "patience": 3, "restoreBest": True})
    trainer = trainer_at(config, tiny(flags, tail=struct.pack("<d2Q", 0.5, 1, 2)))
    assert (trainer.snapshot().best, trainer.stopped) == (NO_BEST, None)


def test_a_run_that_was_stopped_early_stands_still_after_its_text_and_goes_on_alike_when_it_is_let() -> None:
    trainer = Trainer(WATCHED)
    trainer.train(1000)
    assert trainer.stopped
    twin = trainer_at(WATCHED, format_state(trainer))
    for run in (trainer, twin):
        run.train()
    assert state(twin) == state(trainer)
    for run in (trainer, twin):
        run.resume()
        run.train()
    twin = trainer_at(WATCHED, format_state(trainer))
    for run in (trainer, twin):
        run.train(1000)
    assert trainer.stopped
    assert state(twin) == state(trainer)


def test_the_text_needs_no_quoting_in_a_link() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", format_state(at(SPARSE, 20)))


def test_a_state_may_be_taken_on_under_other_settings() -> None:
    trainer = trainer_at(small(learningRate=0.5, batchSize=3), format_state(at(small(), 12)))
    trainer.train()
    assert np.isfinite(trainer.network.theta).all()


# --- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("malformed", "words"),
    [
        ("", "expected a saved state, got ''"),
        ("A", "expected a saved state, got 'A'"),
        ("=", "expected a saved state, got '='"),
        ("not base64!", "expected a saved state, got 'not base64!'"),
        ("päivää", "expected a saved state, got 'päivää'"),
        ("A" * 10, "expected a saved state, got 'AAAAAAAAAA'"),
        ("?" * 5_000, "expected a saved state, got '????????????????????'"),
        (tiny()[:-4], "expected 41 bytes for 2 parameters, got 38"),
        (tiny(tail=b"\0"), "expected 41 bytes for 2 parameters, got 42"),
        (tiny(dead=1), "expected 42 bytes for 2 parameters, got 41"),
        (format_state(Trainer(small())), "expected 41 bytes for 2 parameters, got 185"),
        (tiny(cursor=26), "expected a place among 25 training points, got 26"),
        (tiny(pending=2**32 - 1), "expected a place among 25 training points, got 4294967295"),
        (tiny(epoch=LONGEST + 1), "expected at most 9007199254740992 epochs and updates, got 9007199254740993"),
        (tiny(updates=2**64 - 1), "expected at most 9007199254740992 epochs and updates, got 18446744073709551615"),
        (tiny(16, tail=bytes(17)), "expected a saved state, got 'EAMAAAAAAAAABwAAAAAA'"),
        (tiny(32), "expected a saved state, got 'IAMAAAAAAAAABwAAAAAA'"),
        (tiny(2), "expected 49 bytes for 2 parameters, got 41"),
        (
            tiny(2, tail=struct.pack("<Q", 2**64 - 1)),
            "expected at most 9007199254740992 epochs and updates, got 18446744",
        ),
        (
            tiny(4, tail=struct.pack("<d2Q", 0, 2**63, 0)),
            "expected at most 9007199254740992 epochs and updates, got 92233",
        ),
        (
            tiny(4, tail=struct.pack("<d2Q", 0, 0, 2**63)),
            "expected at most 9007199254740992 epochs and updates, got 92233",
        ),
        (tiny(4, tail=struct.pack("<d2Q", float("nan"), 0, 0)), "expected a finite validation loss, got nan"),
        (tiny(4, tail=struct.pack("<d2Q", float("-inf"), 0, 0)), "expected a finite validation loss, got -inf"),
        (text(bytes(25) + struct.pack("<dd", 1, float("nan"))), "expected finite parameters and marks of 0 and 1"),
        (text(bytes(25) + struct.pack("<dd", float("-inf"), 0)), "expected finite parameters and marks of 0 and 1"),
    ],
    ids=lambda value: str(value)[:40] or "nothing",
)
def test_a_text_that_is_no_state_of_the_run_is_refused_in_words(malformed: str, words: str) -> None:
    with pytest.raises(ValueError, match=SENTENCE) as refused:
        trainer_at(TINY, malformed)
    assert str(refused.value).startswith(f"state: {words}")


def accepted(config: Config, malformed: str) -> Trainer | None:
    """The run at a state, or None where it was refused as it should be."""
    try:
        return trainer_at(config, malformed)
    except ValueError as refused:
        said = str(refused)
    assert SENTENCE.fullmatch(said), said
    return None


letters = st.text("ABCXYZabcxyz0189-_+/=", max_size=80)


@given(st.text(max_size=80) | letters | st.binary(max_size=80).map(text))
def test_whatever_is_no_state_is_refused_in_words(malformed: str) -> None:
    accepted(small(), malformed)


@given(
    st.sampled_from([TINY, SPARSE, WATCHED, small(optimizer="adam", regularization="L1"), own([])]),
    st.integers(0, 30),
    st.data(),
)
def test_a_state_with_a_byte_changed_is_refused_in_words_or_trains_on(
    config: Config, updates: int, data: st.DataObject
) -> None:
    good = format_state(at(config, updates))
    body = bytearray(base64.urlsafe_b64decode(good + "=" * (-len(good) % 4)))
    place, byte = data.draw(st.integers(0, len(body) - 1)), data.draw(st.integers(0, 255))
    assume(body[place] != byte)
    body[place] = byte
    if trainer := accepted(config, text(bytes(body))):
        assert state(trainer_at(config, format_state(trainer))) == state(trainer)
        trainer.train(2)
        trainer.measure()
        assert np.isfinite(trainer.network.theta).all()

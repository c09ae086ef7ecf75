"""Dropout: what a run leaves out at an update, and that nothing else is changed by it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import random_draws
from engine.snapshot import Snapshot
from engine.tables.losses import LOSSES
from engine.trainer import Trainer
from engine.training.network import Pass
from tests.engine.runs import small, state


def run(share: float = 0.4, **values: Any) -> Trainer:
    return Trainer(small(dropout=share, **values))


def test_each_update_leaves_out_what_its_number_says() -> None:
    trainer, plain = run(weightSeed="w", learningRate=0.1), run(weightSeed="w")
    network, data, loss = plain.network, plain.train_data, LOSSES["squared"]
    for update, batch in enumerate([[*range(10)], [*range(10, 20)], [*range(20, 25), *range(10)]]):
        trainer.step()
        passed, X, Y = Pass(network, len(batch)), data.X[:, batch], data.Y[:, batch]
        passed.forward_dropping(X, random_draws.dropout_masks("0.5 w", update, 0.4, (3, 2), len(batch)))
        network.theta -= 0.1 / len(batch) * passed.backward(X, Y, loss)
        np.testing.assert_allclose(trainer.network.theta, network.theta, rtol=0, atol=1e-14)


def test_a_linear_network_gives_on_average_what_it_gives_whole() -> None:
    trainer = run(activation="linear", networkShape=(30, 20))
    passed, X, network = Pass(trainer.network, 25), trainer.train_data.X, trainer.network
    for layer in network.layers[:-1]:
        layer.biases.fill(0.2)
    whole = Pass(network, 25)
    whole.forward(X)
    sums = []
    for update in range(2000):
        passed.forward_dropping(X, random_draws.dropout_masks("mean", update, 0.4, (30, 20), 25))
        sums.append(passed.sums.copy())
    error = np.std(sums, axis=0) / np.sqrt(2000)
    assert (np.abs(np.mean(sums, axis=0) - whole.sums) < 5 * error).all()


@pytest.mark.parametrize("updates", [1, 5, 17])
def test_a_run_restored_at_any_update_leaves_out_the_same(updates: int) -> None:
    trainer, other = run(), run()
    trainer.step(updates)
    other.restore(Snapshot.from_bytes(trainer.snapshot().to_bytes()))
    for each in (trainer, other):
        each.step(20)
    assert state(other) == state(trainer)


def test_other_seeds_leave_out_other_units() -> None:
    gradients = []
    for seed in ("", "a", "b"):
        trainer = run(weightSeed=seed)
        trainer.network.theta[:] = np.linspace(-0.5, 0.5, trainer.network.size)
        trainer.step()
        gradients.append(tuple(trainer.gradient().tolist()))
    assert len(set(gradients)) == 3


def test_without_it_no_mask_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random_draws, "dropout_masks", None)
    trainer = run(0.0)
    trainer.train(2)
    assert trainer.updates == 4
    with pytest.raises(TypeError):
        run(0.1).train()


def test_looking_leaves_nothing_out() -> None:
    trainer, whole = run(0.9), Trainer(small())
    trainer.train(3)
    whole.restore(trainer.snapshot())
    assert trainer.measure() == pytest.approx(whole.measure(), nan_ok=True, rel=0, abs=0)
    (*layers, _), _ = trainer.probe(1, 2)
    assert all(layer.all() for layer in layers)


def test_the_batch_losses_are_those_that_the_updates_met_with_units_left_out() -> None:
    trainer = run(batchSize=25)
    passed, data = Pass(trainer.network, 25), trainer.train_data
    outputs = passed.forward_dropping(data.X, random_draws.dropout_masks("0.5 ", 0, 0.4, (3, 2), 25))
    met = float(LOSSES["squared"].f(outputs, data.Y).mean())
    trainer.train()
    assert trainer.batch_losses().tolist() == [pytest.approx(met, rel=1e-12)]


def test_a_network_without_hidden_layers_has_nothing_to_leave_out() -> None:
    trainer, whole = run(networkShape=()), Trainer(small(networkShape=()))
    for each in (trainer, whole):
        each.train(3)
    np.testing.assert_array_equal(trainer.network.theta, whole.network.theta)

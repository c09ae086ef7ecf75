"""Compares the two ways of making updates, by tapes and by the code, on small networks of each kind."""

from __future__ import annotations

from engine.config import Config
from engine.tables.activations import ACTIVATIONS
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.penalties import MODES
from engine.tapes import tape
from engine.trainer import Trainer

LAYERS = 3


def _kinds() -> list[Config]:
    """A few configurations in which all activations, optimizers, penalties and losses occur."""
    names = [*ACTIVATIONS, *list(ACTIVATIONS)[: -len(ACTIVATIONS) % LAYERS]]
    shapes = [names[start : start + LAYERS] for start in range(0, len(names), LAYERS)]
    fields: list[dict[str, object]] = [{"activations": tuple(shape), "networkShape": (3,) * LAYERS} for shape in shapes]
    fields += [{"optimizer": name, "regularization": "L2", "regularizationRate": 0.01} for name in OPTIMIZERS]
    fields += [{"regularization": "L1", "regularizationRate": 0.1, "regularizationMode": mode} for mode in MODES]
    fields += [{"loss": loss} for loss in ("crossEntropy", "hinge", "perceptron")]
    fields += [{"problem": "multiclass", "loss": loss} for loss in ("squared", "crossEntropy", "hinge")]
    fields += [{"problem": "regression", "loss": "huber"}, {"dropout": 0.2}, {"clipNorm": 0.1}, {"batchSize": 7}]
    return [Config.model_validate({"numSamples": 100, "batchSize": 5, **kind}) for kind in fields]


def differences() -> list[Config]:
    """The configurations, of a few with all kinds, that a tape trains to other bits; none where tapes are not used."""
    return [config for config in _kinds() if not _agrees(config)] if tape.is_used() else []


def _agrees(config: Config) -> bool:
    trainer = Trainer(config)
    batches = trainer.take(1)
    return tape.agrees(tape.Tape(trainer, batches), trainer, batches)

"""Networks from elsewhere over HTTP: a file of weights in, a run that the page opens out."""

from __future__ import annotations

import io
import json
from typing import Any

import httpx
import numpy as np
import pytest

from app.exports import export
from engine import Config, Trainer, trainer_at
from tests.server import Server


def read(server: Server, content: bytes, link: str | None = None) -> httpx.Response:
    params = {} if link is None else {"link": link}
    return httpx.post(f"{server.address}/api/v1/models", content=content, params=params)


@pytest.mark.parametrize("suffix", ["json", "npz"])
def test_a_network_that_was_exported_comes_back_to_the_bit(server: Server, suffix: str) -> None:
    several = {"problem": "multiclass", "classDataset": "arms", "networkShape": (3,), "activations": ("sine",)}
    values = {"optimizer": "adam", "normalize": True, "percValidationData": 20, "seed": "2"}
    trainer = Trainer(Config.model_validate(several | values))
    trainer.train(5)
    saved = read(server, export(trainer, suffix)).json()
    again = trainer_at(Config.model_validate_json(json.dumps(saved["config"])), saved["state"])
    assert again.snapshot() == trainer.snapshot()


def test_bare_weights_become_a_run_of_the_links_configuration(server: Server) -> None:
    file = io.BytesIO()
    np.savez(file, coefs_0=np.array([[1.0], [2.0]]), intercepts_0=np.array([3.0]))
    saved = read(server, file.getvalue(), "networkShape=&dataset=xor").json()
    again = trainer_at(Config.model_validate_json(json.dumps(saved["config"])), saved["state"])
    assert (again.config.dataset, again.network.theta.tolist()) == ("xor", [1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("content", "status", "problem"),
    [
        (b"", 422, {"field": "file", "expected": "JSON, .npz, safetensors or ONNX", "got": "b''"}),
        (b'{"layers": []}', 422, {"field": "layers", "expected": "at least 1 item", "got": "[]"}),
        (b" " * 4_000_001, 413, {"field": "body", "expected": "at most 4,000,000 bytes", "got": "more"}),
    ],
    ids=["empty", "no layers", "large"],
)
def test_what_is_no_network_is_refused_by_its_field(
    server: Server, content: bytes, status: int, problem: dict[str, Any]
) -> None:
    answer = read(server, content)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["errors"] == [problem]

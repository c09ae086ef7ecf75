"""A network as safetensors: tensors under PyTorch's names, as of an nn.Sequential of linear layers and activations."""

from __future__ import annotations

import json
import struct

import numpy as np
import safetensors.numpy

from app.exports.files.layers import layers, normalization
from app.process.arithmetic import arithmetic
from engine import Trainer, format_link

SIZE = struct.Struct("<Q")
"""The header's length, which stands before it."""


def make(trainer: Trainer) -> bytes:
    """The file: `0.weight` (H, D), `0.bias` (H,), then `2.weight`, because the activations count too.

    Beside the tensors stand, as JSON, the names of the features, `mean` and `sigma` that each of them is normalized by
    (0 and 1 where it is not), the names of the activations, the last of them of the outputs, and what the process that
    wrote the file computes with.
    """
    parts, config = layers(trainer), trainer.config
    tensors = {}
    for l, part in enumerate(parts):
        tensors[f"{2 * l}.weight"] = np.ascontiguousarray(part.weights)  # (H, D)
        tensors[f"{2 * l}.bias"] = part.biases  # (H,)
    metadata = {
        "format": "pt",
        "config": config.model_dump_json(),
        "link": format_link(config),
        "features": json.dumps(config.features),
        **{name: json.dumps(values) for name, values in normalization(trainer).items()},
        "activations": json.dumps([part.activation for part in parts]),
        "epoch": str(trainer.epoch),
        "written_with": arithmetic(),
    }
    return _ordered(safetensors.numpy.save(tensors, metadata=metadata))


def _ordered(content: bytes) -> bytes:
    """The same with a header in order: the library shuffles it, and the same run shall give the same file."""
    start = SIZE.size + SIZE.unpack_from(content)[0]
    header = json.dumps(json.loads(content[SIZE.size : start]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % SIZE.size)  # the tensors begin at a multiple of 8
    return SIZE.pack(len(header)) + header + content[start:]

"""Configurations and requests made to hurt: by their size, their depth, or numbers on the edge of what there is."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

TAKEN, REFUSED = True, False
DIGITS = "1" + "0" * 4_000
DEEP, MANY, LONG = 40_000, 30_000, 150_000
"""About as many brackets, keys and items as fit into a request."""


class Bomb(NamedTuple):
    """The fields of a configuration as JSON, or what shall pass for it, and whether they are taken; and the same as a
    link, which opens a run in any case, and whether there is nothing to be said about it."""

    fields: str
    taken: bool
    link: str | None = None
    quiet: bool = False


def field(name: str, value: object, taken: bool = REFUSED, quiet: bool = False) -> Bomb:
    """A bomb of one field: a value, or JSON as a text."""
    text = value if isinstance(value, str) else json.dumps(value)
    plain = ",".join(map(str, value)) if isinstance(value, list) else text.strip('"')
    return Bomb(f'{{"{name}": {text}}}', taken, f"{name}={plain}", quiet)


def fields(taken: bool = REFUSED, quiet: bool = False, **values: Any) -> Bomb:
    """A bomb of several fields."""
    link = "&".join(
        f"{name}={','.join(map(str, value)) if isinstance(value, list) else json.dumps(value).strip(chr(34))}"
        for name, value in values.items()
    )
    return Bomb(json.dumps(values), taken, link, quiet)


LARGEST: dict[str, Any] = {"networkShape": [64] * 10, "numSamples": 5_000, "batchSize": 2_500}
WILD = {"problem": "regression", "activation": "linear", "networkShape": [4]}

BOMBS: dict[str, Bomb] = {
    # numbers
    "a rate of 1e308": field("learningRate", "1e308", TAKEN, quiet=True),
    "a rate of 1e309": field("learningRate", "1e309"),
    "a rate of -1e308": field("learningRate", "-1e308"),
    "a rate of -0": field("learningRate", "-0.0", TAKEN, quiet=True),
    "the smallest rate": field("learningRate", "5e-324", TAKEN, quiet=True),
    "a rate of NaN": field("learningRate", "NaN"),
    "a rate of Infinity": field("learningRate", "Infinity"),
    "a rate of -Infinity": field("learningRate", "-Infinity"),
    "a rate in a text": field("learningRate", '"0.03x"'),
    "a rate in Arabic digits": field("learningRate", '"٠٫٠٣"'),
    "a rate of 4,000 digits": field("learningRate", DIGITS),
    "a rate in hexadecimal": field("learningRate", '"0x1p-5"'),
    "a penalty of 1e308": fields(TAKEN, quiet=True, regularization="L2", regularizationRate=1e308),
    "a norm of 1e308": field("clipNorm", "1e308", TAKEN, quiet=True),
    "the smallest norm": field("clipNorm", "5e-324", TAKEN, quiet=True),
    "a factor of 11": field("decayRate", "11"),
    "a period of nothing": field("decayEpochs", "0"),
    "a period of 10^18": field("decayEpochs", str(10**18)),
    "a period of 4,000 digits": field("decayEpochs", DIGITS),
    "patience of 10^18": field("patience", str(10**18)),
    "a batch of -1": field("batchSize", "-1"),
    "a batch of 2^63": field("batchSize", str(2**63)),
    "a batch of 2^64": field("batchSize", str(2**64)),
    "a batch of 1.5": field("batchSize", "1.5"),
    "5,001 points": field("numSamples", "5001"),
    "10^9 points": field("numSamples", str(10**9)),
    "noise of 100.0000001": field("noise", "100.0000001"),
    "a share of 1e-300": field("percTrainData", "1e-300"),
    "shares of more than all": fields(percTrainData=90, percValidationData=90),
    "dropout of all": field("dropout", "1"),
    "momentum of 1": field("momentum", "1"),
    "seven classes": fields(problem="multiclass", classes=7),
    # shapes
    "the largest network": fields(TAKEN, quiet=True, **LARGEST),
    "a layer of 10^9 units": field("networkShape", [10**9]),
    "a layer of 4,000 digits": field("networkShape", f"[{DIGITS}]"),
    "a layer of none": field("networkShape", [0]),
    "a layer of -1": field("networkShape", [-1]),
    "a layer of NaN": field("networkShape", "[NaN]"),
    "100,000 layers": Bomb(
        f'{{"networkShape": [{",".join("1" * 100_000)}]}}', REFUSED, "networkShape=" + "1," * 10_000),
    "150,000 layers that are none": Bomb('{"networkShape": [' + "{}," * LONG + "{}]}", REFUSED),
    "layers within layers": Bomb('{"networkShape": ' + "[" * DEEP + "]" * DEEP + "}", REFUSED),
    "100,000 activations": Bomb(
        json.dumps({"activations": ["relu"] * 100_000}), REFUSED, "activations=" + "relu," * 5_000),
    "150,000 activations that are none": Bomb('{"activations": [' + "{}," * LONG + "{}]}", REFUSED),
    "an activation within objects": Bomb('{"activation": ' + '{"a": ' * DEEP + "1" + "}" * DEEP + "}", REFUSED),
    # texts
    "a seed of a million characters": Bomb(json.dumps({"seed": "x" * 1_000_000}), REFUSED, "seed=" + "x" * 30_000),
    "a seed of nothing": Bomb('{"seed": ""}', REFUSED, "seed="),
    "a seed with a zero": Bomb(r'{"seed": "\u0000"}', REFUSED),
    "a seed of half a character": Bomb(r'{"seed": "\ud800"}', REFUSED),
    "a seed that is a page": Bomb('{"seed": "<script>alert(1)</script>"}', REFUSED),
    "a seed that is a number": Bomb('{"seed": 0.5}', REFUSED),
    "a name of a data set of a million characters": Bomb(json.dumps({"dataset": "x" * 1_000_000}), REFUSED),
    "controls hidden a hundred thousand times": Bomb(
        json.dumps({"hide": ["noise"] * 100_000}), REFUSED, "noise_hide=true&" * 1_900, quiet=True
    ),
    "150,000 hidden controls that are none": Bomb('{"hide": [' + "{}," * LONG + "{}]}", REFUSED),
    # points
    "100,000 points of one's own": Bomb(json.dumps({"dataset": "own", "points": "gAAgAAgAA" * 100_000}), REFUSED),
    "half a point": fields(dataset="own", points="gAAgA"),
    "no points": fields(TAKEN, quiet=True, dataset="own"),
    "points that are none": fields(dataset="own", points="!" * 9),
    "3,000 points in one place": fields(TAKEN, quiet=True, dataset="own", points="gAAgAAgAA" * 3_000),
    "labels of a class beyond all": fields(
        TAKEN, True, problem="multiclass", classDataset="class-own", points="_________" * 60),
    # keys
    "a key twice": Bomb('{"noise": 0, "noise": 1e9}', REFUSED, "noise=0&noise=1e9"),
    "a key twice, the second good": Bomb('{"noise": 1e9, "noise": 0}', TAKEN, "noise=1e9&noise=0", quiet=True),
    "an unknown key": field("__class__", '"x"'),
    "a key of nothing": Bomb('{"": 1}', REFUSED),
    "30,000 keys": Bomb(json.dumps({f"key{number}": 0 for number in range(MANY)}), REFUSED, "a=1&" * 8_000),
    "a key of a million characters": Bomb(json.dumps({"x" * 1_000_000: 1}), REFUSED, "x" * 30_000 + "=1"),
    "no object": Bomb("[]", REFUSED),
    "null": Bomb('{"learningRate": null}', REFUSED),
    "a rate that overflows at once": fields(TAKEN, True, learningRate=1e300, **WILD),
}  # fmt: skip

RUN, SWEEP, POINTS, LINE, MODEL, PREDICT = "runs", "sweeps", "points", "line", "models", "runs/{run}/predict"
HUGE = "9" * 4_400
REQUESTS: dict[str, tuple[str, str, *tuple[int, ...]]] = {
    "10^18 epochs": (RUN, '{"link": "v=1", "epochs": 1000000000000000000}', 422),
    "4,400 digits of epochs": (RUN, f'{{"link": "v=1", "epochs": {HUGE}}}', 400, 422),
    "NaN epochs": (RUN, '{"link": "v=1", "epochs": NaN}', 422),
    "-1 epochs": (RUN, '{"link": "v=1", "epochs": -1}', 422),
    "a loss of Infinity to stop at": (RUN, '{"link": "v=1", "stop": {"train_loss": Infinity}}', 422),
    "ten million rows": (RUN, '{"link": "v=1", "epochs": 10000000, "record": {"losses": 1}}', 422),
    "a thousand snapshots": (RUN, '{"link": "v=1", "epochs": 1000, "record": {"snapshots": 1}}', 422),
    "a link of 400,000 characters": (RUN, json.dumps({"link": "x" * 400_000}), 422),
    "a state of nonsense": (RUN, json.dumps({"link": "state=" + "A" * 30_000}), 422),
    "a state in a sweep": (SWEEP, json.dumps({"link": "state=AAAA", "grid": {"noise": [1]}}), 422),
    "30,000 fields": (RUN, json.dumps({f"key{n}": 0 for n in range(MANY)}), 422),
    "30,000 fields in a part": (RUN, json.dumps({"link": "v=1", "stop": {f"key{n}": 0 for n in range(MANY)}}), 422),
    "both": (RUN, '{"link": "v=1", "config": {}}', 422),
    "neither": (RUN, "{}", 422),
    "nothing": (RUN, "", 422),
    "half of JSON": (RUN, '{"link": ', 422),
    "40,000 brackets": (RUN, "[" * DEEP, 400, 422),
    "40,000 objects": (RUN, '{"config": ' * DEEP + "}" * DEEP, 400, 422),
    "a million numbers": (RUN, "[" + "0," * 1_000_000 + "0]", 413),
    "as many numbers as fit": (RUN, "[" + "0," * 260_000 + "0]", 422),
    "as many objects as fit": (RUN, "[" + "{}," * 170_000 + "0]", 422),
    "as many fractions as fit": (RUN, '{"link": [' + "0.1234567890123," * 32_000 + "0]}", 422),
    "a file of as many numbers as fit": (MODEL, '{"a": [' + "0," * 1_990_000 + "0]}", 422),
    "a file of many numbers that are none": (MODEL, json.dumps(
        {"layers": [{"weights": [[{}] * 64] * 64, "biases": [{}] * 64}] * 11}), 422),
    "a file of as many keys as fit": (MODEL, json.dumps({f"key{number}": 0 for number in range(220_000)}), 422),
    "half a character": (RUN, r'{"link": "seed=\ud800"}', 422),
    "bytes that are no text": (RUN, "\udcff\udcfe", 422),
    "a body of 9 MB": (RUN, " " * 9_000_000, 413),
    "a grid of a million runs": (SWEEP, json.dumps(
        {"link": "v=1", "grid": {name: list(range(1, 101)) for name in ("batchSize", "noise", "decayEpochs")}}), 422),
    "a grid of 10^12 runs": (SWEEP, json.dumps({"link": "v=1", "grid": {name: list(range(1, 101)) for name in (
        "batchSize", "noise", "decayEpochs", "patience", "learningRate", "regularizationRate")}}), 422),
    "a grid of 10^5 values": (SWEEP, json.dumps({"link": "v=1", "grid": {"noise": [0] * 100_000}}), 422),
    "a grid of 30,000 keys": (SWEEP, json.dumps({"link": "v=1", "grid": {f"k{n}": [] for n in range(MANY)}}), 422),
    "30,000 keys of chance": (SWEEP, json.dumps(
        {"link": "v=1", "random": {"samples": 2, "keys": {f"k{n}": [] for n in range(MANY)}}}), 422),
    "a grid of shapes": (SWEEP, json.dumps({"link": "v=1", "grid": {"networkShape": [[64] * 1_000] * 100}}), 422),
    "a grid of nothing": (SWEEP, '{"link": "v=1", "grid": {"noise": []}}', 422),
    "a grid of seeds of half a character": (SWEEP, r'{"link": "v=1", "grid": {"seed": ["\ud800"]}}', 422),
    "a billion places": (SWEEP, '{"link": "v=1", "random": {"samples": 1000000000, "keys": {"noise": [1]}}}', 422),
    "ten thousand places": (SWEEP, '{"link": "v=1", "random": {"samples": 10000, "keys": {"noise": [1]}}}', 422),
    "places between Infinities": (
        SWEEP, '{"link":"v=1", "random": {"samples":2, "keys": {"noise": {"low": -Infinity, "high": Infinity}}}}', 422),
    "whole places between 1 and 1e308": (SWEEP, '{"link": "v=1", "random": {"samples": 2, "keys": '
        '{"decayEpochs": {"low": 1, "high": 1e308, "whole": true}}}}', 422),
    "a million seeds": (SWEEP, '{"link": "v=1", "seeds": 1000000}', 422),
    "a list of 150,000 seeds that are none": (SWEEP, '{"link": "v=1", "seeds": [' + "{}," * LONG + "{}]}", 422),
    "150,000 places that are none": (PREDICT, '{"points": [' + "{}," * LONG + "{}]}", 422),
    "30,000 fields beside places": (PREDICT, json.dumps({f"key{n}": 0 for n in range(MANY)}), 422),
    "a list of 10^5 seeds": (SWEEP, json.dumps({"link": "v=1", "seeds": ["x"] * 100_000}), 422),
    "a point of 4,400 digits": (POINTS, f"x,y\n{HUGE},1\n", 422),
    "150,000 points that are none": (POINTS, "[" + "{}," * LONG + "{}]", 422),
    "points within points": (POINTS, "[" * DEEP, 422),
    "a line of 400,000 commas": (POINTS, "," * 400_000, 422),
    "an open quotation": (POINTS, 'x,y,label\n"' + "1" * 400_000, 422),
    "points of NaN": (POINTS, "[[NaN, Infinity, 1e999]]", 422),
    "a ticket of 400,000 characters": (LINE, json.dumps({"ticket": "x" * 400_000}), 422),
    "a ticket of half a character": (LINE, r'{"ticket": "\ud800"}', 422),
}  # fmt: skip
"""An address, perhaps of a run, a body, and what the status of the answer may be."""

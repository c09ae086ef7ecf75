"""Scripts run by themselves, train the run anew in another library, and arrive at its losses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import nbclient
import nbformat
import numpy as np
import pytest

from app.exports import export
from app.exports.scripts.replays import REASONS
from app.exports.scripts.script import script
from app.exports.scripts.sklearn_code import REASONS as BARS
from engine import Trainer
from tests.app.exported import EVERYTHING, POINTS, changed, looked_at, runs, trained
from tests.engine.runs import own, small

pytestmark = pytest.mark.long
"""Together at the head of one process: each process that has one of these tests has to run all scripts."""

RUNNER = """
import json, pathlib, runpy, sys
import numpy as np, torch
from sklearn.neural_network._base import ACTIVATIONS, DERIVATIVES
kept, errors = [dict(ACTIVATIONS), dict(DERIVATIVES)], np.geterr()
for path in sorted(pathlib.Path().glob("script_*.py")):
    for table, entries in zip([ACTIVATIONS, DERIVATIVES], kept):
        table.clear()
        table.update(entries)
    np.seterr(**errors)
    torch.set_default_dtype(torch.float32)
    print("##", path.stem)
    names = runpy.run_path(str(path), run_name="__main__")
    print("#", json.dumps(names["predict"](json.loads(sys.argv[1])).tolist()))
"""
"""Runs many scripts in one process, because libraries are slow to load, each as if it were the first."""
SEEN = np.random.default_rng(1).uniform(-6, 6, (50, 2))  # (N, 2)
LANGUAGES = ["numpy", "scikit-learn", "pytorch"]


class Ran(NamedTuple):
    """A script, and what came of it."""

    trainer: Trainer
    text: str
    printed: str
    outputs: np.typing.NDArray[np.float64]  # (N, K), for `SEEN`


def run(folder: Path, texts: list[str]) -> list[tuple[str, str]]:
    """What each script prints, and what it then predicts."""
    for number, text in enumerate(texts):
        (folder / f"script_{number:04}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-W", "error", "-c", RUNNER, json.dumps(SEEN.tolist())]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}  # networks this small gain nothing by more
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert done.stderr == ""
    parts = done.stdout.split("## script_")[1:]
    return [(said, predicted) for said, _, predicted in (part.partition("\n# ") for part in parts)]


class Scripts(NamedTuple):
    """All scripts of this module, which one process has run."""

    folder: Path
    trained: dict[str, list[Ran]]
    """By language: those of `runs`."""
    looked_at: dict[str, list[Ran]]
    loaded: str
    """What a script prints that has its weights from a file."""


def loading(folder: Path) -> str:
    """A script that puts the weights of a safetensors file into its model instead of its own."""
    trainer = trained(20, small(activation="relu", normalize=True, problem="multiclass"))
    (folder / "run.safetensors").write_bytes(export(trainer, "safetensors"))
    return script(trainer, "pytorch") + (
        "from safetensors.torch import load_file  # noqa: E402, I001\n"
        "model.load_state_dict({name: 0 * tensor for name, tensor in model.state_dict().items()})\n"
        "model.load_state_dict(load_file('run.safetensors'))\n"
        f"print(abs(loss(train) / {trainer.losses().train} - 1) < 1e-14)\n"
    )


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Scripts:
    folder = tmp_path_factory.mktemp("scripts")
    trainers, seen = list(runs()), looked_at()
    texts = [script(trainer, language) for language in LANGUAGES for trainer in (*trainers, *seen)]
    *ran, (loaded, _) = run(folder, [*texts, loading(folder)])
    told = iter(zip(texts, ran, strict=True))
    scripts = Scripts(folder, {}, {}, loaded)
    for language in LANGUAGES:
        for into, of in ((scripts.trained, trainers), (scripts.looked_at, seen)):
            into[language] = [
                Ran(trainer, text, printed, np.array(json.loads(outputs)))
                for trainer, (text, (printed, outputs)) in zip(of, told, strict=False)
            ]
    return scripts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_script_arrives_where_it_should(scripts: Scripts, language: str) -> None:
    checks = 0
    for trainer, text, printed, _ in scripts.trained[language]:
        count = text.count("\ncheck(")
        losses = trainer.losses()
        assert printed.count("As expected: ") == count
        assert count == 0 or f"training loss {losses.train:.6g}, test loss {losses.test:.6g}" in printed
        checks += count > 0
    assert checks >= len(scripts.trained[language]) - 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_script_answers_as_the_network(scripts: Scripts, language: str) -> None:
    for trainer, _, _, outputs in scripts.looked_at[language]:
        expected = np.array([trainer.probe(x, y)[0][-1] for x, y in SEEN.tolist()])  # (N, K)
        np.testing.assert_allclose(outputs, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("language", LANGUAGES)
def test_scripts_train_all_but_what_they_cannot(scripts: Scripts, language: str) -> None:
    """Of some hundred runs, and with the sentence that says why."""
    bars = BARS if language == "scikit-learn" else {}
    reasons = [
        next((name for name, reason in (REASONS | bars).items() if reason in told(text)), "")
        for _, text, _, _ in scripts.trained[language]
    ]
    expected = {"untrained": 4, "diverged": 1, "changed": 1, "followed": 1}
    barred = {"activations": 2, "dropout": 2} if bars else {}
    assert {name: reasons.count(name) for name in set(reasons) - {""}} == expected | barred


def told(text: str) -> str:
    """The story of a script in one line."""
    return text[: text.index("# %%\n")].replace("\n# ", " ")


def test_every_script_passes_a_linter(scripts: Scripts) -> None:
    for language in LANGUAGES:
        for ran in scripts.trained[language]:
            assert all(len(line) <= 120 or "seed=" in line for line in ran.text.splitlines())  # a link stays whole
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select=E,W,F,I", "--ignore=E501,E741", "."]
    done = subprocess.run(command, cwd=scripts.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[:3000]


def test_a_script_holds_only_what_its_run_needs() -> None:
    plain = script(trained(50, small(batchSize=5)), "numpy")
    for needless in (
        *("REGULARIZATION", "alive", "sin", "waiting", "relu", "seterr", "0.0\n\n", "MEAN", "epoch in", "CLIP"),
        *("MOMENTUM", "DECAY", "DROPOUT", "masks", "random_words", "VALIDATION", "PATIENCE", "hashlib", "enumerate"),
    ):
        assert needless not in plain
    code = plain[: plain.index("TRAIN = [")].splitlines()
    assert len(code) < 140
    idle = script(Trainer(small()), "numpy")
    for needless in ("LEARNING_RATE", "islice", "slope", "update(", "batches"):
        assert needless not in idle


def test_a_script_that_is_no_longer_the_runs_fails() -> None:
    text = script(trained(20, small()), "numpy")
    with pytest.raises(AssertionError, match=r"^expected 0\.\d+, got 0\.\d+$"):
        exec(text.replace("LEARNING_RATE = 0.03", "LEARNING_RATE = 0.031"), {})


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("DROPOUT = 0.25", "DROPOUT = 0.2"),
        ("CLIP_NORM = 0.5", "CLIP_NORM = 0.4"),
        ("MOMENTUM = 0.9", "MOMENTUM = 0.8"),
        ("DECAY_EPOCHS = 20", "DECAY_EPOCHS = 21"),
        ("REGULARIZATION_RATE = 0.02", "REGULARIZATION_RATE = 0.021"),
        ('"order 0.5"', '"order 0.6"'),
    ],
)
def test_every_setting_of_a_script_counts(there: str, instead: str) -> None:
    text = script(trained(20, small(**EVERYTHING)), "numpy")
    assert text.count(there) == 1
    with pytest.raises(AssertionError, match=r"^expected .*, got .*$"):
        exec(text.replace(there, instead), {})


def test_a_script_that_is_stopped_elsewhere_fails() -> None:
    trainer = trained(300, small(percValidationData=20, patience=4, noise=50, learningRate=0.3))
    assert trainer.stopped
    assert trainer.updates < 300
    text = script(trainer, "numpy")
    with pytest.raises(AssertionError, match=rf"^expected {trainer.updates} updates, got \d+$"):
        exec(text.replace("PATIENCE = 4", "PATIENCE = 3"), {})


def test_a_script_says_why_it_does_not_train() -> None:
    assert "were changed while the network trained" in told(script(changed(), "pytorch"))
    text = told(script(trained(20, small(dropout=0.3)), "scikit-learn"))
    assert "scikit-learn leaves no units out while it trains (the setting dropout)" in text


def test_a_long_link_is_left_out() -> None:
    assert "points=" in script(Trainer(own(POINTS)), "numpy")
    assert "points=" not in script(Trainer(own(POINTS * 9)), "numpy")


def test_the_largest_network_is_written_too() -> None:
    trainer = Trainer(small(networkShape=(64,) * 10))
    exec(script(trainer, "numpy"), {})


def test_pytorch_loads_the_safetensors_into_the_scripts_model(scripts: Scripts) -> None:
    assert scripts.loaded.endswith("True")


def test_a_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    content = export(trained(50, small(**EVERYTHING)), "notebook")
    notebook: Any = nbformat.reads(content.decode(), as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    nbclient.NotebookClient(notebook, timeout=120).execute()
    assert "As expected: training loss " in json.dumps(notebook.cells[-1].outputs)


def test_a_notebook_explains_between_its_cells() -> None:
    cells = json.loads(export(trained(50, small()), "notebook"))["cells"]
    kinds = [cell["cell_type"] for cell in cells]
    assert kinds == ["markdown", "code"] * (len(cells) // 2)
    assert len(cells) > 12
    assert len({cell["id"] for cell in cells}) == len(cells)
    text = "".join(cells[2]["source"])
    assert text.startswith("## What the network is given\n\nEach point")


IN_LOSS: dict[str, Any] = {"regularization": "L2", "regularizationRate": 0.1, "regularizationMode": "loss"}


@pytest.mark.parametrize(
    ("language", "values", "words"),
    [
        ("pytorch", {"optimizer": "adamw", **IN_LOSS}, '"weight_decay": REGULARIZATION_RATE}'),
        ("pytorch", {"optimizer": "adam", **IN_LOSS}, ".mean() + REGULARIZATION_RATE * penalty).backward()"),
        (
            "scikit-learn",
            {"optimizer": "adam", "problem": "regression", **IN_LOSS},
            "model.alpha = REGULARIZATION_RATE",
        ),
        ("scikit-learn", {"optimizer": "adam", **IN_LOSS}, "in zip(parameters, penalized(gradients(X, labels)), "),
        ("numpy", {"clipNorm": 1, **IN_LOSS}, "in zip(parameters, clipped(penalized(gradients(X, labels))), "),
    ],
)
def test_a_penalty_is_written_in_each_librarys_own_words(language: str, values: dict[str, Any], words: str) -> None:
    assert words in script(trained(5, small(**values)), language)

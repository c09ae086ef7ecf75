"""Scripts run by themselves, train the run anew in another library, and arrive at its losses."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

from app.exports import export
from app.exports.scripts import script
from engine import Config, Trainer
from engine.activations import ACTIVATIONS
from engine.datasets import Point
from engine.features import FEATURES
from engine.penalties import PENALTIES
from tests.engine.runs import own, small

RUNNER = "import runpy, sys\nfor path in sys.argv[1:]:\n    runpy.run_path(path, run_name='__main__')\n"
POINTS = [Point(i % 7 - 3, i % 5 - 2, 1 if i % 3 else -1) for i in range(33)]
LANGUAGES = ["numpy", "scikit-learn", "pytorch"]


def trained(updates: int, config: Config) -> Trainer:
    trainer = Trainer(config)
    trainer.step(updates)
    return trainer


def runs() -> Iterator[Trainer]:
    """Every name of every table, and every way to go through the points. 25 of them in batches of 10 leave 5 over."""
    for activation in ACTIVATIONS:
        yield trained(40, small(activation=activation, learningRate=0.1))
        yield trained(13, small(activation=activation, problem="regression", xTimesY=True, batchSize=7))
    for penalty in PENALTIES:
        yield trained(41, small(regularization=penalty, regularizationRate=0.3, learningRate=0.1))
    yield trained(20, small(learningRate=0.001, **dict.fromkeys(FEATURES, True)))
    yield trained(9, small(networkShape=(3,) * 10, activation="leakyRelu"))
    yield trained(60, small(numSamples=500, percTrainData=50, batchSize=30))
    yield trained(9, small(batchSize=25))
    yield trained(9, small(networkShape=()))
    yield trained(9, small(networkShape=(), problem="regression", regularization="L1", regularizationRate=1))
    yield trained(30, small(initZero=True, activation="sigmoid"))
    yield trained(30, own(POINTS, batchSize=30))  # cut to the 16 that train
    yield trained(5, own(POINTS[:1]))  # tests alone
    yield trained(5, own([]))
    yield trained(5, small(batchSize=100))  # never updates
    yield Trainer(small())
    yield trained(400, small(problem="regression", learningRate=50))  # diverges
    yield changed()
    yield trained(600, small(batchSize=1, learningRate=1, xSquared=True, ySquared=True))  # rounding errors grow


def changed() -> Trainer:
    trainer = trained(10, small())
    trainer.set_weight(0, 0, 1, 0.25)
    trainer.step(5)
    return trainer


@pytest.fixture(scope="module")
def some_runs() -> list[Trainer]:
    return list(runs())


def run(folder: Path, texts: list[str]) -> str:
    """What the scripts print, all run by one process because libraries are slow to load."""
    paths = [folder / f"script_{number}.py" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-W", "error", "-c", RUNNER, *map(str, paths)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_script_arrives_where_it_should(tmp_path: Path, some_runs: list[Trainer], language: str) -> None:
    texts = [script(trainer, language) for trainer in some_runs]
    printed = run(tmp_path, texts)
    assert printed.count("As expected: ") == sum(text.count("\ncheck(") for text in texts) >= len(texts) - 2
    losses = [f"training loss {t.losses().train:.6g}, test loss {t.losses().test:.6g}" for t in some_runs]
    assert all(loss in printed for loss, text in zip(losses, texts, strict=True) if "\ncheck(" in text)


@pytest.mark.parametrize("language", ["numpy", "scikit-learn", "pytorch"])
def test_every_script_passes_a_linter(tmp_path: Path, some_runs: list[Trainer], language: str) -> None:
    for number, trainer in enumerate(some_runs):
        text = script(trainer, language)
        assert all(len(line) <= 120 or "seed=" in line for line in text.splitlines())  # a link stays whole
        (tmp_path / f"{number}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select=E,W,F,I", "--ignore=E501,E741", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_script_holds_only_what_its_run_needs(some_runs: list[Trainer]) -> None:
    plain = script(trained(50, small(batchSize=5)), "numpy")
    for needless in ("REGULARIZATION", "alive", "sin", "waiting", "relu", "seterr", "0.0\n\n"):
        assert needless not in plain
    code = plain[: plain.index("TRAIN = [")].splitlines()
    assert len(code) < 120
    idle = script(Trainer(small()), "numpy")
    for needless in ("LEARNING_RATE", "islice", "slope", "update(", "batches"):
        assert needless not in idle


def test_a_script_that_is_no_longer_the_runs_fails() -> None:
    text = script(trained(20, small()), "numpy")
    with pytest.raises(AssertionError, match=r"^expected 0\.\d+, got 0\.\d+$"):
        exec(text.replace("LEARNING_RATE = 0.03", "LEARNING_RATE = 0.031"), {})


def test_a_script_says_why_it_does_not_train() -> None:
    assert "were changed while the network trained" in script(changed(), "pytorch").replace("\n# ", " ")


def test_a_long_link_is_left_out() -> None:
    assert "points=" in script(Trainer(own(POINTS)), "numpy")
    assert "points=" not in script(Trainer(own(POINTS * 9)), "numpy")


def test_the_largest_network_is_written_too() -> None:
    trainer = Trainer(small(networkShape=(64,) * 10))
    exec(script(trainer, "numpy"), {})


def test_pytorch_loads_the_safetensors_into_the_scripts_model(tmp_path: Path) -> None:
    trainer = trained(20, small(activation="relu"))
    (tmp_path / "run.safetensors").write_bytes(export(trainer, "safetensors"))
    text = script(trainer, "pytorch") + (
        "from safetensors.torch import load_file\n"
        "model.load_state_dict({name: 0 * tensor for name, tensor in model.state_dict().items()})\n"
        "model.load_state_dict(load_file('run.safetensors'))\n"
        f"print(loss(train) == {trainer.losses().train})\n"
    )
    assert run(tmp_path, [text]).endswith("True\n")


def test_a_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    content = export(trained(50, small(regularization="L2", regularizationRate=0.01)), "notebook")
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

"""What people do with the OpenAPI document: lint it, and generate clients from it that train a run.

The tools are no packages of the tests: the one for Python wants another Typer, the others want Node. `.ci/clients` puts
them into `.venv/clients`, once, and what is not there is left out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from engine import Config, Trainer
from engine.training.record import record
from tests.server import ROOT, Server

TOOLS = ROOT / ".venv/clients"
SOURCES = ROOT / "tests/clients"
XOR = Config(dataset="xor", networkShape=(3,))
EPOCHS = 30
needs_node = pytest.mark.skipif(
    not (TOOLS / "node_modules/typescript").exists() or shutil.which("node") is None,
    reason="needs Node and its tools: .ci/clients",
)
needs_generator = pytest.mark.skipif(
    not (TOOLS / "python/bin/openapi-python-client").exists(), reason="needs openapi-python-client: .ci/clients"
)


@pytest.fixture
def work(server: Server, tmp_path: Path) -> Path:
    """A folder with the document, where Node finds its packages."""
    (tmp_path / "openapi.json").write_text(httpx.get(f"{server.address}/openapi.json", trust_env=False).text)
    if (TOOLS / "node_modules").exists():
        (tmp_path / "node_modules").symlink_to(TOOLS / "node_modules")
    return tmp_path


def run(work: Path, *command: str | Path, **environment: str) -> str:
    """What a tool says that has succeeded."""
    told = {"NO_COLOR": "1", "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", **environment}
    ended = subprocess.run(
        command, cwd=work, env={**os.environ, **told}, capture_output=True, text=True, check=False, timeout=300
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def node(work: Path, tool: str, *arguments: str | Path) -> str:
    return run(work, TOOLS / "node_modules/.bin" / tool, *arguments)


def is_the_run_of_the_engine(told: str) -> bool:
    """Whether a client has trained what the engine trains, and has read all of it."""
    losses = record(Trainer(XOR), EPOCHS)["test_loss"].tolist()
    return bool(json.loads(told) == {"status": "succeeded", "dataset": "xor", "units": [3], "losses": losses})


@needs_node
def test_the_rules_of_spectral_find_nothing(work: Path) -> None:
    rules = ("--ruleset", SOURCES / "spectral.yaml", "--fail-severity", "hint")
    assert "No results" in node(work, "spectral", "lint", "openapi.json", *rules)


@needs_node
def test_the_recommended_rules_of_redocly_find_nothing(work: Path) -> None:
    found = node(work, "redocly", "lint", "openapi.json", "--extends", "recommended", "--format", "json")
    assert json.loads(found[found.index("{") :])["problems"] == []


@needs_node
def test_a_client_in_strict_typescript_trains_a_run_and_reads_its_history(server: Server, work: Path) -> None:
    node(work, "openapi-typescript", "openapi.json", "-o", "schema.ts")
    shutil.copy(SOURCES / "train.ts", work)
    (work / "package.json").write_text('{"type": "module"}')
    node(work, "tsc", "--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom", "train.ts")
    assert is_the_run_of_the_engine(run(work, "node", "train.js", server.address))


@needs_generator
def test_a_client_in_python_trains_a_run_and_reads_its_history(server: Server, work: Path) -> None:
    options = (
        "--output-path",
        "generated",
        "--meta",
        "none",
        "--fail-on-warning",
        "--config",
        SOURCES / "generator.yaml",
    )
    programs = TOOLS / "python/bin"
    run(work, programs / "openapi-python-client", "generate", "--path", "openapi.json", *options)
    told = run(work, programs / "python", SOURCES / "train.py", server.address, PYTHONPATH=str(work))
    assert is_the_run_of_the_engine(told)

"""The guide: its links lead somewhere, the playground serves it, and what it says of the code is so."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from typer.main import get_command

from app import cli
from app.lessons.facts import RUN_FACTS
from app.settings import Settings
from app.wire.messages import Greeting, Incoming
from tests.server import ROOT, Server

GUIDE = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", *GUIDE]
LONGEST_README = 150
OWN_ADDRESS = "http://127.0.0.1:8000"


def source(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def named(pages: list[Path], pattern: str) -> list[Any]:
    """All that a pattern finds in pages, as parameters with the page's name."""
    return [
        pytest.param(found, id=f"{page.stem}-{number}")
        for page in pages
        for number, found in enumerate(re.findall(pattern, page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))
    ]


def test_the_guide_is_built_without_a_broken_link(tmp_path: Path) -> None:
    made = subprocess.run(
        [
            *(sys.executable, "-m", "properdocs", "build", "--strict"),
            *("--config-file", str(ROOT / "docs" / "site" / "properdocs.yml"), "--site-dir", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert {page.stem for page in tmp_path.glob("*.html")} == {page.stem for page in GUIDE}
    for page in tmp_path.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<script|<style|\bstyle=|\bon\w+=\"|(?:src|href)=\"http://127", text), page.name


def test_the_playground_serves_the_guide(server: Server) -> None:
    with httpx.Client(base_url=server.address, follow_redirects=True) as client:
        home = client.get("/guide")
        assert home.status_code == 200
        assert "<h1" in home.text
        for page in GUIDE:
            assert client.get(f"/guide/{page.stem}.html").status_code == 200, page.stem
        assert client.get("/guide/pictures/playground.png").headers["content-type"] == "image/png"
        assert client.get("/guide/nothing.html").status_code == 404


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.count("\n") <= LONGEST_README
    for target in re.findall(r"\]\(([^)#]+)", readme):
        assert target.startswith("http") or (ROOT / target).is_file(), target


def commands() -> list[Any]:
    """The calls of `playground` in the pages, without the comments behind them."""
    found = named(PAGES, r"^ {4}(playground [^\n]*)$")
    return [pytest.param(re.split(r"\s{2,}#", str(one.values[0]))[0], id=one.id) for one in found]


@pytest.mark.parametrize("line", commands())
def test_every_command_in_the_guide_is_one(line: str) -> None:
    name, *words = shlex.split(line)
    command: Any = get_command(cli.app)
    while inner := getattr(command, "commands", None):
        name, *words = words
        assert name in inner, f"there is no command {name}"
        command = inner[name]
    settings = cli.app.info.context_settings
    assert isinstance(settings, dict)
    command.make_context(name, words, **settings)  # raises where an option is none


@pytest.mark.long
@pytest.mark.parametrize("code", named(PAGES, r"^```python\n(.*?)^```$"))
def test_every_program_in_the_guide_runs(code: str, server: Server, tmp_path: Path) -> None:
    program = tmp_path / "sample.py"
    program.write_text(code.replace(OWN_ADDRESS, server.address), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-P", str(program)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert ran.returncode == 0, ran.stderr


def test_every_setting_is_in_the_guide() -> None:
    in_tables = set(re.findall(r"`PLAYGROUND_(\w+)`", source("teaching")))
    assert {name.upper() for name in Settings.model_fields} <= in_tables


def test_every_fact_of_a_lesson_is_in_the_guide() -> None:
    assert set(re.findall(r"^\| `(\w+)` \| \w+ \| ", source("lessons"), re.MULTILINE)) == set(RUN_FACTS)


def test_every_message_of_a_page_is_in_the_guide() -> None:
    models = [*get_args(get_args(Greeting)[0]), *get_args(get_args(Incoming)[0])]
    types = {get_args(model.model_fields["type"].annotation)[0] for model in models}
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", source("protocol"), re.MULTILINE)
    assert types <= {name for row in rows for name in re.findall(r"\w+", row)}


FOLDERS = "app|benchmarks|deploy|docs|engine|examples|playground|static|templates|tests|tools"


@pytest.mark.parametrize("path", named(PAGES, rf"`((?:{FOLDERS})/[\w./*-]*)"))
def test_every_path_in_the_guide_exists(path: str) -> None:
    assert any(ROOT.glob(path.rstrip("/"))), path


def test_every_package_has_a_row_in_the_architecture() -> None:
    packages = {made.parent for name in ("app", "engine") for made in (ROOT / name).rglob("__init__.py")}
    folders = {folder for folder in (ROOT / "static").iterdir() if folder.is_dir()}
    rows = set(re.findall(r"^\| `([\w/]+)/` \|", source("architecture"), re.MULTILINE))
    assert {str(folder.relative_to(ROOT)) for folder in (packages | folders) - {ROOT / "app"}} <= rows

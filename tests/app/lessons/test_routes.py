"""Lessons over HTTP."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from app.http.problem_json import MEDIA_TYPE
from app.lessons.facts import FACTS, NAMES
from app.lessons.routes import presented
from engine.config import Config
from engine.link.link import parse_link
from tests.app.lessons.lessons import GOOD, OURS, lessons_folder
from tests.server import PATIENCE, ROOT, Serve, Server, clean_environment

PATH = "/api/v1/lessons"


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """A client of the shared server."""
    with httpx.Client(base_url=server.address, trust_env=False, timeout=PATIENCE) as client:
        yield client


def test_all_lessons_are_listed_each_with_its_link(client: httpx.Client) -> None:
    listed = client.get(PATH).json()
    assert [(one["name"], one["title"], tuple(one["ideas"])) for one in listed] == [
        (name, lesson.title, lesson.ideas) for name, lesson in OURS.items()
    ]
    for one in listed:
        assert parse_link(one["link"]).config.tutorial == one["name"]


@pytest.mark.parametrize("name", OURS)
def test_a_lesson_is_served_as_the_page_shows_it(client: httpx.Client, name: str) -> None:
    answer = client.get(f"{PATH}/{name}")
    assert answer.status_code == 200
    found = answer.json()
    assert found == presented(name, OURS[name]).model_dump(mode="json")
    assert len(found["formulas"]) == len(OURS[name].formula) > 0
    assert all(one.startswith('<math display="block">') for one in found["formulas"])
    html = "".join([*found["html"], found["question"], found["done"], *(one["html"] for one in found["tries"])])
    assert not re.search(r"<script|<style|style=|\son\w+=", html)
    assert "$" not in unescape(html)
    assert all(parse_link(one["link"]).config.tutorial for one in found["tries"] if one["link"])


@pytest.mark.parametrize("name", ["nope", "First-Steps", "01-first-steps", "first-steps%00", "%2E%2E", "x" * 40])
def test_an_unknown_name_is_refused_and_the_known_ones_are_told(client: httpx.Client, name: str) -> None:
    answer = client.get(f"{PATH}/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.json()["detail"].startswith("There is no lesson named '")
    assert answer.json()["detail"].endswith(f"; there are {', '.join(OURS)}.")


def test_what_is_too_long_for_a_name_is_refused(client: httpx.Client) -> None:
    answer = client.get(f"{PATH}/{'x' * 41}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA_TYPE)
    assert answer.json()["errors"][0]["field"] == "name"


def test_a_teachers_folder_is_served(serve: Serve, tmp_path: Path) -> None:
    folder = tmp_path / "lessons"
    folder.mkdir()
    with serve(workers=1, lessons=lessons_folder(folder, mine=GOOD)) as own:
        listed = httpx.get(f"{own.address}{PATH}", trust_env=False).json()
    assert [one["name"] for one in listed] == [*OURS, "mine"]


def test_a_bad_folder_is_refused_at_the_start_in_one_sentence(tmp_path: Path) -> None:
    lessons_folder(tmp_path, mine=GOOD.replace("testLoss", "tesLoss"))
    command = [sys.executable, "-m", "playground", "serve", "--no-open", "--lessons", str(tmp_path)]
    environment = clean_environment(data=tmp_path)
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 2
    expected = "the name of a fact, as docs/lessons.md lists them"
    assert ended.stderr == f"mine.toml, check.0.fact: expected {expected}, got 'tesLoss'.\n"


def test_every_key_whose_values_are_names_is_read_by_them() -> None:
    named = {key for key, field in Config.model_fields.items() if "OneOf" in str(field) and key in FACTS}
    assert NAMES.keys() == named | {"comparedKnob"}

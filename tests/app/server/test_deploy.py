"""The files for whoever runs the playground for others: what they name has to be there."""

from __future__ import annotations

import re
import tomllib
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet

from app.exports.files.model_reader import MAX_CONTENT
from app.server.serve import SHUTDOWN_SECONDS
from app.settings import Settings
from tests.server import ROOT

FILES = ("Dockerfile", "deploy/nginx.conf", "deploy/Caddyfile", "deploy/playground.service", "deploy/compose.yaml")


def read(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads(read("pyproject.toml"))


@pytest.mark.parametrize("name", FILES)
def test_every_setting_that_is_named_is_one(name: str) -> None:
    named = set(re.findall(r"\bPLAYGROUND_([A-Z_]+)", read(name)))
    assert named
    assert named <= {field.upper() for field in Settings.model_fields}


def test_the_container_s_python_is_one_that_is_allowed(project: dict[str, Any]) -> None:
    images = re.findall(r"^FROM python:([\d.]+)-slim", read("Dockerfile"), re.MULTILINE)
    assert len(images) == read("Dockerfile").count("FROM ") == 2
    assert len(set(images)) == 1
    assert SpecifierSet(project["project"]["requires-python"]).contains(images[0])


def test_the_container_s_settings_are_good() -> None:
    given = dict(re.findall(r"PLAYGROUND_(\w+)=(\S+)", read("Dockerfile")))
    settings = Settings(**{name.lower(): value for name, value in given.items()})
    assert str(settings.port) in read("Dockerfile").partition("EXPOSE ")[2].split()[0]
    assert f"'127.0.0.1', {settings.port}" in read("Dockerfile")
    assert f"VOLUME {settings.data}" in read("Dockerfile")


def test_the_container_s_question_whether_it_is_healthy_is_a_program() -> None:
    (program,) = re.findall(r'"-c", "\\\n(.*?)"\]', read("Dockerfile"), re.DOTALL)
    compile(program.replace("\\\n", ""), "HEALTHCHECK", "exec")
    assert "/healthz" in program


def test_all_that_the_package_is_built_from_goes_into_the_container(project: dict[str, Any]) -> None:
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    guide = Path(wheel["hooks"]["custom"]["path"]).parts[0]
    files = [*wheel["packages"], *wheel["force-include"], guide, "pyproject.toml", project["project"]["readme"]]
    let_in = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    assert {*files, *project["project"]["license-files"]} == let_in
    assert all((ROOT / name).exists() for name in let_in)


@pytest.mark.parametrize("name", ["Dockerfile", "deploy/playground.service"])
def test_the_command_is_one_that_the_package_has(name: str, project: dict[str, Any]) -> None:
    assert list(project["project"]["scripts"]) == ["playground"]
    assert re.search(r'playground"?,? "?serve"?,? "?--no-open', read(name))


def test_the_unit_leaves_time_for_an_end_and_room_for_all_connections() -> None:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(read("deploy/playground.service"))
    service = unit["Service"]
    assert int(service["TimeoutStopSec"]) >= 2 * SHUTDOWN_SECONDS
    assert int(service["LimitNOFILE"]) > Settings().connections
    assert service["StateDirectory"] == "playground"
    assert "PLAYGROUND_DATA=%S/playground" in service["Environment"]


def test_the_proxy_is_more_patient_than_the_silence_between_two_pings_and_takes_all_bodies() -> None:
    config = read("deploy/nginx.conf")
    waits = [int(seconds) for seconds in re.findall(r"proxy_read_timeout (\d+)s;", config)]
    assert len(waits) == config.count("proxy_pass ") == 2
    assert min(waits) > 2 * Settings().ping_seconds
    sizes = re.findall(r"client_max_body_size (\d+)m;", config) + re.findall(
        r"max_size (\d+)MiB", read("deploy/Caddyfile")
    )
    assert len(sizes) == 2
    assert min(int(size) * 2**20 for size in sizes) >= max(Settings().body_bytes, MAX_CONTENT)


@pytest.mark.parametrize("name", ["deploy/nginx.conf", "deploy/Caddyfile"])
def test_the_proxies_speak_to_the_port_that_the_server_has(name: str) -> None:
    assert set(re.findall(r"127\.0\.0\.1:(\d+)", read(name))) == {str(Settings().port)}
    assert "/metrics" in read(name)


def test_the_balancer_knows_all_servers_of_the_compose_file_and_gives_scripts_to_the_one_that_keeps_their_runs() -> (
    None
):
    services = set(re.findall(r"^  (\w+):\n    <<: \*playground", read("deploy/compose.yaml"), re.MULTILINE))
    config = read("deploy/balancer.conf")
    assert set(re.findall(rf"server (\w+):{Settings().port} ", config)) == services
    assert len(services) == 3
    (keeper,) = re.findall(r"(\w+):\n    <<: \*playground\n    volumes:", read("deploy/compose.yaml"))
    place, where = re.findall(r"location ~ (\S+) \{.*?proxy_pass http://(\w+):", config, re.DOTALL)[0]
    assert where == keeper
    assert all(re.match(place, address) for address in ("/api/v1/runs", "/api/v1/sweeps/3", "/sweeps"))
    assert not re.match(place, "/api/v1/live")

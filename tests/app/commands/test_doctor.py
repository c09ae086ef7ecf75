"""`playground doctor`: what is as it should be, and what is not is told with what to do."""

from __future__ import annotations

import json
import re
import resource
import socket
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from app.doctor import environment, files, installation, machine
from app.doctor.finding import Finding, found, ok
from app.doctor.running_server import check_server
from app.settings import Settings
from app.store.store import Store
from engine import parse_link
from tests.app.command import Command, Ran, assert_refused
from tests.app.conftest import OpenPage, Replay
from tests.server import Server, StartServer

HERE = {
    "tapes",
    *("python", "packages", "extras", "engine", "blas"),
    *("settings", "store", "lessons", "port", "worker", "descriptors", "memory"),
}
Findings = dict[str, Finding]


@pytest.fixture
def playground(tmp_path: Path) -> Command:
    """Runs the command in an empty folder."""
    return Command(tmp_path)


def findings(ran: Ran) -> Findings:
    """What was found, the worst of each thing, once it is seen that the exit code says the same."""
    told = json.loads(ran.stdout)
    every = [Finding(**one) for one in told["findings"]]
    assert told["ok"] == (ran.returncode == 0) == all(one.state != "problem" for one in every)
    return of(every)


def of(every: list[Finding]) -> Findings:
    """The worst that was found of each thing."""
    states = ("ok", "warning", "problem")
    return {one.about: one for one in sorted(every, key=lambda one: states.index(one.state))}


def assert_found(one: Finding, state: str, *words: str) -> None:
    assert one.state == state, one
    assert all(word in one.sentence for word in words), one


# --- the whole --------------------------------------------------------------------------------------------------------


def test_a_sound_installation_has_no_problem_and_nothing_is_changed(playground: Command, tmp_path: Path) -> None:
    ran = playground.process("doctor", "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    told = findings(ran)
    assert set(told) == HERE
    assert {one.state for one in told.values()} <= {"ok", "warning"}
    assert list(tmp_path.iterdir()) == []


def test_a_person_is_shown_a_table(playground: Command) -> None:
    playground.environment["PLAYGROUND_WORKRES"] = "3"
    ran = playground("doctor")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert re.search(r"^ engine +ok +10 epochs come to the recorded losses", ran.stdout, re.MULTILINE)
    sentence = "PLAYGROUND_WORKRES is no setting and has no effect: is PLAYGROUND_WORKERS meant?"
    assert re.search(rf"^ settings +warning +{re.escape(sentence)} *$", ran.stdout, re.MULTILINE)


def test_a_look_that_breaks_is_a_problem_and_the_others_go_on() -> None:
    def breaks() -> list[Finding]:
        raise ImportError("No module named 'numpy'")

    told = of(list(found({"one": breaks, "other": lambda: [ok("other", "Fine.")]})))
    assert_found(told["one"], "problem", "ImportError: No module named 'numpy'")
    assert_found(told["other"], "ok")


# --- this machine -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"), [("HANG_SECONDS", "long"), ("MAX_SESSIONS", "0"), ("ALLOWED_HOSTS", "[example.com")]
)
def test_a_wrong_setting_is_told_by_its_name(playground: Command, name: str, value: str) -> None:
    playground.environment[f"PLAYGROUND_{name}"] = value
    ran = playground("doctor", "--json")
    assert ran.returncode == 1
    assert_found(findings(ran)["settings"], "problem", f"PLAYGROUND_{name}: expected", f"got {value!r}")
    assert_refused(playground("serve"), name.lower())


@pytest.mark.parametrize(
    ("check", "setting", "words"),
    [
        (files.store, {"data": Path("/proc/nowhere")}, ("/proc/nowhere cannot be written", "PLAYGROUND_DATA")),
        (files.lessons, {"lessons": Path("nowhere")}, ("lessons: expected a folder", "'nowhere'")),
        (machine.port, {"host": "192.0.2.1"}, ("192.0.2.1", "PLAYGROUND_HOST")),
    ],
)
def test_a_setting_that_this_machine_cannot_meet_is_told(
    check: Callable[[Settings], Iterator[Finding]], setting: dict[str, Any], words: tuple[str, ...]
) -> None:
    (told,) = check(Settings(**setting))
    assert_found(told, "problem", *words)


def test_a_store_that_is_damaged_is_told_and_left(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    path.write_bytes(b"damaged" * 1_000)
    (told,) = files.store(Settings(data=tmp_path))
    assert_found(told, "problem", "is damaged")
    assert path.read_bytes() == b"damaged" * 1_000


def test_a_store_that_nobody_has_open_is_whole_and_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    Store(path).close()
    before = path.read_bytes()
    (told,) = files.store(Settings(data=tmp_path))
    assert_found(told, "ok", "is whole")
    assert path.read_bytes() == before
    Store(path).close()


def test_a_store_that_another_program_has_for_itself_is_told(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    Store(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("BEGIN IMMEDIATE")
        (told,) = files.store(Settings(data=tmp_path))
    assert_found(told, "problem", "Another program has", "for itself")


def test_a_store_on_a_disk_with_little_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LITTLE_ROOM", 2**62)
    well, told = files.store(Settings(data=tmp_path))
    assert_found(well, "ok", "will be made")
    assert_found(told, "warning", "MB are free", "make room")


def test_beside_a_server_its_store_and_port_are_as_they_should_be(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server(data=tmp_path, workers=1, processes=1)
    settings = Settings(data=tmp_path, port=server.port)
    (store,), (port,) = files.store(settings), machine.port(settings)
    assert_found(store, "ok", "is whole and can be written")
    assert_found(port, "ok", "A playground serves", "is ready")


def test_another_s_port_is_told() -> None:
    with answering({}) as url:
        (told,) = machine.port(Settings(port=port_of(url)))
    assert_found(told, "problem", "Something else listens")


def test_a_server_that_is_not_ready_is_told() -> None:
    with answering({"/healthz": (200, {"status": "ok"}), "/readyz": (503, {"detail": "It is tired."})}) as url:
        (told,) = machine.port(Settings(port=port_of(url)))
        outside = of(list(check_server(url)))
    assert_found(told, "problem", "is not ready: It is tired.")
    assert_found(outside["ready"], "problem", "It is tired.")


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def test_a_process_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    monkeypatch.setattr(machine, "WORKER_SECONDS", 0.2)
    (told,) = machine.worker(Settings())
    assert_found(told, "problem", "has answered for 0.2 seconds")


@pytest.mark.parametrize(
    ("limit", "state", "words"),
    [
        (resource.RLIM_INFINITY, "ok", ()),
        (1_024, "ok", ()),
        (512, "warning", ("512 files", "PLAYGROUND_CONNECTIONS", "ulimit -n 1064")),
        (200, "problem", ("200 sessions", "ulimit -n 264")),
    ],
)
def test_a_limit_of_files_is_held_against_the_settings(
    monkeypatch: pytest.MonkeyPatch, limit: int, state: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda what: (limit, limit))
    (told,) = machine.descriptors(Settings(max_sessions=200, connections=1_000))
    assert_found(told, state, *words)


@pytest.mark.parametrize(
    ("there", "state", "words"),
    [
        (16_000, "ok", ("about 740 MB, of 16,000 MB",)),
        (2_340, "ok", ("PLAYGROUND_WORKER_MEGABYTES=1000",)),
        (440, "warning", ("PLAYGROUND_MAX_SESSIONS to 50",)),
    ],
)
def test_the_memory_is_held_against_the_settings(
    monkeypatch: pytest.MonkeyPatch, there: int, state: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr(machine, "_megabytes", lambda: there)
    (told,) = machine.memory(Settings(workers=2, processes=2, max_sessions=200, worker_megabytes=2_048))
    assert_found(told, state, *words)


def test_a_container_s_memory_is_what_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(machine, "CONTAINER", limit)
    whole = machine._megabytes()
    limit.write_text("max\n")
    assert machine._megabytes() == whole
    limit.write_text("123456789\n")
    assert machine._megabytes() == 123


# --- the installation -------------------------------------------------------------------------------------------------


def test_packages_that_are_missing_or_too_old_are_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = ["numpy>=99", "no-such-package>=1", "rich>=1", 'absent; extra == "onnx"', 'other; python_version < "3"']
    monkeypatch.setattr(installation, "requires", lambda name: needed)
    missing, old = sorted(installation.packages(), key=lambda one: one.sentence)
    assert_found(missing, "problem", "no-such-package is missing: pip install --upgrade 'no-such-package>=1'")
    assert_found(old, "problem", "numpy is ", "has to be >=99: pip install --upgrade 'numpy>=99'")
    onnx, *_ = installation.extras()
    assert_found(onnx, "ok", "onnx", "is not there", "pip install 'neural-playground[onnx]'")


def test_what_is_needed_is_what_was_installed() -> None:
    names = {one.name for one in installation.needs()}
    assert {"numpy", "fastapi", "uvicorn"} <= names
    assert not {"pytest", "onnx"} & names
    assert {one.name for one in installation.needs("onnx")} == {"onnx"}


def test_the_recorded_run_is_one_of_the_original(replays: list[Replay]) -> None:
    config = parse_link(installation.RECORDED).config
    (replay,) = (one for one in replays if parse_link(one["link"]).config == config)
    recorded = {moment["epoch"]: (moment["train_loss"], moment["test_loss"]) for moment in replay["trace"]}
    assert {epoch: recorded[epoch] for epoch in installation.LOSSES} == installation.LOSSES


def test_an_engine_that_comes_to_other_losses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    train, test = installation.LOSSES[10]
    monkeypatch.setitem(installation.LOSSES, 10, (train, test + 2e-9))
    (told,) = installation.engine()
    assert_found(told, "problem", "2e-09 off")


def test_threads_of_a_product_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "THREADS", "print(4)")
    (told,) = installation.blas()
    assert_found(told, "warning", "4 threads")


def test_all_settings_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_SERVER", "http://127.0.0.1")
    monkeypatch.setenv("PLAYGROUND_MAX_SESSIONS", "30")
    settings, told = environment.settings()
    assert settings
    assert settings.max_sessions == 30
    assert [one.state for one in told] == ["ok"]


# --- from outside -----------------------------------------------------------------------------------------------------


def test_a_running_server_is_looked_at_from_outside(playground: Command, server: Server) -> None:
    told = findings(playground("doctor", "--json", "--server", server.address))
    assert {about: one.state for about, one in told.items()} == dict.fromkeys(
        ("server", "ready", "headers", "page"), "ok"
    )
    assert "sent a picture" in told["page"].sentence


def test_where_nobody_answers_nothing_else_is_looked_at(playground: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    told = findings(playground("doctor", "--json", "--server", url))
    assert_found(told.pop("server"), "problem", "Nobody answers", url)
    assert not told


@pytest.mark.parametrize("url", ["ftp://example.com", "example.com", "http://[", "http://"])
def test_an_address_that_is_none_is_a_problem(playground: Command, url: str) -> None:
    told = findings(playground("doctor", "--json", "--server", url))
    assert [one.state for one in told.values()] == ["problem"]


def test_something_else_than_a_playground_is_told() -> None:
    with answering({"/healthz": (200, {"healthy": True})}) as url:
        (told,) = check_server(url)
    assert_found(told, "problem", "no playground")


def test_a_name_that_the_server_does_not_know_is_told_with_the_setting(server: Server) -> None:
    with proxied(server, lambda head: re.sub(rb"(?im)^host:.*$", b"host: example.com\r", head)) as url:
        (told,) = check_server(url)
    assert_found(told, "problem", """PLAYGROUND_ALLOWED_HOSTS='["127.0.0.1"]'""")


def test_numbers_that_everybody_can_read_are_told(start_server: StartServer) -> None:
    server = start_server(host="0.0.0.0", workers=1)
    told = of(list(check_server(f"http://127.0.0.2:{server.port}")))
    assert_found(told["metrics"], "warning", "/metrics")


def test_a_full_server_is_a_warning(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(workers=1, max_sessions=1)
    open_page(server).greet()
    assert_found(of(list(check_server(server.address)))["page"], "warning", "The playground is full")


def test_a_proxy_that_does_not_pass_the_host_on_is_told(server: Server) -> None:
    with proxied(server, lambda head: re.sub(rb"(?im)^host:.*$", b"host: localhost\r", head)) as url:
        told = of(list(check_server(url)))
    assert_found(told["page"], "problem", "does not pass Host on")
    assert told["ready"].state == told["headers"].state == "ok"


def test_a_proxy_that_passes_no_upgrade_on_is_told(server: Server) -> None:
    with proxied(server, lambda head: re.sub(rb"(?im)^(upgrade|connection):.*\n", b"", head)) as url:
        told = of(list(check_server(url)))
    assert_found(told["page"], "problem", "does not pass the upgrade")


def test_a_proxy_that_changes_headers_is_told(server: Server) -> None:
    with proxied(server, answers=lambda head: re.sub(rb"(?im)^(referrer-policy):.*$", rb"\1: origin\r", head)) as url:
        told = of(list(check_server(url)))
    assert_found(told["headers"], "problem", "Referrer-Policy")
    assert told["page"].state == "ok"


Change = Callable[[bytes], bytes]


@contextmanager
def proxied(server: Server, asked: Change = bytes, answers: Change = bytes) -> Iterator[str]:
    """A proxy before a server that changes the head of each request, and of each answer; one a connection."""

    def relay(source: socket.socket, sink: socket.socket, change: Change) -> None:
        with suppress(OSError), closing(sink):
            head = b""
            while b"\r\n\r\n" not in head and (data := source.recv(65_536)):
                head += data
            sink.sendall(change(re.sub(rb"(?im)^connection: keep-alive", b"connection: close", head)))
            while data := source.recv(65_536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                behind = socket.create_connection(("127.0.0.1", server.port))
                for pair in ((client, behind, asked), (behind, client, answers)):
                    threads.append(threading.Thread(target=relay, args=pair))
                    threads[-1].start()

    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threads.append(threading.Thread(target=accept))
        threads[-1].start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
    for thread in threads:
        thread.join()


@contextmanager
def answering(answers: dict[str, tuple[int, Any]]) -> Iterator[str]:
    """Something that listens and answers so; 404 to all else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, (404, None))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body, separators=(",", ":")).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is written."""

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_address[1]}"
        listening.shutdown()
        thread.join()

"""What a server writes of itself, and what it never writes."""

from __future__ import annotations

import json
import logging
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from app.http.request_log import HEADER
from app.logs import JsonLine, PlainLine, session_id
from tests.app.conftest import OpenPage
from tests.server import PATIENCE, ROOT, Server, clean_environment, started

PROGRAM = """
import sys, uvicorn
from fastapi import WebSocket
from fastapi.responses import StreamingResponse
from starlette.middleware import Middleware
from app.logs import session_id, setup
from app.http.request_log import RequestLog
from app.server.serve import addresses, bind
from app.server.application import create_app

app = create_app()

def broken():
    try:
        {}["my secret"]
    except KeyError as error:
        raise ValueError("my secret") from error

async def broken_late():
    yield b"one"
    broken()

app.get("/broken")(broken)
app.get("/late")(lambda: StreamingResponse(broken_late()))

@app.websocket("/socket")
async def socket(socket: WebSocket):
    await socket.accept()
    session_id.set("public")
    await socket.receive_text()
    broken()

listening = bind("127.0.0.1", 0)
config = uvicorn.Config(app, log_config=setup(sys.argv[1], sys.argv[2]), log_level=None, access_log=False)
class Told(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(addresses(listening)[0], flush=True)
Told(config).run(sockets=[listening])
"""
"""A served playground with a few routes that go wrong."""

Line = dict[str, Any]


class Logging(Server):
    """Such a server."""

    @property
    def lines(self) -> list[Line]:
        """All that it has written, once it has ended."""
        self.end()
        return [json.loads(line) for line in self.said.splitlines()]


@pytest.fixture
def logging_server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Logging]:
    """A server that writes JSON at a level, "info" where the test names no other."""
    level, log = getattr(request, "param", "info"), tmp_path / "stderr.txt"
    environment = clean_environment(data=tmp_path, workers=1, processes=1)
    with started(["json", level], environment, log, program=PROGRAM) as (process, output):
        yield Logging(process, output, log)


def ask(server: Server, path: str, **options: Any) -> httpx.Response:
    return httpx.request(
        options.pop("method", "GET"), f"{server.address}{path}", trust_env=False, timeout=PATIENCE, **options
    )


def requests(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line["message"] == "request"]


# --- a server ---------------------------------------------------------------------------------------------------------


def test_a_request_is_one_line_with_all_that_is_known_of_it(logging_server: Logging) -> None:
    began = datetime.now(UTC)
    answer = ask(logging_server, "/healthz", headers={HEADER: "from-the-proxy.1"})
    assert answer.headers[HEADER] == "from-the-proxy.1"
    (line,) = requests(logging_server.lines)
    assert list(line) == [
        *("time", "level", "logger", "message", "request", "method", "path", "status", "milliseconds", "address"),
    ]
    assert timedelta() <= datetime.fromisoformat(line.pop("time")) - began < timedelta(seconds=PATIENCE)
    assert 0 < line.pop("milliseconds") < PATIENCE * 1_000
    assert line == {
        "level": "info",
        "logger": "app.access",
        "message": "request",
        "request": "from-the-proxy.1",
        "method": "GET",
        "path": "/healthz",
        "status": 200,
        "address": "127.0.0.1",
    }


def test_an_id_that_is_none_is_replaced_by_a_new_one(logging_server: Logging) -> None:
    given = ["", "two words", "x" * 65, "<script>", "naïve"]
    ids = [ask(logging_server, "/healthz", headers={HEADER: one.encode()}).headers[HEADER] for one in given]
    ids.append(ask(logging_server, "/healthz").headers[HEADER])
    assert len({*ids, *given}) == len(ids) + len(given)
    assert [line["request"] for line in requests(logging_server.lines)] == ids


def test_the_address_is_the_one_that_a_proxy_on_this_machine_tells(logging_server: Logging) -> None:
    ask(logging_server, "/healthz", headers={"X-Forwarded-For": "192.0.2.9, 192.0.2.7"})
    assert [line["address"] for line in requests(logging_server.lines)] == ["192.0.2.7"]


def test_refusals_have_an_id_and_a_line_too(logging_server: Logging) -> None:
    ids = [
        ask(logging_server, "/nothing").headers[HEADER],
        ask(logging_server, "/", headers={"Host": "example.com", HEADER: "foreign"}).headers[HEADER],
    ]
    assert [(line["request"], line["status"]) for line in requests(logging_server.lines)] == list(
        zip(ids, (404, 400), strict=True)
    )


def test_what_nobody_expected_is_one_line_with_where_it_came_from_and_without_what_it_says(
    logging_server: Logging,
) -> None:
    answer = ask(logging_server, "/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers[HEADER] in answer.json()["detail"]
    assert answer.headers["content-security-policy"]
    failed, asked = logging_server.lines
    assert (failed["level"], failed["request"], failed["path"]) == ("error", answer.headers[HEADER], "/broken")
    assert "in broken" in failed["traceback"]
    assert failed["traceback"].endswith("ValueError\n")
    assert "KeyError\nThen:\n" in failed["traceback"]
    assert asked["status"] == 500


def test_an_answer_that_breaks_off_is_told_under_its_id(logging_server: Logging) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        ask(logging_server, "/late", headers={HEADER: "late"})
    lines = logging_server.lines
    (failed,) = (line for line in lines if line["level"] == "error")
    assert (failed["request"], failed["path"]) == ("late", "/late")
    assert failed["traceback"].endswith("ValueError\n")


def test_a_websocket_is_told_when_it_ends_with_its_session(logging_server: Logging) -> None:
    address = f"ws://{logging_server.host}/socket?secret"
    with connect(address, proxy=None, additional_headers={HEADER: "of-a-page"}) as page:
        assert page.response
        assert page.response.headers[HEADER] == "of-a-page"
        page.send("my secret")
        with pytest.raises(ConnectionClosed):
            page.recv(PATIENCE)
    lines = logging_server.lines
    (asked,), (failed,) = requests(lines), [line for line in lines if line["level"] == "error"]
    facts = ("session", "request", "method", "path", "status")
    assert [asked[fact] for fact in facts] == ["public", "of-a-page", "WEBSOCKET", "/socket", 101]
    assert (failed["session"], failed["request"]) == ("public", "of-a-page")
    assert failed["traceback"]


@pytest.mark.parametrize("logging_server", ["debug"], indirect=True)
def test_nothing_that_people_make_or_hold_is_ever_written(logging_server: Logging, open_page: OpenPage) -> None:
    link = "dataset=spiral&seed=mysecret"
    hello = open_page(logging_server).greet(link)
    page = open_page(logging_server, subprotocols=[f"session.{hello['session']}"])
    page.resume(hello["session"])
    page.send('{"type": "mysecret", "seq": "mysecret"}')
    page.answer("error")
    bearer = {"Authorization": f"Bearer {hello['session']}"}
    statuses = [
        ask(logging_server, f"/api/v1/sessions/{hello['id']}", headers=bearer).status_code,
        ask(
            logging_server, f"/api/v1/sessions/{hello['id']}", headers={"Authorization": "Bearer mysecret"}
        ).status_code,
        ask(logging_server, f"/?{link}").status_code,
        ask(logging_server, "/api/v1/runs", method="POST", json={"link": link, "epochs": 1}).status_code,
        ask(logging_server, "/api/v1/runs", method="POST", json={"link": 1, "mysecret": 2}).status_code,
        ask(logging_server, "/api/v1/points?x=mysecret", method="POST", content=b"1,2,1\n,mysecret").status_code,
        ask(logging_server, "/broken?mysecret").status_code,
    ]
    assert statuses == [200, 401, 200, 202, 422, 422, 500]
    logging_server.end()
    assert len(logging_server.said.splitlines()) > len(statuses)
    for secret in ("mysecret", hello["session"], "spiral"):
        assert secret not in logging_server.said


@pytest.mark.parametrize("logging_server", ["warning"], indirect=True)
def test_at_the_level_of_warnings_a_server_that_is_well_is_silent(logging_server: Logging) -> None:
    assert ask(logging_server, "/healthz").headers[HEADER]
    assert logging_server.lines == []


# --- lines ------------------------------------------------------------------------------------------------------------


def record(message: str = "worker %s ended", *args: object, **facts: object) -> logging.LogRecord:
    made = logging.makeLogRecord(
        {"name": "app.sessions.worker_pool", "levelname": "WARNING", "msg": message, "args": args, **facts}
    )
    made.created = datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC).timestamp()
    return made


def test_a_line_of_json_is_one_line_whatever_is_said() -> None:
    line = JsonLine().format(record("a\u2028b\x00 %s", '"\nc', path="/\n"))
    assert line.isprintable()
    assert json.loads(line) == {
        "time": "2026-01-02T03:04:05.678+00:00",
        "level": "warning",
        "logger": "app.sessions.worker_pool",
        "message": 'a\u2028b\x00 "',
        "path": "/\n",
    }


def test_a_line_for_a_person_is_short() -> None:
    line = PlainLine().format(record("worker %s ended", 7, path="/\n", status=200))
    assert line.endswith(":04:05 warning: worker 7 ended path='/\\n' status=200")


def test_of_an_error_of_the_system_its_own_words_are_told() -> None:
    def told(error: Exception) -> str:
        found: str = json.loads(JsonLine().format(record("x", exc_info=(type(error), error, None))))["traceback"]
        return found.splitlines()[-1]

    assert told(OSError(28, "No space left on device", "mysecret")) == "OSError: No space left on device"
    assert told(OSError("mysecret")) == "OSError"
    assert told(ExceptionGroup("mysecret", [KeyError("mysecret")])) == "KeyError"


def test_a_session_is_told_where_it_is_known() -> None:
    token = session_id.set("public")
    try:
        assert json.loads(JsonLine().format(record("x")))["session"] == "public"
    finally:
        session_id.reset(token)
    assert "session" not in json.loads(JsonLine().format(record("x")))


SAYING = "import logging, sys; from app.logs import setup; setup(None, 'warning'); {}"


def test_elsewhere_than_at_a_terminal_lines_are_json_unless_said_otherwise() -> None:
    program = SAYING.format("logging.getLogger('app').warning('hello'); logging.getLogger('app').info('nothing')")
    piped = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(piped.stderr)["message"] == "hello"
    terminal, its_end = pty.openpty()
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, stderr=its_end, check=True)
    os.close(its_end)
    assert b"warning: hello" in os.read(terminal, 1_000)
    os.close(terminal)


def test_a_program_that_breaks_tells_so_in_one_line() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SAYING.format("{}['mysecret']")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    line = json.loads(ended.stderr)
    assert (line["level"], line["traceback"].splitlines()[-1]) == ("critical", "KeyError")
    assert "mysecret" not in ended.stderr.replace("{}['mysecret']", "")


def test_a_level_may_be_higher_than_a_warning() -> None:
    program = (
        "import logging; from app.logs import setup; setup('json', 'error'); logging.getLogger('uvicorn').warning('x')"
    )
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stderr == ""

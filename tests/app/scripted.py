"""The HTTP API for scripted runs, as a script speaks it, and what the engine by itself makes of the same runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

import httpx

from engine import Config, Trainer, parse_link
from engine.state import digest
from tests.server import PATIENCE, Server

Json = dict[str, Any]
XOR = "dataset=xor&networkShape=3&seed=0.5"
LONG = {"link": XOR, "epochs": 1_000, "record": {"losses": 20}}
"""A run that takes a second, which is two steps and more."""
ENDLESS = {"link": XOR, "epochs": 10_000_000}
"""A run that does not end by itself while a test runs."""


class Event(NamedTuple):
    """A server-sent event."""

    name: str
    id: str
    data: Json


class Api:
    """The HTTP API of a server."""

    def __init__(self, client: httpx.Client) -> None:
        self.http = client

    def get(self, path: str, **options: Any) -> httpx.Response:
        """The answer to a GET."""
        return self.http.get(path, **options)

    def post(self, path: str, body: object = None, **options: Any) -> httpx.Response:
        """The answer to a POST of JSON."""
        return self.http.post(path, json=body, **options)

    def json(self, path: str, **params: Any) -> Any:
        """What an address tells."""
        answer = self.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def start(self, **body: Any) -> str:
        """The id of a run that was accepted."""
        return self._accepted("/runs", body)

    def sweep(self, **body: Any) -> str:
        """The id of a sweep that was accepted."""
        return self._accepted("/sweeps", body)

    def _accepted(self, path: str, body: Json) -> str:
        answer = self.post(path, body)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def run(self, id: str) -> Json:
        """A run as it is now."""
        found: Json = self.json(f"/runs/{id}")
        return found

    def refused(self, path: str, body: object, status: int = 422) -> Json:
        """The problem document that a POST is answered with."""
        return problem(self.post(path, body), status)

    @contextmanager
    def watching(self, id: str, after: str | None = None) -> Iterator[Iterator[Event]]:
        """The events of a run, as they come."""
        headers = {} if after is None else {"Last-Event-ID": after}
        with self.http.stream("GET", f"/runs/{id}/events", headers=headers) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield _events(answer.iter_lines())

    def events(self, id: str, after: str | None = None) -> list[Event]:
        """All events of a run until it ends."""
        with self.watching(id, after) as events:
            return list(events)

    def ended(self, id: str) -> Json:
        """A run when it has ended."""
        last = self.events(id)[-1]
        assert last.name == "end", last
        return last.data

    def trained(self, **body: Any) -> Json:
        """A run from its acceptance to its end."""
        return self.ended(self.start(**body))

    def reach(self, id: str, epoch: int) -> None:
        """Wait until a run has recorded an epoch."""
        with self.watching(id) as events:
            assert any(event.name == "epoch" and int(event.id) >= epoch for event in events)

    def swept(self, id: str) -> Json:
        """A sweep when all its runs have ended."""
        for run in self.json(f"/sweeps/{id}")["runs"]:
            self.ended(run["id"])
        found: Json = self.json(f"/sweeps/{id}")
        return found

    def epochs(self, id: str) -> list[int]:
        """The recorded epochs of a run."""
        return [entry["epoch"] for entry in self.json(f"/runs/{id}/history")["history"]]


def _events(lines: Iterator[str]) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
        elif fields:
            yield Event(fields["event"], fields["id"], json.loads(fields["data"]))
            fields = {}


@contextmanager
def speaking(server: Server) -> Iterator[Api]:
    """The HTTP API of a server, for the time of a block."""
    with httpx.Client(base_url=f"{server.address}/api/v1", trust_env=False, timeout=PATIENCE) as client:
        yield Api(client)


def problem(answer: httpx.Response, status: int) -> Json:
    """The problem document of a refusal."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: Json = answer.json()
    assert document["status"] == status
    assert document["detail"]
    return document


@cache
def engine_digest(config: Config | str, epochs: int) -> str:
    """The digest of theta that the engine by itself comes to."""
    trainer = Trainer(parse_link(config).config if isinstance(config, str) else config)
    trainer.train(epochs)
    return digest(trainer)

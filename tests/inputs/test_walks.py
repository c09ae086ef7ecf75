"""Long walks through a session, beside a plain model of what it has to be: the engine, and a list of changes."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest

from app.wire.frames import Frame
from engine import Config, Trainer, parse_link
from tests.app.conftest import OpenPage
from tests.app.pages import Answer
from tests.inputs.scale import PARTS, STEPS, WALKS, some
from tests.server import PATIENCE, Server, StartServer

in_parts = pytest.mark.parametrize("part", range(PARTS))
LINK = "dataset=xor&networkShape=3,2&seed=0.123&batchSize=7&numSamples=150"
CHANGES: tuple[dict[str, Any], ...] = (
    *({"learningRate": rate} for rate in (0.01, 0.03, 0.1)),
    *({"regularization": name, "regularizationRate": 0.01} for name in ("L1", "L2")),
    *({"batchSize": size} for size in (1, 7, 20)),
    {"activation": "relu"},
    {"activation": "tanh"},
)


class Model:
    """What a session has to be."""

    def __init__(self) -> None:
        self.begin()

    def begin(self, config: Config | None = None) -> None:
        """A new network."""
        self.config = self._first = config or parse_link(LINK).config
        self._log: list[tuple[int, Config]] = []
        self._trainer = Trainer(self.config)

    def at(self, updates: int) -> bytes:
        """The bits of the parameters after so many updates."""
        if updates < self._trainer.updates:
            self._again()
        self._trainer.step(updates - self._trainer.updates)
        assert self._trainer.updates == updates
        return self._trainer.network.theta.tobytes()

    def change(self, updates: int, changed: dict[str, Any]) -> None:
        """The configuration was changed after so many updates."""
        self.at(updates)
        self.config = self.config.model_copy(update=changed)
        self._trainer.reconfigure(self.config)
        self._log.append((updates, self.config))

    @property
    def changes(self) -> list[tuple[int, dict[str, Any]]]:
        """When it was changed, and what is not at its default since, for a person who looks for a fault."""
        return [(updates, config.model_dump(exclude_defaults=True)) for updates, config in self._log]

    @property
    def changed_at(self) -> int:
        """When it was changed last."""
        return self._log[-1][0] if self._log else 0

    def _again(self) -> None:
        self._trainer = Trainer(self._first)
        for updates, config in self._log:
            self._trainer.step(updates - self._trainer.updates)
            self._trainer.reconfigure(config)


class Walk:
    """A person who does this and that."""

    def __init__(self, server: Server, open_page: OpenPage, chance: random.Random, *, expires: bool) -> None:
        self._server, self._open_page, self._chance, self._expires = server, open_page, chance, expires
        self.model = Model()
        self.page = open_page(server)
        self.hello = self.page.greet(LINK)
        self.playing = False
        self.rows: dict[float, list[float]] = {}
        self._taken = 0  # frames whose losses are among the rows
        self._way: list[str] = []  # all that was done so far

    def go(self, steps: int) -> None:
        """Some steps, and a look after each."""
        doings: list[Callable[[], None]] = [self.change, self.play, self.pause, self.step, self.reset, self.drop]
        lasting = [] if self._expires else [self.change, self.step, self.kill, self.interrupt]
        for _ in range(steps):
            doing = self._chance.choice([*doings, *lasting])
            self._way.append(doing.__name__)
            doing()
            self.look()
        self.page.websocket.close()

    def change(self) -> None:
        """Move a knob."""
        changed = self._chance.choice(CHANGES)
        answer = self._ask("configure", set=changed)
        self.model.change(answer["updates"], changed)

    def play(self) -> None:
        self._ask("play")
        self.playing = True

    def pause(self) -> None:
        self._ask("pause")
        self.playing = False

    def step(self) -> None:
        """Train some epochs or batches, and see where that ends."""
        unit, count = self._chance.choice(["epoch", "update"]), self._chance.randrange(1, 5)
        answer = self._ask("step", unit=unit, count=count)
        self.playing = False
        self._see(
            lambda frame: (
                frame.epoch >= answer["epoch"] + count
                if unit == "epoch"
                else frame.updates >= answer["updates"] + count
            )
        )

    def reset(self) -> None:
        answer = self._ask("reset")
        assert (answer["epoch"], answer["updates"], answer["playing"]) == (0, 0, False)
        self.playing = False
        self.model.begin(self.model.config)
        self.rows.clear()

    def drop(self) -> None:
        """Lose the connection, and come back: in time, or too late."""
        self._hear_all()
        self.page.drop()
        if self._expires:
            while self._told().status_code != 404:
                pass
        self.page, self._taken = self._open_page(self._server), 0
        after = max(self.rows, default=-1)
        self.hello = self.page.resume(self.hello["session"], link=LINK, after=after)
        assert self.hello["resumed"] is not self._expires
        if self._expires:
            self.model.begin()
            self.playing = False
            self.rows.clear()

    def interrupt(self) -> None:
        """Lose the connection amid changes: those that have arrived hold, and the page makes the others again."""
        self.step()  # for a pause may let an epoch end
        updates = self.page.frames[-1].updates
        several = enumerate(self._chance.choices(CHANGES, k=6))  # of a gesture each: none stands for another
        said = {self.page.say("configure", set=changed, gesture=place): changed for place, changed in several}
        self.drop()
        for number, changed in said.items():
            if number > self.hello["taken"]:
                self._ask("configure", set=changed)
            self.model.change(updates, changed)

    def kill(self) -> None:
        """The process that trains dies; another one goes on from a saved state, and says so."""
        before = self.page.ask("pause")["updates"] if not self.playing else None
        (worker,) = self._server.workers
        os.kill(worker, signal.SIGKILL)
        told = self.page.answer("recovered")
        assert told["updates"] >= self.model.changed_at
        assert before is None or told["updates"] == before
        self._gather()
        self.rows = {epoch: row for epoch, row in self.rows.items() if epoch <= told["epoch"]}

    def look(self) -> None:
        """See that the session is what the model says."""
        frame = self._see(lambda frame: True) if self.playing else self._still()
        assert frame.theta.tobytes() == self.model.at(frame.updates), (
            f"{self._way} {frame.updates} {self.model.changes}"
        )
        told = self._ask("save")
        assert told["config"] == self.model.config.model_dump(mode="json")
        assert told["playing"] is self.playing
        self._hear_all()
        kept = {row[0]: row[1:3] for row in told["saved"]["file"]["history"] if row[0] <= told["epoch"]}
        seen = {epoch: row[1:3] for epoch, row in self.rows.items()}
        if not self.playing:
            assert np.array_equal(list(kept), sorted(seen)), (list(kept), sorted(seen))
            assert all(kept[epoch] == seen[epoch] for epoch in kept)

    def _still(self) -> Frame:
        """What is shown of a run that stands still."""
        end = self._ask("pause")
        return self._see(lambda frame: frame.updates == end["updates"] or not frame.playing)

    def _ask(self, control: str, **fields: object) -> Answer:
        answer = self.page.ask(control, **fields)
        assert answer["version"] >= 0
        return answer

    def _see(self, wanted: Callable[[Frame], bool]) -> Frame:
        frame = self.page.frame(wanted)
        self._gather()
        return frame

    def _hear_all(self) -> None:
        self.page.catch_up()
        self._gather()

    def _gather(self) -> None:
        """The losses of all frames so far, as a page puts them together."""
        for frame in self.page.frames[self._taken :]:
            if frame.run == self.page.frames[-1].run:
                self.rows.update({row[0]: row for row in frame.history.tolist()})
        self._taken = len(self.page.frames)

    def _told(self) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.hello['session']}"}
        address = f"{self._server.address}/api/v1/sessions/{self.hello['id']}"
        return httpx.get(address, headers=headers, trust_env=False, timeout=PATIENCE)


@pytest.mark.long
@in_parts
def test_a_session_is_what_the_engine_says_whatever_happens_to_it(
    start_server: StartServer, open_page: OpenPage, part: int
) -> None:
    server = start_server(workers=1, max_deaths=10_000, requests_per_second=10_000)
    for number in range(part, WALKS, PARTS):
        Walk(server, open_page, some(number), expires=False).go(STEPS)


@in_parts
def test_a_session_that_was_left_for_too_long_begins_anew(
    start_server: StartServer, open_page: OpenPage, part: int
) -> None:
    server = start_server(workers=1, resume_seconds=0.05, requests_per_second=10_000)
    for number in range(part, WALKS // 4, PARTS):
        Walk(server, open_page, some(1_000 + number), expires=True).go(STEPS)

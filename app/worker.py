"""A worker process: holds the runs of many sessions and lets each train in turn.

Started as `python -m app.worker`, it speaks `app.pipe` over its standard input and output, and ends when its
input does. One thread reads the input; all else happens in one loop.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from app import answers, controls
from app.pipe import LENGTHS, Parcel, parcel
from app.run import Run
from app.scheduler import Scheduler
from engine import parse_link

log = logging.getLogger(__name__)

SWITCH_SECONDS = 0.0005
"""How long training may keep the reading thread waiting."""

Inbox = queue.SimpleQueue[Parcel | None]


def read_into(inbox: Inbox, source: BinaryIO) -> None:
    """Put every message of the source into the inbox, and None at its end."""
    while len(lengths := source.read(LENGTHS.size)) == LENGTHS.size:
        head, body = LENGTHS.unpack(lengths)
        inbox.put(parcel(source.read(head), source.read(body)))
    inbox.put(None)


class Worker:
    """The runs of this process, by session."""

    def __init__(self, inbox: Inbox, sink: BinaryIO, save_seconds: float) -> None:
        self._inbox, self._sink, self._save_seconds = inbox, sink, save_seconds
        self._runs: dict[str, Run] = {}
        self._scheduler: Scheduler[str] = Scheduler()
        self._saved: dict[str, tuple[float, int]] = {}  # when each run was saved, and at which update

    def serve(self) -> None:
        """Work until the input ends."""
        self._send(Parcel({"op": "ready"}))
        while self._receive():
            turn = self._scheduler.next(lambda session: self._runs[session].ready(time.perf_counter()))
            if turn:
                with self._guarding(turn.key):
                    self._work(turn.key, turn.budget)

    # --- training ---------------------------------------------------------------------------------------------------

    def _work(self, session: str, budget: float) -> None:
        began = time.perf_counter()
        run = self._runs[session]
        frame, said = run.turn(time.perf_counter, budget)
        for answer in said:
            self._say(session, answer)
        if frame is not None:
            self._send(Parcel({"op": "frame", "session": session}, frame))
        when, updates = self._saved[session]
        if (began > when + self._save_seconds or not run.playing) and run.trainer.updates != updates:
            self._save(session)
        self._scheduler.charge(session, time.perf_counter() - began)

    def _save(self, session: str, control: int = 0) -> None:
        """Send the run's state to the server, and the number of the control that it is the first to hold."""
        run = self._runs[session]
        self._saved[session] = time.perf_counter(), run.trainer.updates
        self._send(Parcel({"op": "saved", "session": session, "control": control}, run.to_bytes()))

    # --- messages ---------------------------------------------------------------------------------------------------

    def _receive(self) -> bool:
        """Take in all that has come, waiting for it if there is nothing else to do; False at the end of the input."""
        parcels = self._drain()
        pending: dict[str, list[controls.Message]] = defaultdict(list)
        for item in parcels:
            if item is None:
                return False
            if item.head["op"] == "control":
                pending[item.head["session"]].append({**item.head["message"], "control": item.head["control"]})
            else:
                self._control_all(pending)
                with self._guarding(item.head.get("session")):
                    OPERATIONS[item.head["op"]](self, item)
        self._control_all(pending)
        return True

    def _drain(self) -> list[Parcel | None]:
        parcels: list[Parcel | None] = []
        try:
            parcels.append(self._inbox.get(timeout=self._idle_seconds()))
            while True:
                parcels.append(self._inbox.get_nowait())
        except queue.Empty:
            return parcels

    def _idle_seconds(self) -> float | None:
        """How long nothing will happen by itself: 0 while a run is ready, None for ever."""
        now = time.perf_counter()
        if any(run.ready(now) for run in self._runs.values()):
            return 0
        wakes = [at for run in self._runs.values() if (at := run.wakes_at()) is not None]
        return max(0.0, min(wakes) - now) if wakes else None

    def _control_all(self, pending: dict[str, list[controls.Message]]) -> None:
        for session, messages in pending.items():
            run = self._runs.get(session)
            with self._guarding(session):
                for message in controls.coalesced(messages) if run else ():
                    assert run is not None
                    self._control(session, run, message)
        pending.clear()

    def _control(self, session: str, run: Run, message: controls.Message) -> None:
        if message["type"] == "ack":
            run.ack(message["frame"])
            return
        began = time.perf_counter()
        answer = controls.apply(run, message)
        self._save(session, message["control"])  # before the answer: what is acknowledged survives this process
        self._say(session, answer)
        self._scheduler.charge(session, time.perf_counter() - began)

    @contextmanager
    def _guarding(self, session: str | None) -> Iterator[None]:
        """Keep a fault of ours within the session where it happens: that one ends, the others train on."""
        try:
            yield
        except OSError:
            raise  # the pipe to the server is gone
        except Exception:
            log.exception("a run failed")
            if session is None:
                raise
            self._close(Parcel({"op": "close", "session": session}))
            self._send(Parcel({"op": "failed", "session": session}))

    def _ping(self, item: Parcel) -> None:
        self._send(Parcel({"op": "pong"}))

    def _open(self, item: Parcel) -> None:
        """A new session from a link, or one that another worker saved."""
        session = item.head["session"]
        if item.body:
            run = Run.from_bytes(item.body)
            answer = answers.recovered(run)
        else:
            config, notes = parse_link(item.head["link"])
            run = Run(config)
            answer = answers.hello(run, session, notes, False, item.head["message"])
        self._runs[session] = run
        self._scheduler.add(session)
        self._save(session)
        self._say(session, answer)
        if item.head["attached"]:
            run.attach(-1, run.visible)

    def _attach(self, item: Parcel) -> None:
        session = item.head["session"]
        run = self._runs[session]
        self._say(session, answers.hello(run, session, [], True, item.head["message"]))
        run.attach(item.head["after"])

    def _detach(self, item: Parcel) -> None:
        session = item.head["session"]
        if session in self._runs:
            self._runs[session].detach()
            self._save(session)

    def _close(self, item: Parcel) -> None:
        session = item.head["session"]
        self._runs.pop(session, None)
        self._saved.pop(session, None)
        self._scheduler.remove(session)

    def _say(self, session: str, answer: answers.Answer) -> None:
        self._send(Parcel({"op": "text", "session": session}, json.dumps(answer, allow_nan=False).encode()))

    def _send(self, item: Parcel) -> None:
        self._sink.write(item.to_bytes())
        self._sink.flush()


OPERATIONS: dict[str, Any] = {
    "open": Worker._open,
    "attach": Worker._attach,
    "detach": Worker._detach,
    "close": Worker._close,
    "ping": Worker._ping,
}


def main() -> None:
    """Serve the standard input; its arguments are the seconds between two saves."""
    for number in (signal.SIGINT, signal.SIGTERM):  # both may go to the whole group of processes
        signal.signal(number, signal.SIG_IGN)  # the server ends us, by closing our input
    sys.setswitchinterval(SWITCH_SECONDS)
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints by mistake must not get among the messages
    inbox: Inbox = queue.SimpleQueue()
    threading.Thread(target=read_into, args=(inbox, sys.stdin.buffer), daemon=True).start()
    try:
        Worker(inbox, sink, float(sys.argv[1])).serve()
    except BrokenPipeError:
        os._exit(0)  # the server is gone, and nobody is left to be told


if __name__ == "__main__":
    main()

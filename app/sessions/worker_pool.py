"""The worker processes, seen from the server: started, watched, and replaced when they die or hang.

What belongs to a session is passed on as it comes; nothing here looks into it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Iterable
from typing import Protocol

from app.logs import form_of
from app.metrics import Metrics
from app.process.resources import processor_seconds
from app.process.stderr import Relay
from app.process.subprocesses import environment, python
from app.settings import Settings
from app.wire.current_session import CurrentSession, open_shared_file
from app.wire.pipe import LENGTHS, PipeMessage, read_message

log = logging.getLogger(__name__)

START_SECONDS = 30
IDLE_SECONDS = 4
"""A worker that starts and takes no processor time for so long hangs: on a busy machine it would still take some."""
END_SECONDS = 1
RESTART_SECONDS = 0.5
"""At least so long between two starts of the same worker, so that one that dies at once does not eat the machine."""
ATTEMPTS, ATTEMPTS_SECONDS = 3, 5
"""A worker that has never been ready is started so often, or for so long, and is then given up."""
WORKER_PROGRAM = "from app.worker.__main__ import main; main()"

SESSION_LOADS = {"training": 1.0, "resting": 0.5, "away": 0.1}
"""The load of a session by its state: a resting one may train at any moment, and a new one soon will."""


class WorkerError(Exception):
    """No worker process starts; the sentence has the last line of its standard error."""


class WorkerSession(Protocol):
    """A session, as its worker's handle needs to know it."""

    token: str

    @property
    def state(self) -> str:
        """Whether it is "training", "resting" or "away"."""

    def worker_died(self) -> None:
        """Its worker died or hung in its turn."""

    def receive(self, item: PipeMessage) -> None:
        """Something came from the worker for this session."""

    def reopen(self) -> Iterable[PipeMessage]:
        """The messages with which a new worker takes over this session."""


class WorkerHandle:
    """One worker process and the sessions pinned to it."""

    def __init__(self, settings: Settings, metrics: Metrics, number: int = 0) -> None:
        self._settings, self._metrics, self._name = settings, metrics, str(number)
        self.sessions: dict[str, WorkerSession] = {}
        self._process: Process | None = None
        self._pong = asyncio.Event()
        self._ready = asyncio.Event()
        self._handed_over = asyncio.Event()
        self._was_ready = False
        self._hung = False  # whether the last process was ended because it gave no sign of life
        self._relay: Relay | None = None

    @property
    def load(self) -> float:
        """The load of its sessions."""
        return sum(SESSION_LOADS[session.state] for session in self.sessions.values())

    @property
    def alive(self) -> bool:
        """Whether the process can take sessions."""
        return self._ready.is_set()

    async def run(self) -> None:
        """Keep a process running until cancelled; WorkerError where none has ever come up."""
        clock = asyncio.get_running_loop().time
        began = clock()
        for attempt in itertools.count(1):
            earliest = clock() + RESTART_SECONDS
            try:
                last_line = await self._run_once()
            except OSError as error:  # no file descriptor, or no memory, is left for another process
                last_line = str(error)
                log.warning("no worker can be started now: %s", error)
            if not self._was_ready and (attempt >= ATTEMPTS or clock() - began >= ATTEMPTS_SECONDS):
                raise WorkerError(f"No process that trains for pages comes up. The last one said: {last_line}")
            await asyncio.sleep(earliest - clock())

    async def wait_ready(self) -> None:
        """Until the process can take sessions."""
        await self._ready.wait()

    async def _run_once(self) -> str:
        """Start a process and serve it until it ends; gives the last line of its standard error."""
        turn, self._hung = open_shared_file(), False
        try:
            current_session = CurrentSession(turn)
            self._process = process = await self._start(turn)
        finally:
            if turn >= 0:
                os.close(turn)
        assert process.stderr
        self._relay = relay = Relay(
            process.stderr, buffered=not self._was_ready and not log.isEnabledFor(logging.DEBUG)
        )
        relaying = asyncio.create_task(relay.run())
        try:
            for session in self.sessions.values():
                for item in session.reopen():
                    self.send(item)
            async with asyncio.TaskGroup() as group:
                watch = group.create_task(self._watch(process))
                await self._listen(process)
                watch.cancel()
            if suspect := self.sessions.get(current_session.token):
                suspect.worker_died()
        finally:
            self._ready.clear()
            await _end(process)
            await relaying
        self._metrics.worker_restarts.inc()
        last_line = relay.last or (
            "nothing, and got nowhere." if self._hung else f"nothing, and ended with code {process.returncode}."
        )
        level = logging.WARNING if self._was_ready else logging.INFO  # of one that never comes up `run` tells
        log.log(level, "worker %s ended with code %s", process.pid, process.returncode)
        return last_line

    async def _start(self, turn: int) -> Process:
        settings = self._settings
        arguments = (settings.save_seconds, settings.worker_megabytes, turn, form_of(settings.log), settings.log_level)
        return await asyncio.create_subprocess_exec(
            *python(WORKER_PROGRAM, *arguments),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment(),
            pass_fds=(turn,) if turn >= 0 else (),
            process_group=0,  # a terminal's Ctrl+C is for the server, which then ends us
        )

    async def _listen(self, process: Process) -> None:
        """Dispatch the messages of the worker until it closes its output."""
        assert process.stdout
        try:
            while True:
                head, body = LENGTHS.unpack(await process.stdout.readexactly(LENGTHS.size))
                item = read_message(await process.stdout.readexactly(head), await process.stdout.readexactly(body))
                self._dispatch(item)
        except asyncio.IncompleteReadError:
            return

    def _dispatch(self, item: PipeMessage) -> None:
        self._pong.set()
        if item.head["op"] == "ready":
            self._became_ready()
        elif item.head["op"] == "handed over":
            self._handed_over.set()
        elif item.head["op"] == "pong":
            self._metrics.worker_cpu_seconds.labels(self._name).set(item.head["cpu"])
            self._metrics.worker_memory_bytes.labels(self._name).set(item.head["memory"])
        elif session := self.sessions.get(item.head.get("session", "")):
            session.receive(item)

    def _became_ready(self) -> None:
        self._was_ready = True
        self._ready.set()
        if self._relay:
            self._relay.release()

    async def _watch(self, process: Process) -> None:
        """End a process that gives no sign of life."""
        patience = max(START_SECONDS, self._settings.hang_seconds)
        idle = asyncio.create_task(self._watch_start(process))
        try:
            while await self._responds(patience):
                idle.cancel()
                patience = self._settings.hang_seconds
                await asyncio.sleep(patience / 3)
        finally:
            idle.cancel()
        self._end_hanging(process)

    def _end_hanging(self, process: Process) -> None:
        self._hung = True
        log.log(logging.WARNING if self._was_ready else logging.INFO, "worker %s hangs and is ended", process.pid)
        process.kill()

    async def _responds(self, seconds: float) -> bool:
        """Whether the process answers within so many seconds."""
        self._pong.clear()
        self.send(PipeMessage({"op": "ping"}))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._pong.wait()
        return False

    async def _watch_start(self, process: Process) -> None:
        """End a process that starts and gets nowhere."""
        taken = processor_seconds(process.pid)
        while taken is not None:
            await asyncio.sleep(IDLE_SECONDS)
            before, taken = taken, processor_seconds(process.pid)
            if taken == before:
                self._end_hanging(process)
                return

    def send(self, item: PipeMessage) -> None:
        """Send a message to the worker. What is sent to a dead one is lost, and `reopen` sends it again."""
        process = self._process
        if process and process.stdin and process.returncode is None and not process.stdin.is_closing():
            process.stdin.write(item.to_bytes())

    async def hand_over(self) -> None:
        """Let the process give all pages their runs as they are now, and train no further."""
        self._handed_over.clear()
        self.send(PipeMessage({"op": "hand over"}))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                await self._handed_over.wait()

    async def drain(self) -> None:
        """Wait until the worker has read most of its messages."""
        process = self._process
        if process and process.stdin:
            try:
                await process.stdin.drain()
            except ConnectionError:
                return

    def add(self, session: WorkerSession) -> None:
        """Pin a session to this worker."""
        self.sessions[session.token] = session

    def remove(self, session: WorkerSession) -> None:
        """Forget a session."""
        if self.sessions.pop(session.token, None):
            self.send(PipeMessage({"op": "close", "session": session.token}))


async def _end(process: Process) -> None:
    """Let a worker end, as it does when its input does, or make it."""
    assert process.stdin
    assert process.stdout
    process.stdin.close()
    # What it still says is read and dropped: with a full pipe it could not end, nor would asyncio notice that it has.
    rest = asyncio.ensure_future(process.stdout.read())
    try:
        async with asyncio.timeout(END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
    await rest


class WorkerPool:
    """All workers."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self.workers = [WorkerHandle(settings, metrics, number) for number in range(settings.workers)]

    @property
    def alive(self) -> bool:
        """Whether every worker can take sessions."""
        return all(worker.alive for worker in self.workers)

    def least_loaded(self) -> WorkerHandle:
        """The worker with the least load; one that is alive, if there is any."""
        return min(self.workers, key=lambda worker: (not worker.alive, worker.load))

    async def hand_over(self) -> None:
        """Let all processes give their pages their runs."""
        await asyncio.gather(*(worker.hand_over() for worker in self.workers if worker.alive))

    async def run(self, started: Callable[[], None]) -> None:
        """Keep all workers running until cancelled; calls `started` once all are ready. WorkerError where one never
        comes up."""
        try:
            async with asyncio.TaskGroup() as group:
                for worker in self.workers:
                    group.create_task(worker.run())
                for worker in self.workers:
                    await worker.wait_ready()
                started()
        except* WorkerError as errors:
            failed = errors.exceptions[0]
        else:
            return
        raise failed

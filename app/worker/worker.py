"""A worker process: holds the runs of many sessions and lets each train in turn.

Started by `app.sessions.worker_pool`, it speaks `app.wire.pipe` over its standard input and output, and ends when its
input does. One thread reads the input; all else happens in one loop.
"""

from __future__ import annotations

import json
import logging
import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from app.live import answers, controls, pace, script_answers
from app.live.checkpoint import run_from_bytes, run_to_bytes
from app.live.run import LiveRun
from app.process.resources import memory
from app.wire import messages
from app.wire.current_session import CurrentSession
from app.wire.messages import CONTROLS, INCOMING, Ack, Control
from app.wire.pipe import PipeMessage
from app.wire.refusal import Answer
from app.worker.carrying import Carrier
from app.worker.greeting import greeted
from app.worker.hosted_run import HostedRun
from app.worker.scheduler import Scheduler, Turn

log = logging.getLogger(__name__)


PACE_SECONDS = 0.2
"""How often the time for pictures is divided among the runs."""

NOT_CARRIED = (messages.Select, messages.ProbePlace, messages.Save, messages.Visibility)
"""Controls that leave a run as it is, so that it need not be handed over."""

Inbox = queue.SimpleQueue[PipeMessage | None]


class Worker:
    """The hosted runs of this process, by session."""

    def __init__(self, inbox: Inbox, sink: BinaryIO, current_session: CurrentSession, save_seconds: float) -> None:
        self._inbox, self._sink, self._current_session, self._save_seconds = inbox, sink, current_session, save_seconds
        self._runs: dict[str, HostedRun] = {}
        self._scheduler: Scheduler[str] = Scheduler()
        self._paced_at = 0.0

    def serve(self) -> None:
        """Work until the input ends."""
        self._send(PipeMessage({"op": "ready"}))
        while self._receive():
            if turn := self._next(time.perf_counter()):
                with self._isolated(turn.key):
                    self._run_turn(turn.key, turn.budget)

    # --- turns ------------------------------------------------------------------------------------------------------

    def _next(self, now: float) -> Turn[str] | None:
        """Whose turn it is."""
        self._pace(now)
        urgent = self._scheduler.urgent(lambda session: self._runs[session].urgent(now))
        return urgent or self._scheduler.next(lambda session: self._runs[session].ready(now))

    def _pace(self, now: float) -> None:
        """Give each playing run its share of the time for pictures, a few times a second."""
        if now < self._paced_at + PACE_SECONDS:
            return
        self._paced_at = now
        playing = [hosted.run for hosted in self._runs.values() if hosted.run.sends_frames]
        seconds = pace.frame_seconds([run.pace.frame_cost for run in playing])
        for run in playing:
            run.pace.frame_seconds = seconds

    def _run_turn(self, session: str, budget: float) -> None:
        """One turn: the next control if one waits, else training."""
        began = time.perf_counter()
        hosted = self._runs[session]
        if hosted.waiting:
            self._control(session, hosted, *hosted.waiting.popleft())
        else:
            self._train(session, hosted, budget)
        self._scheduler.charge(session, time.perf_counter() - began)

    def _control(self, session: str, hosted: HostedRun, control: Control, number: int) -> None:
        answer = controls.apply(hosted.run, control)
        hosted.control = number
        self._save(session, hosted, number)  # before the answer: what is acknowledged survives this process,
        if answer["type"] == "applied" and type(control) not in NOT_CARRIED:
            self._carry(session, hosted)  # and this server
        self._send_answer(session, answer)

    def _train(self, session: str, hosted: HostedRun, budget: float) -> None:
        run = hosted.run
        frame, messages = self._turn(run, budget)
        if self._should_save(hosted):
            self._save(session, hosted)
            if not run.playing or hosted.carrier.due(run, time.perf_counter()):
                self._carry(session, hosted)
        for answer in messages:
            self._send_answer(session, answer)
        if frame is not None:
            self._send(PipeMessage({"op": "frame", "session": session, "control": hosted.control}, frame))

    def _should_save(self, hosted: HostedRun) -> bool:
        """Whether a state is to be saved: from time to time, and at an end before that is shown."""
        due = time.perf_counter() > hosted.saved_at + self._save_seconds or not hosted.run.playing
        return due and hosted.run.trainer.updates != hosted.saved_updates

    def _turn(self, run: LiveRun, budget: float) -> tuple[bytes | None, list[Answer]]:
        """A turn of a run. Runs side by side that do not fit into the memory are closed, and the own run is back."""
        try:
            return run.turn(time.perf_counter, budget)
        except MemoryError:
            if not run.gallery:
                raise
            problem = controls.too_large(run.gallery.kind)
            run.show_gallery(None)
            return None, [answers.error([problem], None, run)]

    def _save(self, session: str, hosted: HostedRun, control: int = 0) -> None:
        """Send the run's state to the server, and the number of the control that it is the first to hold."""
        hosted.saved_at, hosted.saved_updates = time.perf_counter(), hosted.run.trainer.updates
        self._send(PipeMessage({"op": "saved", "session": session, "control": control}, run_to_bytes(hosted.run)))

    def _carry(self, session: str, hosted: HostedRun) -> None:
        """Hand the run to its page, which can bring it to another server."""
        if answer := hosted.carrier.carry(hosted.run, time.perf_counter()):
            self._send_answer(session, answer)

    # --- messages ---------------------------------------------------------------------------------------------------

    def _receive(self) -> bool:
        """Handle all messages that have come, or wait for one while no run is ready; False at the end of the input."""
        for item in self._drain():
            if item is None:
                return False
            with self._isolated(item.head.get("session")):
                OPERATIONS[item.head["op"]](self, item)
        return True

    def _drain(self) -> list[PipeMessage | None]:
        messages: list[PipeMessage | None] = []
        try:
            messages.append(self._inbox.get(timeout=self._idle_seconds()))
            while True:
                messages.append(self._inbox.get_nowait())
        except queue.Empty:
            return messages

    def _idle_seconds(self) -> float | None:
        """Seconds until a run is ready by itself: 0 where one is, None where only a message can do that."""
        now = time.perf_counter()
        if any(hosted.ready(now) for hosted in self._runs.values()):
            return 0
        wakes = [at for hosted in self._runs.values() if (at := hosted.run.wakes_at()) is not None]
        return max(0.0, min(wakes) - now) if wakes else None

    @contextmanager
    def _isolated(self, session: str | None) -> Iterator[None]:
        """Isolate an error to the session where it happens: that session ends, the others continue."""
        self._current_session.set(session or "")
        try:
            yield
        except OSError:
            raise  # the pipe to the server is gone
        except MemoryError:
            log.warning("a run needs more memory than this process may take, and is ended")
            self._fail(session, why="The run needs more memory than the server has for it, and was ended.")
        except Exception:
            log.exception("a run failed")
            if session is None:
                raise
            self._fail(session)
        finally:
            self._current_session.set("")

    def _fail(self, session: str | None, **why: str) -> None:
        """Close a session that cannot continue, if there is one, and report it."""
        if session:
            self._close(PipeMessage({"op": "close", "session": session}))
            self._send(PipeMessage({"op": "failed", "session": session, **why}))

    def _ping(self, item: PipeMessage) -> None:
        self._send(PipeMessage({"op": "pong", "cpu": time.process_time(), "memory": memory()}))

    def _queue_control(self, item: PipeMessage) -> None:
        """A message of a page: an ack is taken at once, a control waits for its turn."""
        hosted, message = self._runs.get(item.head["session"]), INCOMING.validate_json(item.body)
        if hosted is None:
            return
        if isinstance(message, Ack):
            hosted.run.ack(message.frame)
        elif isinstance(message, Control):
            hosted.enqueue(message, item.head["control"])

    def _open(self, item: PipeMessage) -> None:
        """A new session from a link, or one that another worker saved."""
        session = item.head["session"]
        if item.body:
            run = run_from_bytes(item.body)
            self._host(session, run)
            self._send_answer(session, answers.recovered(run))
            after = -1.0
        else:
            run, after, answer = greeted(item.head)
            self._host(session, run)
            self._send_hello(session, answer)
        if item.head["attached"]:
            run.attach(after, run.visible)

    def _hand_over(self, item: PipeMessage) -> None:
        """The server ends: its pages get their runs as they are now, and nothing trains on."""
        for session, hosted in self._runs.items():
            if hosted.run.attached:
                self._carry(session, hosted)
                hosted.run.detach()
        self._send(PipeMessage({"op": "handed over"}))

    def _host(self, session: str, run: LiveRun) -> None:
        hosted = self._runs[session] = HostedRun(run)
        self._scheduler.add(session)
        self._save(session, hosted)

    def _steer(self, item: PipeMessage) -> None:
        """Controls of a script: applied at once, up to the first that is refused; answered by the run's state."""
        session = item.head["session"]
        hosted = self._runs.get(session)
        if hosted is None:
            return
        problems: list[dict[str, str]] = []
        for control in CONTROLS.validate_json(item.body):
            answer = controls.apply(hosted.run, control)
            if answer["type"] == "error":
                problems = answer["problems"]
                break
            self._save(session, hosted)
            self._send_answer(session, script_answers.page_answer(answer))
        body = json.dumps({**script_answers.script_state(hosted.run), "problems": problems}, allow_nan=False)
        self._send(PipeMessage({**item.head, "op": "steered"}, body.encode()))

    def _attach(self, item: PipeMessage) -> None:
        session = item.head["session"]
        hosted = self._runs[session]
        run = hosted.run
        hosted.carrier = Carrier()  # what was handed over last may not have arrived
        self._send_hello(session, answers.hello(run, session, resumed=True, taken=item.head["taken"]))
        run.attach(item.head["after"])
        self._carry(session, hosted)

    def _detach(self, item: PipeMessage) -> None:
        session = item.head["session"]
        if hosted := self._runs.get(session):
            hosted.run.detach()
            self._save(session, hosted)

    def _close(self, item: PipeMessage) -> None:
        session = item.head["session"]
        self._runs.pop(session, None)
        self._scheduler.remove(session)

    def _send_hello(self, session: str, answer: Answer) -> None:
        self._send_answer(session, answer, hello=True)

    def _send_answer(self, session: str, answer: Answer, *, hello: bool = False) -> None:
        head = {"op": "text", "session": session, "hello": hello}
        self._send(PipeMessage(head, json.dumps(answer, allow_nan=False).encode()))

    def _send(self, item: PipeMessage) -> None:
        self._sink.write(item.to_bytes())
        self._sink.flush()


OPERATIONS: dict[str, Callable[[Worker, PipeMessage], None]] = {
    "open": Worker._open,
    "attach": Worker._attach,
    "detach": Worker._detach,
    "control": Worker._queue_control,
    "close": Worker._close,
    "steer": Worker._steer,
    "hand over": Worker._hand_over,
    "ping": Worker._ping,
}

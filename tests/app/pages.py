"""A page's end of a live session, without a browser."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close
from websockets.sync.client import ClientConnection

from app.wire import gallery_frames
from app.wire.frames import Frame, unpack
from app.wire.gallery_frames import GalleryFrame
from app.wire.limits import PROTOCOL
from tests.server import PATIENCE

Answer = dict[str, Any]


class Page:
    """A page's end of a live session: it hears everything in order, and draws each frame as soon as it has it."""

    def __init__(self, websocket: ClientConnection) -> None:
        self.websocket = websocket
        self.draws = True
        self.answers: list[Answer] = []  # all that it was sent
        self.frames: list[Frame] = []
        self._seq = 0

    def send(self, message: Answer | str | bytes) -> None:
        """Send anything."""
        self.websocket.send(json.dumps(message) if isinstance(message, dict) else message)

    def greet(self, link: str = "") -> Answer:
        """Start a session, and hear the hello."""
        self.send({"type": "hello", "protocol": PROTOCOL, "link": link})
        return self.answer("hello")

    def resume(self, session: str, **fields: object) -> Answer:
        """Go on with a session, and hear the hello."""
        self.send({"type": "resume", "protocol": PROTOCOL, "session": session, **fields})
        return self.answer("hello")

    def say(self, control: str, **fields: object) -> int:
        """Send a control; gives its number."""
        self._seq += 1
        self.send({"type": control, "seq": self._seq, **fields})
        return self._seq

    def ask(self, control: str, **fields: object) -> Answer:
        """Send a control and hear the answer to it, which has to be `applied`."""
        seq = self.say(control, **fields)
        answer: Answer = self.hear(lambda heard: isinstance(heard, dict) and heard.get("seq") == seq)
        assert answer["type"] == "applied", answer
        return answer

    def next(self, patience: float = PATIENCE) -> Answer | Frame | GalleryFrame:
        """The next message, whatever it is."""
        message = self.websocket.recv(timeout=patience)
        if isinstance(message, str):
            self.answers.append(json.loads(message))
            return self.answers[-1]
        frame: Frame | GalleryFrame
        if message[:4] == gallery_frames.MAGIC:
            frame = gallery_frames.unpack(message)
        else:
            frame = unpack(message)
            self.frames.append(frame)
        if self.draws:
            with suppress(ConnectionClosed):  # what came before the end is still to be heard
                self.ack(frame)
        return frame

    def ack(self, frame: Frame | GalleryFrame) -> None:
        """Tell that a frame was drawn."""
        self.send({"type": "ack", "frame": frame.number})

    def hear(self, wanted: Callable[[Answer | Frame | GalleryFrame], object]) -> Any:
        """The first message that is wanted; the others are passed over."""
        end = time.monotonic() + PATIENCE
        while True:
            heard = self.next(max(0.0, end - time.monotonic()))
            if wanted(heard):
                return heard

    def catch_up(self) -> None:
        """Hear all that has come already."""
        with suppress(TimeoutError):
            while True:
                self.next(patience=0)

    def answer(self, kind: str) -> Answer:
        """The next answer of a kind."""
        heard: Answer = self.hear(lambda heard: isinstance(heard, dict) and heard["type"] == kind)
        return heard

    def frame(self, wanted: Callable[[Frame], object] = lambda frame: True) -> Frame:
        """The next frame that is wanted."""
        heard: Frame = self.hear(lambda heard: isinstance(heard, Frame) and wanted(heard))
        return heard

    def gallery_frame(self, wanted: Callable[[GalleryFrame], object] = lambda frame: True) -> GalleryFrame:
        """The next frame of a gallery that is wanted."""
        heard: GalleryFrame = self.hear(lambda heard: isinstance(heard, GalleryFrame) and wanted(heard))
        return heard

    def stepped(self, epochs: int) -> Frame:
        """Train some epochs more, and see the frame at their end."""
        goal = self.ask("step", count=epochs)["epoch"]
        return self.frame(lambda frame: frame.epoch >= goal + epochs)

    def paused(self) -> Frame:
        """Pause, and see the last frame."""
        self.ask("pause")
        return self.frame(lambda frame: not frame.playing)

    def carried(self) -> Answer:
        """The run as the server handed it over last, with the losses that the page has."""
        run: Answer = {}
        for answer in self.answers:
            if answer["type"] == "carry":
                run |= {name: value for name, value in answer.items() if name != "type"}
        carries = [answer for answer in self.answers if answer["type"] == "carry" and answer["run"] == run["run"]]
        shown = [row for frame in self.frames if frame.run == run["run"] for row in frame.history.tolist()]
        rows: list[list[Any]] = [[None if cell != cell else cell for cell in row] for row in shown]  # NaN
        rows += [row for carry in carries for row in carry["history"]]
        by_epoch = {row[0]: row for row in rows}
        return run | {"history": [by_epoch[epoch] for epoch in sorted(by_epoch)]}

    def drop(self) -> None:
        """Lose the connection, without a word of goodbye."""
        self.websocket.socket.shutdown(socket.SHUT_RDWR)

    def closed(self) -> Close:
        """The code and reason with which the server closes the connection; what it says before is passed over."""
        with pytest.raises(ConnectionClosed) as end:
            self.hear(lambda heard: False)
        assert end.value.rcvd, "the connection was lost"
        return end.value.rcvd

"""A connection to a server that can be cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.server import Server


class Line:
    """Passes on what goes to a server and comes back, until it is cut."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._swallow = threading.Event()
        self.swallowed = 0
        """How many answers were lost."""
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def cut(self) -> None:
        """End all its connections in the middle of whatever they carry."""
        ends, self._open = self._open, []
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def lose_next_answer(self) -> None:
        """Cut it when the next answer comes, which is lost."""
        self._swallow.set()

    def close(self) -> None:
        """End it."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                there = socket.create_connection(("127.0.0.1", self._server.port))
                self._open += [here, there]
                for ends in ((here, there, False), (there, here, True)):
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        with suppress(OSError), source:
            while content := source.recv(65536):
                if answers and self._swallow.is_set():
                    self._swallow.clear()
                    self.swallowed += 1
                    self.cut()
                    break
                sink.sendall(content)
            sink.shutdown(socket.SHUT_WR)


@contextmanager
def unsteady(server: Server) -> Iterator[Line]:
    """A line to a server, for the time of a block."""
    line = Line(server)
    try:
        yield line
    finally:
        line.close()

"""A `playground serve` of our own, as a person starts it, on a free port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

END_SECONDS = 20


class Server:
    """A server in a process of its own, ready when the constructor returns."""

    def __init__(self, port: int = 0, **settings: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--no-open", "--port", str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it logs the workers that tests kill
            text=True,
            env={**os.environ, **settings},
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, f"expected the address, got {line!r}"
        self.url, self.port = found[0], int(found[1])

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=True)
        return [int(pid) for pid in children.stdout.split()]

    def end(self) -> int:
        """End it as a service manager does; gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(END_SECONDS)
        assert self.process.stdout
        self.process.stdout.close()
        return code

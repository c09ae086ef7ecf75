"""What a server's processes take."""

from __future__ import annotations

from pathlib import Path

from tests.server import Server


def _own(pid: int) -> int:
    """The bytes of memory that are a process's alone."""
    fields = Path(f"/proc/{pid}/smaps_rollup").read_text().split()
    return 1024 * sum(int(fields[fields.index(name) + 1]) for name in ("Private_Clean:", "Private_Dirty:"))


def megabytes(server: Server) -> float:
    """The memory of the server's process and of those that train for its pages."""
    return sum(map(_own, [server.process.pid, *server.workers])) / 1e6


def files(server: Server) -> int:
    """How many files and sockets the server's process has open."""
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))

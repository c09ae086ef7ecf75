"""What a server's processes take."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.server import PATIENCE, Server


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


def sessions(server: Server) -> float:
    """How many sessions there are, by the server's own count."""
    told = httpx.get(f"{server.address}/metrics", trust_env=False, timeout=PATIENCE).text
    return sum(float(line.split()[-1]) for line in told.splitlines() if line.startswith("playground_sessions{"))

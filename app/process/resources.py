"""Memory, processor time, priority and file limits of a process."""

from __future__ import annotations

import gc
import mmap
import os
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

LIVE_NICENESS = 5
"""Of the processes of live pages, behind the server that answers for them."""
SCRIPTED_NICENESS = 10
"""Of the processes of scripted runs, behind live pages. Of a core that both want they get a quarter: with the lowest
priority they would not get on at all beside a busy program."""
STATM = Path("/proc/self/statm")
"""Kept: each new path puts its parts into the interpreter's table of names, which is enlarged after enough of them."""


def memory() -> int:
    """The bytes of memory that this process takes; 0 where the system does not tell."""
    try:
        pages = STATM.read_bytes().split()[1]
    except OSError:
        return 0
    return int(pages) * mmap.PAGESIZE


def processor_seconds(pid: int) -> float | None:
    """The processor time that another process has taken; None where the system does not tell."""
    try:
        _, _, fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
        user, system = fields.split()[11:13]
    except (OSError, ValueError):
        return None
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def lower_priority(niceness: int) -> None:
    """Lower the priority of this process: where both want the processor, most of it goes to the less nice one."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(niceness)


def limit_memory(megabytes: int) -> None:
    """Take no more memory than that."""
    if resource:
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        limit = megabytes * 1_000_000
        resource.setrlimit(resource.RLIMIT_DATA, (limit if most == resource.RLIM_INFINITY else min(limit, most), most))


def freeze_loaded_objects() -> None:
    """Have what is loaded by now left out of later collections of garbage: to look through all of it takes long enough
    for others to notice."""
    gc.collect()
    gc.freeze()


def raise_file_limit() -> None:
    """Have as many files and sockets as the system lets this process have: by itself it gets fewer."""
    if resource:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

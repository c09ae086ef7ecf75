"""The start of a worker process: it serves its standard input until that ends."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from typing import BinaryIO, cast

from app.logs import Form, Level, setup
from app.process.resources import LIVE_NICENESS, freeze_loaded_objects, limit_memory, lower_priority
from app.process.tapes import leave_off_tapes_that_differ
from app.wire.current_session import CurrentSession
from app.wire.pipe import LENGTHS, read_message
from app.worker.worker import Inbox, Worker

SWITCH_SECONDS = 0.0005
"""How long training may keep the reading thread waiting."""


def read_into(inbox: Inbox, source: BinaryIO) -> None:
    """Put every message of the source into the inbox, and None at its end."""
    while len(lengths := source.read(LENGTHS.size)) == LENGTHS.size:
        head, body = LENGTHS.unpack(lengths)
        inbox.put(read_message(source.read(head), source.read(body)))
    inbox.put(None)


def main() -> None:
    """Serve the standard input. Arguments: seconds between two saves, megabytes of memory, the shared file that names
    the current session, how to log and from which level on."""
    for number in (signal.SIGINT, signal.SIGTERM):  # both may go to the whole group of processes
        signal.signal(number, signal.SIG_IGN)  # the server ends us, by closing our input
    sys.setswitchinterval(SWITCH_SECONDS)
    save_seconds, megabytes, turn, form, level = sys.argv[1:]
    setup(cast(Form, form), cast(Level, level))
    lower_priority(LIVE_NICENESS)
    limit_memory(int(megabytes))
    leave_off_tapes_that_differ()
    freeze_loaded_objects()
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints by mistake must not get among the messages
    inbox: Inbox = queue.SimpleQueue()
    threading.Thread(target=read_into, args=(inbox, sys.stdin.buffer), daemon=True).start()
    try:
        Worker(inbox, sink, CurrentSession(int(turn)), float(save_seconds)).serve()
    except BrokenPipeError:
        os._exit(0)  # the server has ended, so there is nothing to report to

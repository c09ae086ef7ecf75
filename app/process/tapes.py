"""Whether updates run from tapes in this process."""

from __future__ import annotations

import logging

from engine import tape_check
from engine.tapes import tape

log = logging.getLogger(__name__)


def leave_off_tapes_that_differ() -> None:
    """Compare both ways of making updates on small networks of each kind, and use no tapes where they differ."""
    if different := tape_check.differences():
        log.warning("updates run without tapes, because tapes give other bits for %s", different[0])
        tape.use(False)

"""A page's run, steered from a script or a notebook."""

from __future__ import annotations

from app.client import session_calls as calls
from app.client.session_calls import SessionState
from app.client.transport import blocking, in_event_loop


class Session(SessionState):
    """A page's run as it was when it was last asked about; `refresh` asks again."""

    refresh = blocking(calls.refresh)
    steer = blocking(calls.steer)


class AsyncSession(SessionState):
    """The same for an event loop."""

    refresh = in_event_loop(calls.refresh)
    steer = in_event_loop(calls.steer)

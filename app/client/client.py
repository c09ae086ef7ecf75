"""The playground from a script or a notebook: `PlaygroundClient().train("dataset=spiral", epochs=300)`; in an event
loop `await AsyncPlaygroundClient().train(...)`."""

from __future__ import annotations

from types import TracebackType

from app.client import playground_calls as calls
from app.client.calls import Calls, PlaygroundError
from app.client.playground_calls import PlaygroundState, Source
from app.client.run import AsyncRun, Run
from app.client.session import AsyncSession, Session
from app.client.sweep import AsyncSweep, Sweep
from app.client.transport import AsyncTransport, Transport, blocking, in_event_loop

__all__ = [
    "AsyncPlaygroundClient",
    "AsyncRun",
    "AsyncSession",
    "AsyncSweep",
    "PlaygroundClient",
    "PlaygroundError",
    "Run",
    "Session",
    "Source",
    "Sweep",
]
URL = "http://127.0.0.1:8000"


class PlaygroundClient(PlaygroundState[Run, Sweep, Session]):
    """A running playground."""

    run_type, sweep_type, session_type = Run, Sweep, Session

    def __init__(self, url: str = URL, *, patience: float = 30) -> None:
        """Patience says for how many seconds a playground that has answered before is waited for; ValueError for an
        address that is none."""
        super().__init__(Transport(Calls(url, patience)))

    def __enter__(self) -> PlaygroundClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let its connections go."""
        self._transport.close()

    start = blocking(calls.start)
    train = blocking(calls.train)
    run = blocking(calls.run)
    runs = blocking(calls.runs)
    sweep = blocking(calls.sweep)
    restarts = blocking(calls.restarts)
    open_sweep = blocking(calls.open_sweep)
    sweeps = blocking(calls.sweeps)
    session = blocking(calls.session)
    read_model = blocking(calls.read_model)


class AsyncPlaygroundClient(PlaygroundState[AsyncRun, AsyncSweep, AsyncSession]):
    """The same for an event loop: every method that asks is awaited. `on_progress` is a plain function; to await
    something at each epoch, go over `events` of a run that was started."""

    run_type, sweep_type, session_type = AsyncRun, AsyncSweep, AsyncSession

    def __init__(self, url: str = URL, *, patience: float = 30) -> None:
        """As of `PlaygroundClient`."""
        super().__init__(AsyncTransport(Calls(url, patience)))

    async def __aenter__(self) -> AsyncPlaygroundClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let its connections go."""
        await self._transport.close()

    start = in_event_loop(calls.start)
    train = in_event_loop(calls.train)
    run = in_event_loop(calls.run)
    runs = in_event_loop(calls.runs)
    sweep = in_event_loop(calls.sweep)
    restarts = in_event_loop(calls.restarts)
    open_sweep = in_event_loop(calls.open_sweep)
    sweeps = in_event_loop(calls.sweeps)
    session = in_event_loop(calls.session)
    read_model = in_event_loop(calls.read_model)

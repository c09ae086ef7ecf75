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
from app.client.transport import AsyncTransport, Transport, later, now

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

    start = now(calls.start)
    train = now(calls.train)
    run = now(calls.run)
    runs = now(calls.runs)
    sweep = now(calls.sweep)
    restarts = now(calls.restarts)
    open_sweep = now(calls.open_sweep)
    sweeps = now(calls.sweeps)
    session = now(calls.session)
    read_model = now(calls.read_model)


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

    start = later(calls.start)
    train = later(calls.train)
    run = later(calls.run)
    runs = later(calls.runs)
    sweep = later(calls.sweep)
    restarts = later(calls.restarts)
    open_sweep = later(calls.open_sweep)
    sweeps = later(calls.sweeps)
    session = later(calls.session)
    read_model = later(calls.read_model)

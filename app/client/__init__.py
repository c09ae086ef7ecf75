"""The HTTP API from Python: `PlaygroundClient().train("dataset=spiral", epochs=300)`.

It may import schemas, exports.files and wire; nothing that needs FastAPI. Begin with `client.py`, then `calls.py`.
"""

from app.client.calls import PlaygroundError
from app.client.client import AsyncPlaygroundClient, PlaygroundClient
from app.client.playground_calls import Source
from app.client.run import AsyncRun, Run
from app.client.session import AsyncSession, Session
from app.client.sweep import AsyncSweep, Sweep

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

"""Conversations about a page's run that a script steers, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from app.client.calls import Conversation
from app.client.resource import Resource, updated
from app.schemas.run_view import SessionView
from engine import Config
from engine.config.config import from_script


class SessionState(Resource[SessionView]):
    """A page's run as it was when it was last asked about."""

    view_type = SessionView

    def __init__(self, transport: Any, token: str, view: SessionView) -> None:
        super().__init__(transport, f"/sessions/{view.id}", view)
        self.headers = authorization(token)
        """What proves that it may be steered."""

    @property
    def id(self) -> str:
        """Its id."""
        return self.view.id

    @property
    def config(self) -> Config:
        """Its configuration."""
        return self.view.config

    def __repr__(self) -> str:
        what = "training" if self.view.playing else "at rest"
        return f"<{type(self).__name__} {self.id}: {what}, epoch {self.view.epoch:,}>"


S = TypeVar("S", bound=SessionState)


def authorization(token: str) -> dict[str, str]:
    """The header that a session's token goes into."""
    return {"Authorization": f"Bearer {token}"}


def refresh(session: S) -> Conversation[S]:
    """Ask how it is now."""
    return updated(session, (yield from session.calls.json("GET", session.path, headers=session.headers)))


def steer(
    session: S,
    *,
    config: Mapping[str, Any] | None = None,
    link: str | None = None,
    strict: bool = True,
    reset: bool = False,
    speed: str | None = None,
    step: int | None = None,
    playing: bool | None = None,
) -> Conversation[S]:
    """Change it, in this order: some fields of its configuration or another one as a link, back to the first weights,
    epochs per frame, so many epochs and then rest, or training until told otherwise. The page shows it at once and can
    undo it."""
    body = {"config": config and from_script(config), "link": link, "speed": speed, "step": step, "playing": playing}
    body |= {} if strict else {"strict": False}
    given = {name: value for name, value in body.items() if value is not None} | {"reset": reset}
    return updated(session, (yield from session.calls.json("PATCH", session.path, json=given, headers=session.headers)))

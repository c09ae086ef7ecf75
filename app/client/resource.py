"""What runs, sweeps and sessions at a playground have in common: an address, what was last told of them, labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from app.client.calls import Conversation
from app.client.transport import Connected
from app.schemas.run_view import View

V = TypeVar("V", bound=View)


class Resource(Connected, Generic[V]):
    """Something at a playground as it was when it was last asked about."""

    view_type: type[V]
    """What the playground tells of it."""

    def __init__(self, transport: Any, path: str, view: V) -> None:
        super().__init__(transport)
        self.path = path
        """Its address within the API."""
        self.view = view
        """All that the playground tells of it."""
        self.tag = ""
        """The ETag of what was told last, where it has one."""


T = TypeVar("T", bound=Resource[Any])


def updated(resource: T, answer: Any) -> T:
    """The resource, as an answer tells of it."""
    resource.view, resource.tag = resource.view_type.model_validate(answer), ""
    return resource


def edit(
    resource: T, *, name: str | None = None, tags: Sequence[str] | None = None, note: str | None = None
) -> Conversation[T]:
    """Call it by another name, give it other tags (all of them) or another note; what is left out stays."""
    body = {"name": name, "tags": None if tags is None else list(tags), "note": note}
    given = {key: one for key, one in body.items() if one is not None}
    return updated(resource, (yield from resource.calls.json("PATCH", resource.path, json=given, repeatable=True)))

"""Who a session belongs to: the token that its page holds, and the id that may be seen by all."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A session's token: whoever has it may take the session up or steer it."""
    return secrets.token_urlsafe(16)


def public_id(token: str) -> str:
    """A session's id, from which its token cannot be found."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]

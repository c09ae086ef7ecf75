"""Session tokens, which only the page holds, and public ids."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A session's token: whoever has it may resume or steer the session."""
    return secrets.token_urlsafe(16)


def public_id(token: str) -> str:
    """A session's id, from which its token cannot be found."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]

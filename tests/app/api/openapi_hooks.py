"""What Schemathesis does around each generated question, so that they are quick and about something that there is."""

from __future__ import annotations

from typing import Any

import httpx
import schemathesis
from schemathesis import Case, HookContext, Response

FEW_EPOCHS = 3


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, object]) -> None:
    """Runs are short: a number of epochs stays one."""
    body = case.body
    if isinstance(body, dict) and isinstance(epochs := body.get("epochs"), int):
        body["epochs"] = min(epochs, FEW_EPOCHS)


@schemathesis.hook
def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
    """Sweeps are ended, so that there is room for the next one."""
    if response.status_code == 202 and case.path.endswith("/sweeps"):
        address = httpx.URL(response.request.url or "").join(f"{response.headers['location'][0]}/cancel")
        httpx.post(address, trust_env=False)

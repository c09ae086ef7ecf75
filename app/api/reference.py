"""Reference: the schema of a configuration, and the server's limits."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from app.schemas import examples
from app.schemas.run_request import MAX_EPOCHS, MAX_ROWS, MAX_SNAPSHOTS
from app.schemas.search_space import MAX_KEYS, MAX_SEEDS, MAX_VALUES
from engine import Config
from engine.config import LIMITS
from engine.config.field_types import MAX_LAYERS, MAX_UNITS

Limits = dict[str, tuple[float, float]]

router = APIRouter(prefix="/api/v1", tags=["reference"])


@router.get("/schema", responses={200: {"content": {"application/json": {"example": examples.SCHEMA}}}})
async def get_schema() -> dict[str, Any]:
    """The JSON Schema of a configuration."""
    return Config.model_json_schema()


@router.get("/limits", responses={200: {"content": {"application/json": {"example": examples.LIMITS}}}})
async def get_limits(request: Request) -> dict[str, dict[str, float | None]]:
    """The least and the most of every number of a configuration (null where there is no end), and of what may be
    asked of this server."""
    settings = request.app.state.settings
    own_limits: Limits = {
        "layers": (0, MAX_LAYERS),
        "units": (1, MAX_UNITS),
        "epochs": (1, MAX_EPOCHS),
        "history rows": (1, MAX_ROWS),
        "snapshots": (0, MAX_SNAPSHOTS),
        "sweep keys": (0, MAX_KEYS),
        "sweep values": (1, MAX_VALUES),
        "sweep seeds": (1, MAX_SEEDS),
        "sweep runs": (1, settings.max_sweep),
        "waiting runs": (0, settings.max_runs),
        "body bytes": (0, settings.body_bytes),
        "live sessions": (0, settings.max_sessions),
    }
    return {
        name: {"least": least, "most": None if most == float("inf") else most}
        for name, (least, most) in {**LIMITS, **own_limits}.items()
    }

"""What a configuration may say, and how much may be asked."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from app import examples
from app.requests import MAX_EPOCHS, MAX_ROWS, MAX_SNAPSHOTS
from app.search import MAX_KEYS, MAX_SEEDS, MAX_VALUES
from engine import Config
from engine.config import LIMITS, MAX_LAYERS, MAX_UNITS

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
    return {
        **{
            name: {"least": low, "most": None if high == float("inf") else high} for name, (low, high) in LIMITS.items()
        },
        **{
            name: {"least": 1, "most": most}
            for name, most in {
                "layers": MAX_LAYERS,
                "units": MAX_UNITS,
                "epochs": MAX_EPOCHS,
                "history rows": MAX_ROWS,
                "snapshots": MAX_SNAPSHOTS,
                "sweep keys": MAX_KEYS,
                "sweep values": MAX_VALUES,
                "sweep seeds": MAX_SEEDS,
                "sweep runs": settings.max_sweep,
                "waiting runs": settings.max_runs,
                "body bytes": settings.body_bytes,
                "live sessions": settings.max_sessions,
            }.items()
        },
    }

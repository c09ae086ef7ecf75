"""The images of image sets over HTTP, as the page draws them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.api.dependencies import TheRunner, computed
from app.api.responses import WORKED_OUT
from app.http.problem_json import RefusedError, refusals
from engine import Config
from engine.config import LIMITS
from engine.config.field_types import MAX_TEXT, TEXT
from engine.errors import with_suggestion
from engine.images.image_sets import IMAGE_SETS

SEED = f"^[{TEXT}]*$"
COLUMNS = 25
"""Images in a row of a sheet."""

router = APIRouter(prefix="/api/v1", tags=["reference"])


@router.get(
    "/images/{name}.png",
    response_class=Response,
    responses=refusals({404: "There is no such image set.", 422: "A bad value.", **WORKED_OUT})
    | {200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_test_images(
    runner: TheRunner,
    name: Annotated[str, Path(description="The image set's name.", max_length=40, examples=["digits"])],
    seed: Annotated[
        str, Query(description="The seed: any text.", min_length=1, max_length=MAX_TEXT, pattern=SEED)
    ] = "0.5",
    noise: Annotated[float, Query(description="In percent.", ge=LIMITS["noise"][0], le=LIMITS["noise"][1])] = 0,
) -> Response:
    """The test images of an image set, 25 in a row."""
    if name not in IMAGE_SETS:
        there = ", ".join(IMAGE_SETS)
        raise RefusedError(
            404, detail=f"There is no image set named {with_suggestion(name, IMAGE_SETS)}; there are {there}."
        )
    config = Config.model_validate(
        {"problem": "images", "images": name, "seed": seed, "noise": noise, "numSamples": 100}
    )
    content = await computed(runner, "test_images", config=config.model_dump(mode="json"), columns=COLUMNS)
    return Response(content, media_type="image/png", headers={"Cache-Control": "public, max-age=86400"})

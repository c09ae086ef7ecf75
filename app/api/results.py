"""The results of scripted runs over HTTP: models, pictures, points, predictions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field, ValidationError

from app.api.dependencies import Id, Omitted, TheRun, TheRunner, computed, set_etag
from app.api.responses import BODY, NOT_CHANGED, NOT_FOUND, WORKED_OUT
from app.api.row_views import config_of
from app.exports import FORMATS
from app.exports.charts.film import FORMATS as FILM_FORMATS
from app.exports.charts.film import MAX_SECONDS, MIN_SECONDS
from app.exports.charts.film import SECONDS as USUAL_SECONDS
from app.exports.charts.loss_chart import HEIGHT, SIDES, WIDTH
from app.http.problem_json import RefusedError, Responses, refusals
from app.schemas import examples
from app.schemas.prediction_request import Points
from app.schemas.run_view import Prediction
from app.store.rows import Row
from app.wire.limits import MAX_LINK
from engine import Config, format_link
from engine.config import LIMITS
from engine.config.field_types import MAX_SAMPLES, MAX_TEXT, MIN_SAMPLES, TEXT
from engine.data.datasets import DATASETS
from engine.errors import Problem, problems, with_suggestion
from engine.link.link import STATE
from engine.pictures.boundary import MAX_SIZE, MIN_SIZE, SIZE
from engine.tables import OneOf
from engine.tables.tasks import TASKS

FOREVER = {"Cache-Control": "public, max-age=86400"}
BINARY = {"type": "string", "format": "binary"}
PNG: Responses = {200: {"content": {"image/png": {"schema": BINARY}}}}
MAX_FILM_UPDATES = 250_000
MAX_FILM_SIZE = 600
CSV: Responses = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}, "example": "x,y,label,part\n0.5,-1.25,1,train\n"}}}
}
SEED = f"^[{TEXT}]*$"
MODELS: dict[str, Any] = {one.media_type: {"schema": {}} for one in FORMATS.values()}
MODELS["application/json"]["example"] = examples.MODEL
Epoch = Annotated[int, Field(ge=0, le=2**53)]
Unit = Annotated[str, Field(max_length=20)]
Version = Annotated[str, Field(max_length=40)]
Samples = Annotated[int, Field(ge=MIN_SAMPLES, le=MAX_SAMPLES)]
Classes = Annotated[int, Field(ge=LIMITS["classes"][0], le=LIMITS["classes"][1])]
router = APIRouter(prefix="/api/v1", tags=["results"])


def _between(ends: tuple[float, float]) -> dict[str, Any]:
    """A least and a largest value, as a parameter says them."""
    return dict(zip(("ge", "le"), ends, strict=True))


def network_of(row: Row) -> dict[str, Any]:
    """What tells a run's network."""
    return {"config": row["spec"]["config"], "state": row["state"]}


@router.get(
    "/runs/{id}/page",
    status_code=303,
    response_class=RedirectResponse,
    responses=refusals({**NOT_FOUND, 409: "The network is too large for a link."})
    | {
        200: {
            "description": "The page, for clients that follow the redirect.",
            "content": {"text/html": {"schema": {"type": "string"}}},
        },
        303: {"headers": {"Location": {"description": "The page's link.", "schema": {"type": "string"}}}},
    },
)
async def open_page(row: TheRun) -> RedirectResponse:
    """Go to the playground's page with the trained state."""
    link = format_link(config_of(row)) + (f"&{STATE}={row['state']}" if row["state"] else "")
    if len(link) > MAX_LINK:
        detail = (
            "A network of this size does not fit into a link: ask for its model as JSON, and open that on the page."
        )
        raise RefusedError(409, detail=detail)
    return RedirectResponse(f"/#{link}", 303)


@router.get(
    "/runs/{id}/model",
    response_class=Response,
    responses=refusals({**NOT_FOUND, **WORKED_OUT, 422: "No such format or epoch, or the format cannot hold this run."})
    | {200: {"content": MODELS}},
)
async def get_model(
    row: TheRun,
    runner: TheRunner,
    format: Annotated[str, OneOf(FORMATS), Query(description="The format.")] = "json",
    epoch: Annotated[Epoch | Omitted, Query(description="A snapshot's epoch; now if left out.")] = None,
) -> Response:
    """The trained network as a file, or as a script that trains it again and checks that the losses are the same."""
    network = network_of(row)
    if epoch is not None:
        network["state"] = await _snapshot(row, runner, epoch)
    content = await computed(runner, "model", **network, format=format)
    name = f"playground-{row['id']}{FORMATS[format].suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=FORMATS[format].media_type, headers=headers)


async def _snapshot(row: Row, runner: TheRunner, epoch: int) -> str:
    state = await runner.call(runner.store.snapshot, row["id"], epoch)
    if state is None:
        kept = ", ".join(map(str, await runner.call(runner.store.snapshots, row["id"])))
        raise RefusedError(422, Problem("epoch", f"one with a snapshot: {kept or 'there are none'}", str(epoch)))
    return state


@router.get(
    "/runs/{id}/boundary.png",
    response_class=Response,
    responses=refusals({**NOT_FOUND, **WORKED_OUT, 422: "No such unit, or a bad size."}) | PNG | NOT_CHANGED,
)
async def draw_boundary(
    row: TheRun,
    runner: TheRunner,
    request: Request,
    response: Response,
    unit: Annotated[
        Unit | Omitted,
        Query(
            description="A hidden unit as layer.unit, both counted from 1, or a feature; the output if left out. Of "
            "many classes the last layer has an output unit for each class."
        ),
    ] = None,
    size: Annotated[int, Query(ge=MIN_SIZE, le=MAX_SIZE, description="Pixels a side.")] = SIZE,
    version: Annotated[Version | Omitted, Query(description="Any text; it makes a new address, for caches.")] = None,
) -> Response:
    """A picture of the output of the network, or of one of its units, over the plane."""
    set_etag(request, response, f"{row['id']}-{row['version']}")
    content = await computed(runner, "boundary", **network_of(row), unit=unit, size=size)
    return Response(content, media_type="image/png", headers=dict(response.headers))


@router.get(
    "/runs/{id}/film",
    response_class=Response,
    responses=refusals(
        {
            **NOT_FOUND,
            **WORKED_OUT,
            409: "The run is too long for a film, or began from trained weights.",
            422: "A bad format, size or length.",
        }
    )
    | {200: {"content": {media_type: {"schema": BINARY} for media_type in FILM_FORMATS.values()}}}
    | NOT_CHANGED,
)
async def draw_film(
    row: TheRun,
    runner: TheRunner,
    request: Request,
    response: Response,
    format: Annotated[str, OneOf(FILM_FORMATS), Query(description="GIF, WebP or animated PNG.")] = "webp",
    size: Annotated[int, Query(ge=MIN_SIZE, le=MAX_FILM_SIZE, description="Pixels a side.")] = SIZE,
    seconds: Annotated[
        float,
        Query(description="The length of the film, without its last picture.", **_between((MIN_SECONDS, MAX_SECONDS))),
    ] = USUAL_SECONDS,
) -> Response:
    """The course of the run so far, from its first weights on: pictures of the output, evenly over the epochs. It is
    trained anew for that."""
    set_etag(request, response, f"{row['id']}-{row['version']}")
    rows = await runner.call(runner.store.history, row["id"])
    first, last, updates = (rows[0][0], rows[-1][0], rows[-1][1]) if rows else (0, 0, 0)
    if first:
        detail = f"The run began from trained weights, at epoch {first:,}: those before are lost."
        raise RefusedError(409, detail=detail)
    if updates > MAX_FILM_UPDATES:
        most = f"A film can be of {MAX_FILM_UPDATES:,} updates at most, and this run has made {updates:,}."
        raise RefusedError(409, detail=most)
    asked = {"config": row["spec"]["config"], "last": last, "format": format, "size": size, "seconds": seconds}
    content = await computed(runner, "film", **asked)
    return Response(content, media_type=FILM_FORMATS[format], headers=dict(response.headers))


@router.get(
    "/runs/{id}/loss.png",
    response_class=Response,
    responses=refusals({**NOT_FOUND, **WORKED_OUT, 422: "A bad size."}) | PNG | NOT_CHANGED,
)
async def draw_losses(
    row: TheRun,
    runner: TheRunner,
    request: Request,
    response: Response,
    width: Annotated[int, Query(description="In pixels.", **_between(SIDES["width"]))] = WIDTH,
    height: Annotated[int, Query(description="In pixels.", **_between(SIDES["height"]))] = HEIGHT,
    log: Annotated[bool, Query(description="Whether the losses are on a logarithmic scale.")] = False,
) -> Response:
    """The loss chart."""
    set_etag(request, response, f"{row['id']}-{row['version']}")
    rows = await runner.call(runner.store.history, row["id"])
    content = await computed(runner, "losses", rows=rows, width=width, height=height, log=log)
    return Response(content, media_type="image/png", headers=dict(response.headers))


@router.get("/runs/{id}/points.csv", response_class=Response, responses=refusals({**NOT_FOUND, **WORKED_OUT}) | CSV)
async def get_points(row: TheRun, runner: TheRunner, id: Id) -> Response:
    """The training points in the order of training, the validation points and the test points."""
    content = await computed(runner, "points", config=row["spec"]["config"])
    # A part of an id may stand for another run one day.
    return Response(content, media_type="text/csv", headers=FOREVER if id == row["id"] else None)


@router.post(
    "/runs/{id}/predict",
    responses=refusals(
        {
            **NOT_FOUND,
            **WORKED_OUT,
            **BODY,
            409: "The network takes images, not points; or the other way round.",
            422: "Bad points.",
        }
    ),
)
async def predict_points(row: TheRun, runner: TheRunner, body: Points) -> Prediction:
    """The network's predictions for some points or images."""
    takes = "images" if row["spec"]["config"]["problem"] == "images" else "points"
    if getattr(body, takes) is None:
        raise RefusedError(409, detail=f"The network of this run takes {takes}.")
    answer = await computed(runner, "predict", **network_of(row), points=body.points, images=body.images)
    return Prediction.model_validate_json(answer)


@router.get(
    "/datasets/{name}.csv",
    response_class=Response,
    tags=["reference"],
    responses=refusals(
        {404: "There is no such data set.", 422: "A value that no configuration can have.", **WORKED_OUT}
    )
    | CSV,
)
async def get_dataset(
    runner: TheRunner,
    name: Annotated[
        str, Path(description="The data set's name.", max_length=40, examples=["spiral", "arms", "reg-gauss"])
    ],
    noise: Annotated[float, Query(description="In percent.", **_between(LIMITS["noise"]))] = 0,
    samples: Annotated[Samples | Omitted, Query(description="How many points; the default if left out.")] = None,
    train: Annotated[
        float, Query(description="The share of training points, in percent.", **_between(LIMITS["percTrainData"]))
    ] = 50,
    validation: Annotated[
        float,
        Query(description="The share of validation points, in percent.", **_between(LIMITS["percValidationData"])),
    ] = 0,
    classes: Annotated[
        Classes | Omitted, Query(description="For many classes: how many; the default if left out.")
    ] = None,
    seed: Annotated[
        str,
        Query(description="The seed: any text.", min_length=1, max_length=MAX_TEXT, pattern=SEED),
    ] = "0.5",
) -> Response:
    """A data set's points."""
    named = DATASETS.get(name)
    if named is None or named.own:
        there = [key for key, one in DATASETS.items() if not one.own]
        raise RefusedError(
            404, detail=f"There is no data set named {with_suggestion(name, there)}; there are {', '.join(there)}."
        )
    settings = {
        "problem": named.problem,
        TASKS[named.problem].dataset: name,
        "noise": noise,
        "numSamples": samples,
        "percTrainData": train,
        "percValidationData": validation,
        "classes": Config().classes if classes is None else classes,
        "seed": seed,
    }
    try:
        config = Config.model_validate(settings)
    except ValidationError as error:  # more than all points
        raise RefusedError(422, *(found._replace(field="validation") for found in problems(error))) from None
    content = await computed(runner, "points", config=config.model_dump(mode="json"))
    return Response(content, media_type="text/csv", headers=FOREVER)

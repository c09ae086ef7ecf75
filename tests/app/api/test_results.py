"""What a run leaves behind over HTTP: models, pictures, points, predictions, a link to the page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image

from app.exports import FORMATS
from app.exports.charts.lines import LINES
from engine import Trainer, boundary, format_link, format_state, parse_link, trainer_at
from engine.state import digest
from engine.tables.features import design_matrix
from engine.training.network import Pass
from tests.app.scripted import XOR, Api, Json, engine_digest, problem, speaking
from tests.server import Server

LINK = f"{XOR}&noise=20&discretize=true"
EPOCHS = 30
PLACES = [[0.5, -1.0], [2.0, 3.0], [0.0, 0.0], [1e300, -1e300]]


@pytest.fixture(scope="module")
def api(server: Server) -> Iterator[Api]:
    """The shared server's API."""
    with speaking(server) as api:
        yield api


@pytest.fixture(scope="module")
def run(api: Api) -> Json:
    """A run that has ended, with some states kept."""
    return api.trained(link=LINK, epochs=EPOCHS, record={"snapshots": 10})


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    """The engine's own run of the same."""
    return trained(EPOCHS)


def trained(epochs: int, link: str = LINK) -> Trainer:
    trainer = Trainer(parse_link(link).config)
    trainer.train(epochs)
    return trainer


def picture(api: Api, path: str, **params: Any) -> Image.Image:
    answer = api.get(path, params=params)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png"), answer.text
    return Image.open(io.BytesIO(answer.content))


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_opens_at_the_runs_state(api: Api, run: Json) -> None:
    answer = api.get(urlsplit(run["page"]).path.removeprefix("/api/v1"))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/#")
    config, notes, state = parse_link(answer.headers["location"])
    assert (notes, config) == ([], parse_link(LINK).config)
    assert digest(trainer_at(config, state)) == run["progress"]["theta_sha256"] == engine_digest(LINK, EPOCHS)


def test_a_run_that_waits_opens_at_first_weights(api: Api) -> None:
    run = api.start(link=XOR, epochs=1)
    location = api.get(f"/runs/{run}/page").headers["location"]
    assert parse_link(location).config == parse_link(XOR).config


def test_a_network_that_does_not_fit_into_a_link_says_what_to_do(api: Api) -> None:
    run = api.trained(config={"networkShape": [64, 64, 64], "numSamples": 100}, epochs=1)["id"]
    told = problem(api.get(f"/runs/{run}/page"), 409)
    assert told["detail"] == (
        "A network of this size does not fit into a link: ask for its model as JSON, and open that on the page."
    )
    saved = api.json(f"/runs/{run}/model")
    assert (
        digest(trainer_at(parse_link("networkShape=64,64,64&numSamples=100").config, saved["state"]))
        == (api.run(run)["progress"]["theta_sha256"])
    )


# --- models -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_a_model_is_downloaded_in_every_format(api: Api, run: Json, trainer: Trainer, format: str) -> None:
    answer = api.get(f"/runs/{run['id']}/model", params={"format": format})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == FORMATS[format].media_type
    name = f"playground-{run['id']}{FORMATS[format].suffix}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.content


def test_the_model_is_the_trained_one(api: Api, run: Json, trainer: Trainer) -> None:
    assert api.json(f"/runs/{run['id']}/model")["state"] == format_state(trainer)
    answer = api.get(f"/runs/{run['id']}/model", params={"format": "npz"})
    with np.load(io.BytesIO(answer.content), allow_pickle=False) as arrays:
        assert any(np.array_equal(arrays[name], trainer.network.layers[0].weights.T) for name in arrays.files)


def test_a_kept_state_is_downloaded_by_its_epoch(api: Api, run: Json) -> None:
    assert run["snapshots"] == [0, 10, 20, 30]
    for epoch in run["snapshots"]:
        state = api.json(f"/runs/{run['id']}/model", epoch=epoch)["state"]
        assert state == format_state(trained(epoch))
    told = problem(api.get(f"/runs/{run['id']}/model", params={"epoch": 11}), 422)
    assert told["detail"] == "epoch: expected one with a snapshot: 0, 10, 20, 30, got 11."


def test_an_unknown_format_is_refused_with_those_there_are(api: Api, run: Json) -> None:
    told = problem(api.get(f"/runs/{run['id']}/model", params={"format": "word"}), 422)
    assert told["errors"][0]["field"] == "format"
    assert all(f"'{name}'" in told["detail"] for name in FORMATS)


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("unit", "size"), [(None, 300), (None, 16), ("1.2", 50), ("x", 50)])
def test_the_boundary_is_the_engines_picture_at_the_size_asked_for(
    api: Api, run: Json, trainer: Trainer, unit: str | None, size: int
) -> None:
    params = {"size": size} | ({"unit": unit} if unit else {})
    drawn = picture(api, f"/runs/{run['id']}/boundary.png", **params)
    assert np.array_equal(np.asarray(drawn.convert("RGB")), boundary(trainer, size, unit))


@pytest.mark.parametrize(("width", "height"), [(640, 360), (240, 180), (333, 777)])
@pytest.mark.parametrize("log", [False, True])
def test_the_loss_chart_has_the_size_asked_for(api: Api, run: Json, width: int, height: int, log: bool) -> None:
    drawn = picture(api, f"/runs/{run['id']}/loss.png", width=width, height=height, log=log)
    assert drawn.size == (width, height)
    assert len(np.unique(np.asarray(drawn.convert("RGB")).reshape(-1, 3), axis=0)) > 2


@pytest.mark.parametrize("format", ["webp", "gif", "png"])
def test_the_film_shows_the_course_of_the_run(api: Api, run: Json, format: str) -> None:
    answer = api.get(f"/runs/{run['id']}/film", params={"format": format, "size": 100, "seconds": 2})
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"image/{format}")
    assert getattr(Image.open(io.BytesIO(answer.content)), "n_frames", 1) == 20


def test_there_is_no_film_of_a_run_from_trained_weights(api: Api, trainer: Trainer) -> None:
    link = f"{format_link(trainer.config)}&state={format_state(trainer)}"
    run = api.trained(link=link, epochs=trainer.epoch + 1)["id"]
    told = problem(api.get(f"/runs/{run}/film"), 409)
    assert told["detail"] == f"The run began from trained weights, at epoch {trainer.epoch}: those before are lost."


def test_pictures_are_there_before_anything_is_trained(api: Api) -> None:
    run = api.start(link=XOR, epochs=10_000_000)
    picture(api, f"/runs/{run}/boundary.png")
    picture(api, f"/runs/{run}/loss.png")
    api.post(f"/runs/{run}/cancel")


def test_a_picture_that_has_not_changed_is_not_drawn_again(api: Api, run: Json) -> None:
    for name in ("boundary.png", "loss.png"):
        tag = api.get(f"/runs/{run['id']}/{name}").headers["etag"]
        answer = api.get(f"/runs/{run['id']}/{name}", headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("boundary.png?size=15", "size: expected at least 16, got '15'."),
        ("boundary.png?size=1001", "size: expected at most 1000, got '1001'."),
        ("boundary.png?size=big", "size: expected a whole number"),
        ("boundary.png?unit=9.9", "unit: expected a hidden unit of [3] such as 1.3, or one of x, y, "),
        ("loss.png?width=239", "width: expected at least 240, got '239'."),
        ("loss.png?log=perhaps", "log: expected true or false, got 'perhaps'."),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_refused(api: Api, run: Json, query: str, detail: str) -> None:
    assert problem(api.get(f"/runs/{run['id']}/{query}"), 422)["detail"].startswith(detail)


# --- points and predictions -------------------------------------------------------------------------------------------


def rows(text: str) -> list[tuple[float, float, float, str]]:
    head, *found = csv.reader(io.StringIO(text))
    assert head == ["x", "y", "label", "part"]
    return [(float(x), float(y), float(label), part) for x, y, label, part in found]


def expected(trainer: Trainer) -> list[tuple[float, float, float, str]]:
    parts = trainer.parts._asdict()
    return [(*point, part) for part in ("train", "validation", "test") for point in parts[part].points]


def test_a_runs_points_are_those_that_the_engine_draws(api: Api, run: Json, trainer: Trainer) -> None:
    answer = api.get(f"/runs/{run['id']}/points.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert rows(answer.text) == expected(trainer)


@pytest.mark.parametrize(
    ("query", "link"),
    [
        ("spiral.csv", "dataset=spiral"),
        (
            "xor.csv?noise=25&samples=200&train=70&seed=tea",
            "dataset=xor&noise=25&numSamples=200&percTrainData=70&seed=tea",
        ),
        ("reg-gauss.csv", "problem=regression&regDataset=reg-gauss"),
        ("rings.csv", "problem=multiclass&classDataset=rings"),
        (
            "arms.csv?classes=5&validation=20&train=40",
            "problem=multiclass&classDataset=arms&classes=5&percValidationData=20&percTrainData=40",
        ),
        ("quadrants.csv?classes=2", "problem=multiclass&classDataset=quadrants"),
        ("scales.csv?validation=20", "dataset=scales&percValidationData=20"),
    ],
)
def test_a_data_sets_points_are_those_that_the_engine_draws(api: Api, query: str, link: str) -> None:
    answer = api.get(f"/datasets/{query}")
    assert rows(answer.text) == expected(Trainer(parse_link(link).config))


@pytest.mark.parametrize("name", ["tea", "own", "reg-own", "class-own"])
def test_an_unknown_data_set_is_not_found(api: Api, name: str) -> None:
    assert "there are circle, " in problem(api.get(f"/datasets/{name}.csv"), 404)["detail"]


BAD = ["noise=101", "noise=nan", "samples=99", "train=0", "seed=", "seed=a%26b", "classes=7", "validation=60"]


@pytest.mark.parametrize("query", BAD)
def test_a_value_that_no_configuration_has_is_refused(api: Api, query: str) -> None:
    told = problem(api.get(f"/datasets/circle.csv?{query}"), 422)
    assert told["errors"][0]["field"] == query.partition("=")[0]


def test_predictions_are_the_engines_outputs(api: Api, run: Json, trainer: Trainer) -> None:
    answer = api.post(f"/runs/{run['id']}/predict", {"points": PLACES}).json()
    X = design_matrix(trainer.config.features, [(x, y) for x, y in PLACES])
    outputs = Pass(trainer.network, len(PLACES)).forward(X)[0]
    assert answer["outputs"] == outputs.tolist()
    assert answer["classes"] == [1 if value >= 0 else -1 for value in outputs]


def test_of_many_classes_the_probability_of_each_is_predicted_and_the_likeliest(api: Api) -> None:
    link = "problem=multiclass&classDataset=quadrants&normalize=true&percValidationData=10"
    run, trainer = api.trained(link=link, epochs=5)["id"], trained(5, link)
    answer = api.post(f"/runs/{run}/predict", {"points": PLACES[:3]}).json()
    X = trainer.scaling.design_matrix(trainer.config.features, [(x, y) for x, y in PLACES[:3]])
    outputs = Pass(trainer.network, 3).forward(X)  # (4, 3)
    assert answer["outputs"] == outputs.T.tolist()
    assert answer["classes"] == outputs.argmax(axis=0).tolist()
    assert rows(api.get(f"/runs/{run}/points.csv").text) == expected(trainer)
    assert {part for *_, part in expected(trainer)} == {"train", "validation", "test"}


def test_the_loss_chart_has_a_line_for_the_validation(api: Api) -> None:
    run = api.trained(link=f"{XOR}&percValidationData=20", epochs=5)["id"]
    drawn = np.asarray(picture(api, f"/runs/{run}/loss.png").convert("RGB"))
    assert (drawn == LINES["validation_loss"].color).all(axis=-1).any()


def test_a_regression_has_no_classes_and_no_output_beyond_all_numbers(api: Api) -> None:
    run = api.trained(link="problem=regression&networkShape=&xSquared=true", epochs=1)["id"]
    answer = api.post(f"/runs/{run}/predict", {"points": PLACES}).json()
    assert answer["classes"] is None
    assert [value is None for value in answer["outputs"]] == [False, False, False, True]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"points": []}, "points"),
        ({"points": [[1, 2, 3]]}, "points.0"),
        ({"points": [[1, "two"]]}, "points.0.1"),
        ({"points": [[0, 0]] * 10_001}, "points"),
        ({"places": []}, "places"),
    ],
)
def test_bad_points_are_refused(api: Api, run: Json, body: Json, field: str) -> None:
    assert api.refused(f"/runs/{run['id']}/predict", body)["errors"][0]["field"] == field


def test_points_beyond_all_numbers_are_refused(api: Api, run: Json) -> None:
    content = json.dumps({"points": [[float("inf"), 0]]})
    answer = api.http.post(f"/runs/{run['id']}/predict", content=content, headers={"Content-Type": "application/json"})
    assert problem(answer, 422)["detail"] == "points.0.0: expected a finite number, got inf."

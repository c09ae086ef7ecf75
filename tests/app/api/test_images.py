"""Images over HTTP: sheets of test images, and predictions of a run."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from engine.images.image_sets import IMAGE_SETS
from tests.app.scripted import Api, speaking
from tests.server import Server


@pytest.fixture(scope="module")
def api(server: Server) -> Iterator[Api]:
    """The shared server's API."""
    with speaking(server) as api:
        yield api


def test_a_sheet_has_the_test_images_25_in_a_row(api: Api) -> None:
    answer = api.http.get("/images/digits8.png")
    assert answer.headers["content-type"] == "image/png"
    sheet = np.asarray(Image.open(io.BytesIO(answer.content)))
    assert sheet.shape == (12 * 8, 25 * 8, 3)
    _, test = IMAGE_SETS["digits8"].draw("0.5", 100, 300)
    np.testing.assert_array_equal(sheet[8:16, 16:24, 1].ravel(), test.pixels[27])


def test_a_sheet_of_no_image_set_is_refused_with_their_names(api: Api) -> None:
    answer = api.http.get("/images/digit.png")
    assert answer.status_code == 404
    assert "did you mean 'digits'" in answer.json()["detail"]


def test_a_run_says_what_images_are_taken_for(api: Api) -> None:
    run = api.start(config={"problem": "images", "images": "digits8", "numSamples": 500}, epochs=20)
    api.ended(run)
    _, test = IMAGE_SETS["digits8"].draw("0.5", 100, 300)
    answer = api.post(f"/runs/{run}/predict", {"images": (test.pixels[:50] / 255).tolist()}).json()
    assert np.mean(np.array(answer["classes"]) == test.labels[:50]) > 0.8
    np.testing.assert_allclose(np.sum(answer["outputs"], axis=1), 1)


@pytest.mark.parametrize(
    ("body", "words", "status"),
    [
        ({"points": [[0, 1]]}, "The network of this run takes images.", 409),
        ({"images": [[0.5] * 63]}, "rows of 64 pixels from 0 to 1", 422),
        ({"images": [[1.5]]}, "images.0.0: expected at most 1", 422),
        ({}, "expected either points or images", 422),
    ],
)
def test_what_is_no_image_is_refused(api: Api, body: dict[str, object], words: str, status: int) -> None:
    run = api.start(config={"problem": "images", "images": "digits8", "numSamples": 100}, epochs=1)
    api.ended(run)
    answer = api.post(f"/runs/{run}/predict", body)
    assert answer.status_code == status
    assert words in answer.text

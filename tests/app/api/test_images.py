"""Images over HTTP: sheets of test images, and predictions of a run."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from engine.images.image_sets import IMAGE_SETS
from tests.app.scripted import Api


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

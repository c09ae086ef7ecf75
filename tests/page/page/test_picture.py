"""Pictures of the network and of the output: their size, their colours, their text, and how they are saved."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import FloatRect, Page

from engine.pictures.colors import SCALE
from tests.colours import contrast, parsed
from tests.drawing import in_module

Open = Callable[..., Page]
Pixels = NDArray[np.uint8]
MARGIN, CAPTION = 16, 28
ORANGE, BLUE = SCALE[0].astype(float), SCALE[255].astype(float)
TITLE = "Spiral, epoch 215, test loss 0.0312"
LINK = "dataset=spiral&networkShape=4,2&seed=0.7&discretize=true"
BASE64 = """blob => new Promise((done) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result);
  reader.readAsDataURL(blob);
})"""
TAKE = f"""async (module, [name, selector, title]) => {{
  const base64 = {BASE64}, blob = await module[name](document.querySelector(selector), title);
  const bitmap = await createImageBitmap(blob), canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  const context = canvas.getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const {{ data }} = context.getImageData(0, 0, canvas.width, canvas.height);
  return {{ type: blob.type, file: await base64(blob), pixels: await base64(new Blob([data])) }};
}}"""
CANVAS = f"""async canvas => {{
  const {{ width, height }} = canvas, {{ data }} = canvas.getContext('2d').getImageData(0, 0, width, height);
  return [height, width, await ({BASE64})(new Blob([data]))];
}}"""
PARTS = {"networkPicture": [".stage"], "outputPicture": [".plane", ".legend"]}


def rgba(data: str, height: int, width: int) -> Pixels:
    """Pixels from the address that the page gives bytes in."""
    return np.frombuffer(base64.b64decode(data.split(",")[1]), np.uint8).reshape(height, width, 4)


@dataclass
class Picture:
    """A picture, and where it stands in the window."""

    pixels: Pixels
    page: str
    left: float
    top: float
    density: float

    def at(self, box: FloatRect) -> Pixels:
        """What it shows at a place of the window."""
        x, y = box["x"] - self.left, box["y"] - self.top
        edges = [x, x + box["width"], y, y + box["height"]]
        x0, x1, y0, y1 = (round(edge * self.density) for edge in edges)
        return self.pixels[y0:y1, x0:x1]

    def ink(self, box: FloatRect) -> int:
        """How many pixels of a place stand out from the page as text has to."""
        return int((contrast(self.at(box) / 255, parsed([self.page])[0]) >= 4.5).sum())


def take(page: Page, name: str, title: str = TITLE, density: float = 2) -> Picture:
    """A picture, which is a PNG of the size of its parts with a margin and a line for the caption."""
    boxes = [box(page, selector) for selector in PARTS[name]]
    left, top = (min(each[side] for each in boxes) - MARGIN for side in ("x", "y"))
    right = max(each["x"] + each["width"] for each in boxes) + MARGIN
    bottom = max(each["y"] + each["height"] for each in boxes) + MARGIN + CAPTION
    taken: Any = in_module(page, "page/picture", TAKE, [name, PARTS[name][0], title])
    file = base64.b64decode(taken["file"].split(",")[1])
    assert taken["type"] == "image/png"
    assert file.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", file[16:24])
    assert width == round((right - left) * density)
    assert height == round((bottom - top) * density)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    pixels = rgba(taken["pixels"], height, width)
    assert (pixels[..., 3] == 255).all()
    return Picture(pixels[..., :3], background, left, top, density)


def box(page: Page, selector: str) -> FloatRect:
    found = page.locator(selector).first.bounding_box()
    assert found
    return found


def caption(picture: Picture) -> FloatRect:
    """The place of the caption."""
    height, width = (side / picture.density for side in picture.pixels.shape[:2])
    top = picture.top + height - MARGIN - CAPTION / 2
    return {"x": picture.left + MARGIN, "y": top, "width": width - 2 * MARGIN, "height": CAPTION / 2}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_stands_on_the_page_s_colour_with_its_caption(open_page: Open, theme: str) -> None:
    page = open_page(LINK, color_scheme=theme)
    for name in PARTS:
        picture = take(page, name)
        for row, column in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
            assert (picture.pixels[row, column] / 255 == parsed([picture.page])[0]).all()
        assert picture.ink(caption(picture)) > 200
        assert take(page, name, title="").ink(caption(picture)) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_names_indices_and_counts_are_written_at_their_places(open_page: Open, theme: str) -> None:
    page = open_page(LINK, color_scheme=theme)
    picture = take(page, "networkPicture")
    name = ".feature:has([name=xSquared]) span"
    for selector in (".features-title", "#layers-count", ".layer-head span", name, f"{name} sub"):
        assert picture.ink(box(page, selector)) > 10, selector
    assert page.locator(f"{name} i").bounding_box() != page.locator(f"{name} sub").bounding_box()
    for selector in ("#more-layers", ".layer-head .small", ".features-title button"):
        assert picture.ink(box(page, selector)) == 0, selector  # a picture has no buttons


def test_a_canvas_of_the_same_density_is_drawn_pixel_by_pixel(open_page: Open) -> None:
    page = open_page(LINK, device_scale_factor=2)
    for name, canvas in (("networkPicture", ".units"), ("outputPicture", ".points")):
        height, width, data = page.eval_on_selector(canvas, CANVAS)
        canvas_pixels, picture = rgba(data, height, width), take(page, name)
        opaque = canvas_pixels[..., 3] == 255
        assert opaque.sum() > 1000
        same = picture.at(box(page, canvas))[opaque] == canvas_pixels[opaque, :3]
        assert same.mean() > 0.999  # but for a letter's edge


@pytest.mark.parametrize(("density", "expected"), [(1, 2), (3, 3)])
def test_a_picture_has_at_least_two_pixels_for_each_of_the_page(open_page: Open, density: int, expected: int) -> None:
    page = open_page(LINK, device_scale_factor=density)
    output = take(page, "outputPicture", density=expected)
    legend = output.at(box(page, ".legend canvas"))
    first, *_, last = legend[legend.shape[0] // 2]
    assert np.abs(first - ORANGE).max() < 8
    assert np.abs(last - BLUE).max() < 8
    for selector in ("#legend-low", "#legend-high"):
        assert output.ink(box(page, selector)) > 10
    plane = output.at(box(page, ".plane > canvas")).astype(float)
    for color in (ORANGE, BLUE):  # the two classes of a discretized output
        assert (np.abs(plane - color).max(axis=2) < 2).mean() > 0.05


def test_a_network_wider_than_its_place_is_shown_whole(open_page: Open) -> None:
    page = open_page("networkShape=4,4,4,4,4,4,4,4&seed=1", width=390, height=844)
    picture = take(page, "networkPicture")
    last = page.locator(".layer-head span").last.bounding_box()
    assert last
    assert last["x"] > 390
    assert picture.ink(last) > 5


def test_a_long_caption_stays_within_the_picture(open_page: Open) -> None:
    picture = take(open_page(LINK), "outputPicture", title="W" * 60)
    place = caption(picture)
    edge: FloatRect = {**place, "x": place["x"] + place["width"] + 1, "width": MARGIN - 1}
    assert picture.ink(place) > 200
    assert picture.ink(edge) == 0


def test_a_picture_that_cannot_be_made_says_so(open_page: Open) -> None:
    page = open_page(LINK)
    page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = done => done(null) }")
    ask = """({ networkPicture }, selector) => networkPicture(document.querySelector(selector), '')
      .then(() => 'made', (error) => error.message)"""
    assert in_module(page, "page/picture", ask, ".stage").startswith("The picture is too large for this browser: ")


def test_a_download_is_saved_under_its_name_and_then_let_go(open_page: Open, tmp_path: Path) -> None:
    page = open_page()
    with page.expect_download() as download:
        in_module(
            page,
            "page/picture",
            """({ download }) => {
              const { setTimeout } = window, { createObjectURL } = URL;
              window.setTimeout = (act) => { window.later = act; };
              URL.createObjectURL = (blob) => (window.address = createObjectURL(blob));
              download(new Blob(['pixels']), 'network.png');
              Object.assign(window, { setTimeout });
            }""",
        )
    assert download.value.suggested_filename == "network.png"
    download.value.save_as(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == b"pixels"
    revoked = "() => { let gone; URL.revokeObjectURL = url => { gone = url }; window.later(); return gone === address }"
    assert page.evaluate(revoked)

"""A live run with images: its scene and frames, the image on show, and what is refused."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from app.live.answers import scene
from app.live.controls import apply
from app.live.frame import image_frame_of, packed
from app.live.images.image_view import BYTES_PER_FRAME
from app.live.run import LiveRun
from app.wire import messages
from app.wire.history import COLUMNS
from app.wire.image_frames import ImageFrame, unpack
from engine import Config, Trainer
from engine.pictures.attribution import activations, evidence

SMALL = Config(problem="images", images="digits8", numSamples=200, networkShape=(6,))
NO_ROWS = np.empty((0, COLUMNS))


def opened(config: Config = SMALL, epochs: int = 3) -> LiveRun:
    trainer = Trainer(config)
    trainer.train(epochs)
    run = LiveRun(trainer)
    run.attach(-1)
    return run


def frame(run: LiveRun) -> ImageFrame:
    assert run.images
    return image_frame_of(run, run.images, 1, NO_ROWS)


def image(run: LiveRun, **fields: Any) -> dict[str, Any]:
    return apply(run, messages.ShowImage(type="image", **fields))


def test_a_frame_says_what_every_test_image_is_taken_for() -> None:
    run = opened()
    found = unpack(packed(run, 1, NO_ROWS))
    test = run.trainer.test_data
    np.testing.assert_array_equal(found.predicted, run.trainer.predict(test.X[:-1].T))
    assert (found.predicted == test.Y.argmax(axis=0)).mean() == run.losses.now.test_score
    assert found.losses.mean() == pytest.approx(run.losses.now.test_loss, rel=1e-5)


def test_templates_of_a_run_that_rests_come_whole() -> None:
    run = opened()
    found, weights = frame(run), run.trainer.network.layers[0].weights
    assert (found.first, found.templates.shape) == (0, (6, 64))
    values = (found.templates.astype(float) - 128) / 127 * found.ranges[:, None]
    np.testing.assert_allclose(values, weights, atol=np.abs(weights).max() / 200)


def test_templates_of_a_run_that_trains_come_a_part_at_a_time_until_all_have() -> None:
    run = opened(Config(problem="images", networkShape=(100,), numSamples=100), epochs=0)
    run.play()
    parts = [frame(run) for _ in range(4)]
    assert max(part.templates.size for part in parts) <= BYTES_PER_FRAME
    units = [unit for part in parts for unit in range(part.first, part.first + len(part.ranges))]
    assert units == list(range(100))
    assert frame(run).first == 0


def test_the_scene_has_labels_names_and_class_means() -> None:
    run = opened()
    found = scene(run)["data"]["images"]
    labels = np.frombuffer(base64.b64decode(found["labels"]), np.uint8)
    np.testing.assert_array_equal(labels, run.trainer.test_data.Y.argmax(axis=0))
    part = run.trainer.train_data
    means = np.frombuffer(base64.b64decode(found["means"]), np.uint8).reshape(10, 64)
    np.testing.assert_allclose(means[3] / 255, part.X[:-1, part.Y[3] == 1].mean(axis=1), atol=1 / 255)
    assert (found["height"], found["width"], found["names"][3]) == (8, 8, "3")


def test_an_image_is_answered_at_once_and_with_every_frame() -> None:
    run = opened()
    pixels = run.trainer.test_data.X[:-1, 5].tolist()
    answer = image(run, pixels=pixels)["image"]
    outputs = run.trainer.outputs([pixels])[:, 0]
    np.testing.assert_allclose(answer["activations"][-10:], outputs, rtol=1e-6)
    assert answer["chosen"] == outputs.argmax()
    np.testing.assert_array_equal(frame(run).activations, np.array(answer["activations"], np.float32))
    assert image(run)["image"] == {"activations": [], "evidence": [], "chosen": -1}


@pytest.mark.parametrize("hidden", [(), (6,), (7, 5)])
@pytest.mark.parametrize("normalize", [False, True])
def test_evidence_is_input_times_slope(hidden: tuple[int, ...], normalize: bool) -> None:
    trainer = opened(SMALL.replace(networkShape=hidden, normalize=normalize, activation="tanh")).trainer
    pixels, step = np.array(trainer.test_data.X[:-1, 0]) * 0 + 0.5, 1e-6
    why, inputs = evidence(trainer, pixels, 3), trainer.inputs(pixels[None])[:-1, 0]

    def total(place: int, move: float) -> float:
        moved = pixels.copy()
        moved[place] += move
        return float(np.log(activations(trainer, moved)[-10:][3]) - np.log(activations(trainer, moved)[-10:][4]))

    other = evidence(trainer, pixels, 4)  # of the difference of two sums, which softmax leaves as it is
    for place in (10, 27, 35):
        slope = (total(place, step) - total(place, -step)) / (2 * step) * trainer.scaling.sigma[place]
        assert why[place] - other[place] == pytest.approx(inputs[place] * slope, rel=1e-4, abs=1e-7)


def test_the_evidence_of_a_linear_network_is_its_whole_sum_but_for_the_bias() -> None:
    trainer = opened(SMALL.replace(networkShape=())).trainer
    pixels = trainer.test_data.X[:-1, 3]
    weights = trainer.network.layers[0].weights
    np.testing.assert_allclose(evidence(trainer, pixels, 2), weights[2] * pixels)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"pixels": [0.5] * 63}, "pixels: expected 64 pixels, got 63"),
        ({"pixels": [0.5] * 64, "chosen": 9}, ""),
    ],
)
def test_an_image_of_another_size_is_refused(fields: dict[str, Any], words: str) -> None:
    answer = image(opened(), **fields)
    assert words in answer.get("message", "")
    assert (answer["type"] == "error") == bool(words)


def test_points_are_no_images_and_images_are_not_compared() -> None:
    refused = apply(LiveRun(Trainer(Config())), messages.ShowImage(type="image", pixels=[0.5]))
    assert "a network that takes images" in refused["message"]
    compared = apply(opened(), messages.StartRestarts(type="restarts"))
    assert "images, which train one run at a time" in compared["message"]


def test_another_problem_brings_its_defaults_and_undo_takes_them_back() -> None:
    run = LiveRun(Trainer(Config(networkShape=(3,))))
    answer = apply(run, messages.Configure(type="configure", set={"problem": "images", "images": "digits8"}))
    assert answer["link"] == "seed=0.5&problem=images&images=digits8"
    assert apply(run, messages.Undo(type="undo"))["link"] == "networkShape=3&seed=0.5"
    apply(run, messages.Redo(type="redo"))
    answer = apply(run, messages.Configure(type="configure", set={"problem": "classification"}))
    assert answer["link"] == "seed=0.5&images=digits8"
    assert scene(run)["data"]["train"]


def test_the_image_on_show_goes_with_images_of_another_size() -> None:
    run = opened()
    image(run, pixels=[0.5] * 64)
    apply(run, messages.Reset(type="reset"))
    assert run.shown
    apply(run, messages.Configure(type="configure", set={"images": "four-pixels"}))
    assert run.shown is None

"""Training on images: defaults, parts, batches, templates, and losses equal to PyTorch's."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from engine import Config, InvalidConfigError, Trainer, format_link, parse_link, trainer_at
from engine.images.image_sets import IMAGE_SETS
from engine.pictures.templates import mosaic, templates
from engine.state import format_state
from engine.training.image_parts import GATHERED
from tests.engine.runs import state


def run(**values: Any) -> Config:
    """A small run with images."""
    return Config(**{"problem": "images", "images": "digits8", "numSamples": 200, **values})


# --- configuration --------------------------------------------------------------------------------------------------


def test_a_problem_with_images_has_defaults_of_its_own_which_a_link_leaves_out() -> None:
    config = parse_link("problem=images").config
    assert (config.networkShape, config.activation, config.batchSize) == ((), "relu", 32)
    assert config.shape == (784, 10)
    assert format_link(config) == "seed=0.5&problem=images"
    assert repr(config) == "Config(problem='images')"
    other = config.replace(networkShape=(4, 2), batchSize=10)
    assert format_link(other) == "batchSize=10&networkShape=4,2&seed=0.5&problem=images"
    assert parse_link(format_link(other)).config == other


@pytest.mark.parametrize("name", IMAGE_SETS)
def test_inputs_and_outputs_follow_the_image_set(name: str) -> None:
    images = IMAGE_SETS[name]
    trainer = Trainer(Config(problem="images", images=name, numSamples=100))  # type: ignore[arg-type]
    assert trainer.config.shape == (images.pixels, len(images.names))
    assert (trainer.train_size, trainer.test_data.size) == (100, images.tests)
    assert trainer.test_data.X.shape == (images.pixels + 1, images.tests)


def test_wide_layers_are_for_images_alone() -> None:
    assert run(networkShape=(128,)).networkShape == (128,)
    with pytest.raises(InvalidConfigError, match="networkShape: expected layers of at most 64 units"):
        Config(networkShape=(100,))
    assert parse_link("problem=images&networkShape=200").config.networkShape == (128,)
    assert parse_link("networkShape=200").config.networkShape == (64,)


def test_the_last_training_images_validate_and_the_sets_own_test() -> None:
    whole, trainer = Trainer(run()), Trainer(run(percValidationData=25))
    assert (trainer.train_size, trainer.validation_data.size) == (150, 50)
    np.testing.assert_array_equal(trainer.validation_data.X, whole.train_data.X[:, 150:])
    np.testing.assert_array_equal(trainer.test_data.X, whole.test_data.X)


def test_more_images_than_there_are_cannot_be_had() -> None:
    assert run(numSamples=5_000).samples == 1_497


def test_noise_moves_pixels_within_their_range() -> None:
    still, noisy = (Trainer(run(noise=noise)).train_data.X for noise in (0, 20))
    assert 0.15 < np.abs(still - noisy).max() <= 0.2
    assert noisy.min() >= 0
    assert noisy.max() <= 1


def test_normalized_pixels_have_mean_0_and_those_that_never_change_are_0() -> None:
    X = Trainer(run(normalize=True)).train_data.X[:-1]
    np.testing.assert_allclose(X.mean(axis=1), 0, atol=1e-12)
    assert (np.abs(X).max(axis=1) == 0).any()


# --- training -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reshuffle", [False, True])
def test_batches_are_the_images_in_their_order_across_epochs(reshuffle: bool) -> None:
    trainer = Trainer(run(batchSize=30, reshuffle=reshuffle))
    seen: list[bytes] = []
    take = trainer.take

    def taking(most: int) -> Any:
        batches = take(most)
        seen.extend(image.tobytes() for image in batches.X.T)
        return batches

    trainer.take = taking  # type: ignore[method-assign]
    trainer.train(3)
    images = {image.tobytes() for image in trainer.train_data.X.T}
    assert set(seen) == images
    assert len(seen) == 580  # what does not fill a batch waits for the next epoch
    assert (seen[:180] == seen[200:380]) == (not reshuffle)


def test_no_more_images_are_gathered_at_once_than_stated() -> None:
    trainer = Trainer(Config(problem="images", batchSize=10))
    batches = trainer.take(500)
    assert (batches.updates, batches.X.shape[1]) == (GATHERED // 10, GATHERED // 10 * 10)


def test_the_same_run_comes_to_the_same_bits_by_steps_copies_and_states() -> None:
    whole, steps = (Trainer(run(networkShape=(8,), optimizer="adam")) for _ in range(2))
    whole.train(3)
    for _ in range(9):
        steps.step(1)
    steps = trainer_at(steps.config, format_state(copy.deepcopy(steps)))
    steps.step(whole.updates - 9)
    assert state(steps) == state(whole)


def test_runs_on_the_same_images_share_them() -> None:
    one, other = (Trainer(run(seed=seed)) for seed in ("a", "b"))
    assert np.shares_memory(one.train_data.X, other.train_data.X)
    assert not one.train_data.X.flags.writeable


def test_digits_are_learned_and_their_classes_are_predicted() -> None:
    trainer = Trainer(Config(problem="images", images="digits8", networkShape=(16,)))
    trainer.train(20)
    assert trainer.measure().test_score > 0.85
    X, labels = trainer.test_data.X[:-1].T, trainer.test_data.Y.argmax(axis=0)
    assert trainer.score(X, labels) == pytest.approx(trainer.measure().test_score)
    np.testing.assert_allclose(trainer.predict_proba(X).sum(axis=1), 1)


@pytest.mark.parametrize(
    ("X", "words"),
    [
        (np.zeros((2, 3)), "rows of 64 pixels from 0 to 1"),
        (np.full((1, 64), 1.5), "pixels from 0 to 1, got 1.5"),
        ("image", "rows of 64 pixels"),
    ],
)
def test_what_is_no_image_is_refused(X: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Trainer(run()).predict(X)


@pytest.mark.parametrize("initializer", ["uniform", "zero", "normal", "xavier", "he"])
def test_first_weights_have_the_spread_of_their_initializer(initializer: str) -> None:
    spreads = {"uniform": 12**-0.5, "zero": 0, "normal": 1, "xavier": (2 / 884) ** 0.5, "he": (2 / 784) ** 0.5}
    config = Config(problem="images", networkShape=(100,), initializer=initializer)  # type: ignore[arg-type]
    weights = Trainer(config).network.layers[0].weights
    assert weights.std() == pytest.approx(spreads[initializer], rel=0.02)
    assert abs(weights.mean()) < 0.01
    other = Trainer(config.replace(weightSeed="w")).network.layers[0].weights
    assert (weights == other).all() == (initializer == "zero")


@pytest.mark.parametrize("hidden", [(), (100,)])
def test_losses_are_those_of_pytorch_over_a_hundred_updates(hidden: tuple[int, ...]) -> None:
    torch = pytest.importorskip("torch")
    trainer = Trainer(Config(problem="images", networkShape=hidden))
    layers: list[Any] = []
    for layer in trainer.network.layers:
        units, inputs = layer.weights.shape
        linear = torch.nn.Linear(inputs, units, dtype=torch.float64)
        with torch.no_grad():
            linear.weight[:] = torch.from_numpy(layer.weights.copy())
            linear.bias[:] = torch.from_numpy(layer.biases.copy())
        layers += [linear, torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    X, labels = (torch.from_numpy(array.copy()) for array in (trainer.train_data.X[:-1].T, trainer.train_data.Y.T))
    tests, expected = (torch.from_numpy(array.copy()) for array in (trainer.test_data.X[:-1].T, trainer.test_data.Y.T))
    for update in range(100):
        batch = slice(32 * update, 32 * update + 32)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(X[batch]), labels[batch]).backward()
        optimizer.step()
        trainer.step(1)
        if update % 20 == 19:
            with torch.no_grad():
                loss = torch.nn.functional.cross_entropy(model(tests), expected).item()
            assert trainer.losses().test == pytest.approx(loss, abs=1e-6)


# --- pictures -------------------------------------------------------------------------------------------------------


def test_templates_are_the_weights_as_images() -> None:
    trainer = Trainer(Config(problem="images", images="colours", numSamples=100))
    images = IMAGE_SETS["colours"]
    found = templates(trainer, images)
    assert found.shape == (10, 32, 32, 3)
    assert found[3, 1, 2, 1] == trainer.network.layers[0].weights[3, (32 + 2) * 3 + 1]
    assert mosaic(trainer, images, 4).shape == (3 * 33 - 1, 4 * 33 - 1, 3)


def test_the_largest_weight_of_a_template_has_the_full_colour_of_its_sign() -> None:
    trainer = Trainer(run())
    weights = trainer.network.layers[0].weights
    weights[0] = 0
    weights[0, :2] = [-2, 2]
    picture = mosaic(trainer, IMAGE_SETS["digits8"], 10)
    assert picture[0, :2].tolist() == [[245, 147, 34], [8, 119, 189]]
    trainer.set_weight(0, 0, 1, 0)
    assert mosaic(trainer, IMAGE_SETS["digits8"], 10)[0, 1].tolist() == [233, 236, 238]


def test_a_picture_of_the_plane_is_refused_and_a_notebook_shows_templates() -> None:
    from engine import boundary

    trainer = Trainer(run())
    with pytest.raises(ValueError, match="templates"):
        boundary(trainer)
    assert trainer._repr_png_().startswith(b"\x89PNG")
    assert "200 train, 300 test images" in repr(trainer)

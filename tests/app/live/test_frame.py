"""What a frame shows of a run: the probed point's way, and the points that it gets most wrong."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.live.answers import scene
from app.live.controlled_run import Probe
from app.live.frame import WORST, frame_of
from app.live.run import LiveRun
from app.wire.frames import Frame
from app.wire.history import COLUMNS
from app.wire.limits import LARGEST
from engine import Config, Trainer
from engine.data.points import encode
from engine.tables import Array
from tests.app.screen import Screen

SHOWING = Config(dataset="xor", networkShape=(3, 2), showWorst=True)


def at(config: Config, epochs: int = 3) -> LiveRun:
    trainer = Trainer(config)
    trainer.train(epochs)
    run = LiveRun(trainer)
    run.attach(-1)
    return run


def shown(run: LiveRun) -> Frame:
    return frame_of(run, 1, np.empty((0, COLUMNS)))


def probed(run: LiveRun, probe: Probe) -> Array:
    """The probe of the next frame, as the page gets it."""
    run.probe = probe
    run.changed()
    (frame,) = Screen(run).watch(0.1)
    return frame.probe


def overflowing() -> LiveRun:
    """A network with outputs out of all numbers."""
    run = at(Config(problem="regression", activation="linear", networkShape=(2,), showWorst=True))
    # NaN where both units are infinite, else infinite, however the machine adds and multiplies in one go
    run.trainer.network.theta[:] = [1e308, 1e308, 0, -1e308, -1e308, 0, 1e308, 1, 0]
    return run


# --- probe ------------------------------------------------------------------------------------------------------------


def test_a_probe_is_features_all_units_and_the_loss() -> None:
    run = at(SHOWING)
    (features, first, second, output), loss = run.trainer.probe(1.5, -2, 1)
    probe = probed(run, Probe(1.5, -2, 1)).tolist()
    assert probe == [1.5, -2, *first, *second, *output, loss]
    assert len(probe) == 2 + 3 + 2 + 1 + 1
    assert features.tolist() == [1.5, -2]


def test_of_many_classes_a_probe_ends_with_all_probabilities_and_the_loss_of_its_own() -> None:
    run = at(Config(problem="multiclass", classes=4, networkShape=(3,)))
    probe = probed(run, Probe(1.5, -2, 2))
    outputs, loss = probe[-5:-1], probe[-1]
    assert len(probe) == 2 + 3 + 4 + 1
    assert outputs.sum() == pytest.approx(1)
    assert loss == pytest.approx(-math.log(outputs[2]))


def test_a_scene_tells_what_inputs_are_normalized_by() -> None:
    def scaling(**values: object) -> dict[str, list[float]]:
        found: dict[str, list[float]] = scene(at(Config.model_validate(values), 0))["data"]["scaling"]
        return found

    assert scaling() == {"mean": [0, 0], "sigma": [1, 1]}
    run = at(Config(dataset="scales", normalize=True), 0)
    x = np.array([point.x for point in run.trainer.train_data.points])
    found = scaling(dataset="scales", normalize=True)
    assert found["mean"][0] == pytest.approx(x.mean())
    assert found["sigma"] == [pytest.approx(x.std(ddof=1)), pytest.approx(289, abs=20)]


def test_a_probed_place_without_a_label_has_no_loss() -> None:
    *values, loss = probed(at(SHOWING), Probe(0, 0)).tolist()
    assert np.isfinite(values).all()
    assert math.isnan(loss)


@pytest.mark.parametrize(
    ("shape", "length"),
    [({"networkShape": ()}, 4), ({"x": False, "y": False}, 8), ({"x": False, "y": False, "networkShape": ()}, 2)],
    ids=str,
)
def test_a_network_of_any_shape_is_probed(shape: dict[str, object], length: int) -> None:
    config = Config.model_validate(shape)
    assert probed(at(config), Probe(1, 1, -1)).shape == (length,)


def test_the_probe_follows_the_network_as_it_learns() -> None:
    run = at(SHOWING)
    run.probe = Probe(2, 2, 1)
    run.play()
    frames = Screen(run).watch(0.5)
    assert len({frame.probe[-1] for frame in frames}) == len(frames) > 10


def test_a_run_without_a_probe_shows_none() -> None:
    assert shown(at(SHOWING)).probe.shape == (0,)


def test_a_probe_tells_of_a_diverged_run_what_is_no_number() -> None:
    told = [probed(overflowing(), Probe(3, 2, label)).tolist() for label in (1, None)]
    assert told == 2 * [pytest.approx([3, 2, math.inf, -math.inf, math.nan, math.nan], nan_ok=True)]
    assert probed(at(SHOWING), Probe(0, 0, 1e300))[-1] == math.inf


# --- the worst --------------------------------------------------------------------------------------------------------


def worst(run: LiveRun) -> list[list[float]]:
    numbers: list[list[float]] = shown(run).worst.tolist()
    return numbers


def test_the_worst_are_the_training_points_with_the_largest_losses() -> None:
    run = at(SHOWING)
    losses = run.trainer.point_losses()[0]
    places, largest = zip(*worst(run), strict=True)
    assert len(places) == len(set(places)) == WORST
    assert [losses[int(place)] for place in places] == list(largest) == sorted(losses, reverse=True)[:WORST]


def test_where_test_points_are_shown_they_count_after_the_training_points() -> None:
    run = at(SHOWING.model_copy(update={"showTestData": True, "percTrainData": 20.0}))
    losses = np.concatenate(run.trainer.point_losses())
    places, largest = zip(*worst(run), strict=True)
    assert [losses[int(place)] for place in places] == list(largest) == sorted(losses, reverse=True)[:WORST]
    assert max(places) >= run.trainer.train_size


def test_of_equal_losses_the_first_point_comes_first() -> None:
    run = at(SHOWING.model_copy(update={"initZero": True}), epochs=0)
    assert [place for place, _ in worst(run)] == list(range(WORST))


def test_the_worst_are_shown_only_where_they_are_asked_for() -> None:
    assert shown(at(SHOWING.model_copy(update={"showWorst": False}))).worst.shape == (0, 2)


def test_of_fewer_points_all_are_shown() -> None:
    points = encode(at(SHOWING).trainer.train_data.points[:6])
    few = Config(dataset="own", points=points, showWorst=True)
    assert len(worst(at(few))) == 3
    assert len(worst(at(few.model_copy(update={"showTestData": True})))) == 6
    assert worst(at(Config(dataset="own", showWorst=True))) == []


def test_losses_out_of_all_numbers_are_the_largest_and_come_first() -> None:
    run = overflowing()
    losses = run.trainer.point_losses()[0]
    assert {*np.flatnonzero(np.isnan(losses))} != {*np.flatnonzero(np.isinf(losses))} != set()
    assert worst(run) == [[place, LARGEST] for place in np.flatnonzero(~np.isfinite(losses))[:WORST]]

"""How the claims of the lessons are checked: each trains what a lesson sets up and tells whether it is so."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from engine.tables import Array
from engine.tables.activations import ACTIVATIONS
from tests.app.lessons.training import (
    at,
    batch_spread,
    begun,
    first_epoch,
    link_of,
    losses_of,
    measured,
    moved_by_updates,
)


def loss_of_zeros(link: str) -> float:
    trainer = begun(link)
    trainer.network.theta.fill(0)
    return trainer.losses().train


def sides_by_x_alone(link: str) -> bool:
    trainer = begun(link)
    trainer.network.theta[:] = 1, 0, -1
    below, above = (trainer.outputs([[x, y] for x in np.linspace(-5, 5, 100)]) for y in (-6, 6))
    return np.array_equal(below, above)


def normal_points_to_the_positive_side(link: str) -> bool:
    trainer = begun(link, 5)
    normal = trainer.network.layers[0].weights[0]
    length = np.hypot(*normal)
    on = -trainer.network.layers[0].biases[0] * normal / length**2  # the point of the line that is next to the origin
    ahead, behind = trainer.outputs([on + 0.1 * normal / length, on - 0.1 * normal / length])[0]
    return bool(behind < 0 < ahead)


def borders_are_straight(link: str) -> bool:
    """Between two places of one class there is no other."""
    trainer, random = begun(link, 30, classes=5), np.random.default_rng(1)
    ends = random.uniform(-6, 6, (2, 2000, 2))
    first, middle, last = (trainer.predict(points) for points in (ends[0], ends.mean(0), ends[1]))
    return bool((first == last).sum() > 100 and (middle == first)[first == last].all())


def quadrants_are_right() -> bool:
    link = link_of("beyond-lines", "one unit")
    return at(link, 200, networkShape=(4,)).train_score == at(link, 200, xTimesY=True).train_score == 1


def twice_the_training_loss() -> bool:
    after = at(link_of("spiral", "Three layers"), 1000)
    return after.test_loss > 2 * after.train_loss


def one_update_without_noise() -> bool:
    trainer = begun(link_of("mini-batches", "All 250"), 20)
    return trainer.updates == 20 and batch_spread(trainer) == 0


def falls_most_at_first(link: str) -> bool:
    losses = losses_of(link, 0, 1, 2, 3, 20)
    return losses[0] - losses[3] > 0.9 * (losses[0] - losses[4])


def weight_moves_the_border(link: str) -> bool:
    trainer = begun(link, 10)
    points = np.random.default_rng(1).uniform(-6, 6, (500, 2))
    before = trainer.predict(points)
    trainer.set_weight(0, 0, 0, -3.0)
    return bool(0.01 < np.mean(before != trainer.predict(points)) < 0.99)


def perceptron_adds_wrong_points(link: str) -> bool:
    """Every update leaves the weights as they are, or adds a training point, times its class and the rate."""
    trainer = begun(link)
    rows = np.array([[p.x, p.y, 1.0] for p in trainer.train_data.points]) * np.array(
        [[p.label] for p in trainer.train_data.points]
    )
    steps = moved_by_updates(trainer, 50)
    moving = steps[steps.any(1)]
    near = [np.abs(rows * trainer.rate - step).max(1).min() for step in moving]
    return 0 < len(moving) < 50 and max(near) < 1e-12


def rests_without_mistakes(link: str) -> bool:
    trainer = begun(link, first_epoch(link, lambda now: now.train_score == 1))
    return trainer.epoch < 10 and not moved_by_updates(trainer, 1000).any()


def xor_never_rests(_: str) -> bool:
    return bool(moved_by_updates(begun(link_of("perceptron", "XOR"), 100), 5000).any())


def sums_by_hand(link: str, *parameters: float) -> Array:
    """The output of a single unit with some parameters at places around the origin."""
    trainer = begun(link)
    trainer.network.theta[:] = parameters
    return trainer.outputs(np.random.default_rng(1).uniform(-3, 3, (500, 2)))


def line_by_hand_is_right(link: str) -> bool:
    trainer = begun(link)
    trainer.network.theta[:] = 1, 1, -1.5
    return trainer.measure().train_score >= 0.97 and 1.5 / np.hypot(1, 1) > 1


def doubling_deepens_the_colours(link: str) -> bool:
    once, twice = sums_by_hand(link, 1, 1, -1.5), sums_by_hand(link, 2, 2, -3)
    return bool((np.sign(once) == np.sign(twice)).all() and (np.abs(twice) > np.abs(once)).all())


def applied(activation: str, z: Array) -> Array:
    answers = np.empty_like(z)
    ACTIVATIONS[activation].f(z.copy(), answers)
    return answers


def steepest(activation: str) -> float:
    z = np.linspace(-5, 5, 1001)
    return float(np.max(np.diff(applied(activation, z)) / np.diff(z)))


def leaks(activation: str) -> bool:
    return bool(applied(activation, np.array([-1.0]))[0] == -0.1)


def only_the_last_layer_learns(_: str) -> bool:
    trainer = begun(link_of("activations", "Step units"))
    moved = np.abs(moved_by_updates(trainer, 500)).sum(0) > 0
    return not moved[:12].any() and bool(moved[12:].any())


def collapses_to_one_layer(link: str) -> bool:
    trainer = begun(link, 3)
    points = np.random.default_rng(1).uniform(-6, 6, (50, 2))
    whole = trainer.collapsed()
    return whole is not None and np.allclose(points @ whole[0, :2] + whole[0, 2], trainer.outputs(points)[0])


def shapes_of(parameters: int) -> list[tuple[int, int]]:
    numbers = range(1, parameters)
    return [(a, b) for a in numbers for b in numbers if 3 * a + (a + 1) * b + b + 1 == parameters]


def border_is_near_a_half(link: str) -> bool:
    """From the middle of a class to that of its neighbour, where the two cross."""
    way = np.linspace(0, np.pi / 2, 2001)
    chances = begun(link, 10).predict_proba(3.2 * np.stack([np.cos(way), np.sin(way)], axis=1))
    first, second = chances[0].argmax(), chances[-1].argmax()
    crossing = np.abs(chances[:, first] - chances[:, second]).argmin()
    return bool(first != second and 0.45 < chances[crossing, first] < 0.5)


def a_class_is_sure(link: str) -> bool:
    return bool((begun(link, 10).predict_proba([[6, 0], [-6, 0], [0, 6], [0, -6]]).max(1) > 0.99).all())


def gradient_is_probability_minus_truth(link: str) -> bool:
    """The slope by the output biases is the mean of that by the sums: of each batch after its update."""
    trainer = begun(link, loss="crossEntropy", batchSize=250, reshuffle=False)
    before = trainer.predict_proba([[p.x, p.y] for p in trainer.train_data.points])
    truth = np.eye(3)[[int(p.label) for p in trainer.train_data.points]]
    trainer.step()
    biases = [trainer.network.bias_index(1, unit) for unit in range(3)]
    return np.allclose(trainer.gradient()[biases], (before - truth).mean(0))


def a_point_costs(link: str, loss: str, epochs: int) -> float:
    return float(begun(link, epochs, loss=loss).point_losses()[0].max())


def worst_lies_in_the_other_cloud(link: str) -> bool:
    trainer = begun(link, 15)
    points, losses = trainer.train_data.points, trainer.point_losses()[0]
    worst = points[int(losses.argmax())]
    nearest = sorted(points, key=lambda p: np.hypot(p.x - worst.x, p.y - worst.y))[1:11]
    return losses.max() > 1 and np.median(losses) < 0.02 and sum(p.label != worst.label for p in nearest) >= 9


def new_is_old_minus_rate_times_gradient(link: str) -> bool:
    trainer = begun(link)
    (moved,) = moved_by_updates(trainer, 1)
    return np.allclose(moved, -trainer.rate * trainer.gradient())


def loss_after(updates: int, link: str, **changed: Any) -> float:
    trainer = begun(link, **changed)
    trainer.step(updates)
    return trainer.losses().train


def losses_grow(_: str) -> bool:
    losses = [one.train_loss for one in measured(link_of("gradient-descent", "grows"), 0, 1, 2, 3)]
    return all(after > before for before, after in pairwise(losses))


def high_falls_then_jumps(link: str) -> bool:
    high, good = (losses_of(link, 25, *range(200, 401, 20), learningRate=rate) for rate in (1, 0.1))
    jumps = max(b / a for a, b in pairwise(high[1:]))
    return high[0] < 0.3 and jumps > 1.2 and high[-1] > 5 * good[-1]


def overfits_later(_: str) -> bool:
    early, late = measured(link_of("learning-rate", "0.3"), 100, 1000)
    return late.test_loss > 2 * early.test_loss and late.train_loss < early.train_loss


def jumps_at_the_constant_rate(link: str) -> bool:
    return max(b / a for a, b in pairwise(losses_of(link, *range(20, 201, 10)))) > 2


def some_starts_solve(link: str) -> bool:
    ends = [losses_of(link, 50, weightSeed=str(seed))[0] for seed in range(10, 20)]
    return 2 <= sum(loss < 0.05 for loss in ends) <= 8


def most_starts_of_eight_solve(_: str) -> bool:
    wide = link_of("local-minima", "eight")
    return sum(losses_of(wide, 50, weightSeed=str(seed))[0] < 0.05 for seed in range(10, 20)) >= 9


def larger_batches_lie_closer(link: str) -> bool:
    spreads = [batch_spread(begun(link, 20, batchSize=size)) for size in (1, 10, 30, 60, 100)]
    return all(less < more for more, less in pairwise(spreads)) and spreads[0] > 10


def gradients_are_a_thousandfold(link: str) -> bool:
    trainer = begun(link, networkShape=(), outputActivation="linear", batchSize=250)
    trainer.step()
    first, second, _ = np.abs(trainer.gradient())
    return bool(300 < second / first < 3000)


def units_are_saturated(link: str) -> bool:
    trainer = begun(link)
    trainer.step()
    slopes = np.abs(trainer.gradient())
    return bool(slopes[:9].max() < 0.01 * slopes[9:].min())


def scaled_by_the_training_points(link: str) -> bool:
    trainer = begun(link, normalize=True)
    parts = (trainer.train_data, trainer.test_data)
    train, test = (trainer.inputs(np.array([[p.x, p.y] for p in part.points]))[:2] for part in parts)
    alike = np.allclose(train.mean(1), 0) and np.allclose(train.std(1, ddof=1), 1)
    return alike and not np.allclose(test.mean(1), 0, atol=1e-3)


def memorizes(link: str) -> bool:
    at_50, at_400 = measured(link, 50, 400)
    risen = min(at_400.validation_loss / at_50.validation_loss, at_400.test_loss / at_50.test_loss)
    return at_400.train_loss < 0.5 * at_50.train_loss and risen > 1.2


def stays_together(link: str) -> bool:
    few, many = at(link, 400), at(link_of("splits", "60 %"), 400)
    parted = few.validation_loss - few.train_loss
    return all(0 < loss - many.train_loss < 0.3 * parted for loss in (many.validation_loss, many.test_loss))


def patience_stops(link: str) -> bool:
    trainer = begun(link, 400, patience=20)
    return trainer.stopped is not None and 20 < trainer.epoch < 100

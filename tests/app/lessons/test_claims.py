"""What the lessons say is so: a table of claims, each with the words that make it and a check that trains it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from app.lessons.form import Lesson
from tests.app.lessons.claims import (
    a_class_is_sure,
    a_point_costs,
    border_is_near_a_half,
    borders_are_straight,
    collapses_to_one_layer,
    doubling_deepens_the_colours,
    falls_most_at_first,
    gradient_is_probability_minus_truth,
    gradients_are_a_thousandfold,
    high_falls_then_jumps,
    jumps_at_the_constant_rate,
    larger_batches_lie_closer,
    leaks,
    line_by_hand_is_right,
    loss_after,
    loss_of_zeros,
    losses_grow,
    memorizes,
    most_starts_of_eight_solve,
    new_is_old_minus_rate_times_gradient,
    normal_points_to_the_positive_side,
    one_update_without_noise,
    only_the_last_layer_learns,
    overfits_later,
    patience_stops,
    perceptron_adds_wrong_points,
    quadrants_are_right,
    rests_without_mistakes,
    scaled_by_the_training_points,
    shapes_of,
    sides_by_x_alone,
    some_starts_solve,
    stays_together,
    steepest,
    twice_the_training_loss,
    units_are_saturated,
    weight_moves_the_border,
    worst_lies_in_the_other_cloud,
    xor_never_rests,
)
from tests.app.lessons.lessons import OURS
from tests.app.lessons.training import at, batch_spread, begun, first_epoch, link_of, losses_of

SQUARES = {"xSquared": True, "ySquared": True}
SINES = {"sinX": True, "sinY": True}

CLAIMS: dict[str, dict[str, Callable[[str], object]]] = {
    "first-steps": {
        "answers 0 everywhere has a loss of 0.5": lambda link: loss_of_zeros(link) == 0.5,
        "Training lowers the loss step by step": lambda link: all(
            b < a for a, b in pairwise(losses_of(link, *range(15)))
        ),
        "about ten passes": lambda link: 5 <= first_epoch(link, lambda now: now.test_loss < 0.01) <= 15,
        "watch the border move": weight_moves_the_border,
        "the first few steps lower the loss most": falls_most_at_first,
    },
    "perceptron": {
        "A point on the wrong side adds its coordinates": perceptron_adds_wrong_points,
        "one after a finite number of mistakes": rests_without_mistakes,
        "After a few epochs the accuracy is 100 %": rests_without_mistakes,
        "so it never stops moving": xor_never_rests,
    },
    "hyperplane": {
        "weights 1 and 1 and the bias −1.5": line_by_hand_is_right,
        "more than 1 away from the origin": line_by_hand_is_right,
        "only the colours get stronger": doubling_deepens_the_colours,
        "Set $w_2$ to zero: the line is vertical": sides_by_x_alone,
        "points to the positive side": normal_points_to_the_positive_side,
    },
    "activations": {
        "its slope is at most 0.25": lambda link: 0.249 < steepest("sigmoid") <= 0.25,
        "*Tanh* is steeper, up to 1": lambda link: 0.99 < steepest("tanh") <= 1,
        "*leaky ReLU* keeps a small slope": lambda _: leaks("leakyRelu"),
        "more than 300 epochs for a test loss under 0.05": lambda link: (
            300 < first_epoch(link, lambda now: now.test_loss < 0.05) < 1000
        ),
        "Choose *Tanh* or *ReLU*": lambda link: all(
            at(link, 80, activation=name).test_loss < 0.05 for name in ("tanh", "relu")
        ),
        "Step units: only the last layer learns": only_the_last_layer_learns,
    },
    "without-activation": {
        "answers like a single unit with three": collapses_to_one_layer,
        "has 37 parameters": lambda link: begun(link).network.size == 37,
        "the loss stays at 0.5": lambda link: all(0.49 < loss < 0.53 for loss in losses_of(link, 20, 200)),
        "Six linear layers, still one line": lambda _: (
            min(losses_of(link_of("without-activation", "Six"), 50, 200)) > 0.49
        ),
        "Choose *Tanh* as activation and play": lambda link: at(link, 100, activation="tanh").test_loss < 0.2,
    },
    "classes": {
        "15 parameters": lambda link: begun(link, classes=5).network.size == 15,
        "Set the [classes](classes) to 5 and play": lambda link: at(link, 60, classes=5).test_score >= 0.95,
        "Four quadrants are no harder": lambda _: at(link_of("classes", "quadrants"), 60).test_score > 0.98,
        "about half of the points stay wrong": lambda _: 0.4 < at(link_of("classes", "Rings"), 400).train_score < 0.6,
        "which is a straight line again": borders_are_straight,
    },
    "parameters": {
        "There are three ways: 5 and 3 units, 4 and 4, or 1 and 11": lambda _: (
            shapes_of(37) == [(1, 11), (4, 4), (5, 3)]
        ),
        "= 25 parameters": lambda link: begun(link).network.size == 25,
        "4 parameters come with it": lambda link: begun(link, xSquared=True).network.size == 29,
        "has 217 parameters": lambda _: begun(link_of("parameters", "lecture")).network.size == 217,
    },
    "beyond-lines": {
        "a third of the points stay wrong": lambda _: (
            0.6 < at(link_of("beyond-lines", "one unit"), 200).train_score < 0.7
        ),
        "or with the feature $x_1 x_2$, none does": lambda _: quadrants_are_right(),
        "after 2,000 epochs the test loss is still above 0.1": lambda _: (
            at(link_of("beyond-lines", "without squares"), 2000).test_loss > 0.1
        ),
        "and about 100 epochs": lambda _: at(link_of("beyond-lines", "Three islands"), 100).test_loss < 0.05,
        "Turn the features $x_1^2$ and $x_2^2$ on and play": lambda link: at(link, 100, **SQUARES).test_loss < 0.05,
        "a strip needs only two lines": lambda link: at(link, 400, networkShape=(2,), **SQUARES).test_score > 0.95,
    },
    "spiral": {
        "after 1,000 epochs the test loss is still above 0.35": lambda link: min(losses_of(link, 50, 200, 1000)) > 0.35,
        "more than twice the training loss": lambda _: twice_the_training_loss(),
        "49 parameters do better than 177": lambda link: (
            begun(link, **SINES).network.size == 49 and at(link, 200, **SINES).test_loss < 0.05
        ),
        "they have 177 parameters": lambda _: begun(link_of("spiral", "Three layers")).network.size == 177,
        "it needs about 200 epochs": lambda _: (
            150 < first_epoch(link_of("spiral", "lecture"), lambda now: now.test_loss < 0.05) < 250
        ),
    },
    "softmax": {
        "they add up to 1": lambda link: np.allclose(begun(link, 5).predict_proba([[0, 0], [5, -3]]).sum(1), 1),
        "its class gets nearly 100 %": a_class_is_sure,
        "at nearly 50 %": border_is_near_a_half,
        "All four classes are about equally probable there": lambda link: (
            begun(link, 10).predict_proba([[0, 0]]).max() < 0.4
        ),
        "Train to 95 %": lambda link: at(link, 5).test_score >= 0.95,
    },
    "cross-entropy": {
        "more than 100 epochs until 95 %": lambda link: at(link, 100).test_score < 0.95,
        "Choose *Cross-entropy* as [loss](loss) and play": lambda link: (
            at(link, 50, loss="crossEntropy").test_score >= 0.95
        ),
        "0.69 for one half": lambda _: abs(-np.log(0.5) - 0.69) < 0.005,
        "is simply the probability minus the truth": gradient_is_probability_minus_truth,
        "a quarter of the points are still wrong": lambda link: 0.65 < at(link, 50).test_score < 0.8,
        "with cross-entropy the loss of a point can be above 1": lambda link: (
            a_point_costs(link, "crossEntropy", 20) > 1 > a_point_costs(link, "squared", 20)
        ),
    },
    "worst-points": {
        "lies deep in the other cloud": worst_lies_in_the_other_cloud,
        "Play until the test loss is under 0.1": lambda link: at(link, 15).test_loss < 0.1,
        "no loss is above 0.2": lambda link: begun(link, 15, noise=0).point_losses()[0].max() < 0.2,
    },
    "gradient-descent": {
        "With 0.01 the steps are too short": lambda link: loss_after(3, link) > 0.003,
        "Set the learning rate to [0.1](learningRate)": lambda link: loss_after(3, link, learningRate=0.1) < 0.003,
        "the first step takes away nine tenths of the loss": lambda link: (
            loss_after(1, link, learningRate=0.1) < 0.11 * loss_after(0, link)
        ),
        "the loss grows with every step": losses_grow,
        "new weight = old weight − learning rate × gradient": new_is_old_minus_rate_times_gradient,
    },
    "learning-rate": {
        "as [0.003](learningRate), the loss falls very slowly": lambda link: (
            0.45 < at(link, 200).test_loss < at(link, 10).test_loss
        ),
        "as [0.1](learningRate), it falls fast and ends low": lambda link: (
            at(link, 50, learningRate=0.1).test_loss < 0.1 and at(link, 400, learningRate=0.1).test_loss < 0.02
        ),
        "but then jumps and ends higher": high_falls_then_jumps,
        "every update goes too far": lambda _: min(losses_of(link_of("learning-rate", "too far"), 50, 200, 400)) > 0.45,
        "under 0.05 in 50 epochs": lambda _: at(link_of("learning-rate", "0.3"), 50).test_loss < 0.05,
        "the test loss rises again while the training loss still falls": overfits_later,
    },
    "decay": {
        "the losses jump up and down": jumps_at_the_constant_rate,
        "halves the rate every 30 epochs": lambda link: begun(link, 30, schedule="step").rate == 0.5,
        "play to epoch 120": lambda link: (
            begun(link, 120, schedule="step").rate < 0.1 and at(link, 120, schedule="step").test_loss < 0.05
        ),
        "the rate is near 0 before the spiral is learned": lambda _: (
            at(link_of("decay", "near 0"), 200).test_loss > 0.1
        ),
    },
    "local-minima": {
        "the test loss stays near 0.26": lambda link: all(
            0.24 < loss < 0.28 for loss in losses_of(link, 50, 400, 2000)
        ),
        "Some starts end well, others get stuck": some_starts_solve,
        "With eight units almost every start succeeds": most_starts_of_eight_solve,
    },
    "mini-batches": {
        "The larger the batch, the closer the losses of the batches": larger_batches_lie_closer,
        "Set the batch size to [100](batchSize)": lambda link: (
            at(link, 40, batchSize=100).train_loss < 0.13 and batch_spread(begun(link, 20, batchSize=100)) < 0.5
        ),
        "one update an epoch, and no noise at all": lambda _: one_update_without_noise(),
    },
    "normalization": {
        "about a thousand times larger": gradients_are_a_thousandfold,
        "the units are saturated from the start": units_are_saturated,
        "computed from the $m$ *training* points alone": scaled_by_the_training_points,
        "the loss stays at 0.5": lambda link: all(0.49 < loss < 0.51 for loss in losses_of(link, 20, 100)),
        "does not help either": lambda _: all(
            0.49 < loss < 0.51 for loss in losses_of(link_of("normalization", "does not help"), 20, 100)
        ),
        "as easy as any two clouds": lambda link: at(link, 20, normalize=True).test_score > 0.95,
    },
    "splits": {
        "memorizes its training points": memorizes,
        "the training loss keeps falling, and the validation loss rises": memorizes,
        "the curves are still close together": stays_together,
        "Set the patience to [20](patience)": patience_stops,
    },
}
"""By lesson: words of it, and whether they are true, given the lesson's link."""


def told(lesson: Lesson) -> str:
    """All words of a lesson."""
    tries = [one.text for one in lesson.tries]
    words = [lesson.text, *tries, lesson.question, *lesson.hint, lesson.solution, lesson.done, lesson.learned]
    return "\n".join(filter(None, words))


@pytest.mark.parametrize(("name", "words"), [(name, words) for name, claimed in CLAIMS.items() for words in claimed])
def test_what_a_lesson_says_is_so(name: str, words: str) -> None:
    assert words in told(OURS[name])
    assert CLAIMS[name][words](OURS[name].link)


def test_every_lesson_has_claims_that_are_tested() -> None:
    assert [*CLAIMS] == [*OURS]

"""The random stream against the published generator that it follows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.random_stream import Stream, key_from

PUBLISHED = {
    "hello.": (0.9282578795792454, 0.3752569768646784, 0.7316977468919549),
    "0.5": (0.49767758747058916, 0.8074465011135612, 0.7863697779919979),
    "": (0.23144008215179881, 0.27404636548159655, 0.7901279251811976),
    "ä€𝄞": (0.03507964033464878, 0.6358242232626308, 0.3007182780543768),
    "😀": (0.5698095144192531, 0.45805574850196806, 0.17473261922316155),
    "x" * 300: (0.952495823023581, 0.9378530102966817, 0.8504259399717166),
    "abc" * 200: (0.30100471025714837, 0.10494781577997661, 0.08843900321747622),
}
"""First numbers of some seeds as the seedrandom library, version 3.0.5, gives them; the first seed is its manual's."""


@pytest.mark.parametrize(("seed", "numbers"), PUBLISHED.items(), ids=[seed[:6] or "empty" for seed in PUBLISHED])
def test_a_seed_gives_the_numbers_of_the_published_generator(seed: str, numbers: tuple[float, ...]) -> None:
    stream = Stream(seed)
    assert tuple(stream.random() for _ in numbers) == numbers


@given(st.text(st.characters(codec=None), max_size=600))
def test_any_text_is_a_seed_whose_numbers_lie_in_0_to_1(seed: str) -> None:
    stream = Stream(seed)
    assert all(0 <= stream.random() < 1 for _ in range(20))
    assert 1 <= len(key_from(seed)) <= 256


def test_half_a_surrogate_pair_is_a_seed_as_it_is_in_a_browser() -> None:
    assert key_from("\ud83d\ude00") == key_from("😀")
    assert key_from("\ud83d") == [0x3D]


def test_different_seeds_give_different_numbers() -> None:
    assert len({Stream(f"0.{seed}").random() for seed in range(100)}) == 100


def test_a_seed_that_repeats_another_gives_the_same_numbers() -> None:
    # The key is used over and over, so the published generator cannot tell these apart either.
    assert Stream("7").random() == Stream("77").random()


def test_uniform_stretches_the_same_numbers_over_an_interval() -> None:
    assert Stream("a").uniform(-5, 5) == Stream("a").random() * 10 - 5


@pytest.mark.parametrize(("mean", "variance"), [(0.0, 1.0), (-3.0, 0.25), (2.0, 9.0)])
def test_normal_draws_have_the_mean_the_variance_and_the_tails_that_they_say(mean: float, variance: float) -> None:
    stream, n = Stream("normal"), 4000
    draws = (np.array([stream.normal(mean, variance) for _ in range(n)]) - mean) / math.sqrt(variance)
    # Each within five standard errors: of a mean, a variance, a fourth moment, and a share.
    assert draws.mean() == pytest.approx(0, abs=5 / math.sqrt(n))
    assert draws.var() == pytest.approx(1, abs=5 * math.sqrt(2 / n))
    assert (draws**4).mean() == pytest.approx(3, abs=5 * math.sqrt(96 / n))
    assert (np.abs(draws) < 1).mean() == pytest.approx(0.6827, abs=5 * math.sqrt(0.6827 * 0.3173 / n))


def test_a_normal_draw_stretches_the_same_numbers_and_a_variance_of_zero_gives_the_mean() -> None:
    assert Stream("a").normal(5, 4) == 5 + 2 * Stream("a").normal(0, 1)
    assert Stream("a").normal(5, 0) == 5

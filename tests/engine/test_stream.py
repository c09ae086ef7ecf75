"""The random stream against the published generator that it follows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.stream import Stream, key_from

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


@given(st.integers(0, 700))
def test_a_stream_goes_on_identically_from_a_saved_state(numbers: int) -> None:
    stream = Stream("first")
    for _ in range(numbers):
        stream.random()
    other = Stream("second")
    other.setstate(stream.getstate())
    assert [other.random() for _ in range(50)] == [stream.random() for _ in range(50)]
    assert other.getstate() == stream.getstate()


GOOD = Stream("good").getstate()


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(GOOD[:-1], id="too short"),
        pytest.param(GOOD + b"\0", id="too long"),
        pytest.param(bytes(258), id="zeros"),
        pytest.param(GOOD[1:2] + GOOD[1:], id="one byte twice"),
    ],
)
def test_a_state_that_no_stream_has_is_refused_and_changes_nothing(state: bytes) -> None:
    stream = Stream("good")
    with pytest.raises(ValueError, match=f"stream state: expected .*, got {len(state)} bytes"):
        stream.setstate(state)
    assert stream.getstate() == GOOD

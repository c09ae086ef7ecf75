"""Links of TensorFlow Playground open the run that they open there."""

from __future__ import annotations

from typing import Any

import pytest

from engine.config import Config
from engine.link.keys import SETTINGS
from engine.link.link import MAY_BE_LEFT, format_link
from engine.link.values import MAY_BE_EMPTY
from tests.engine.link.links import quiet, read

Replay = dict[str, Any]


LECTURE = (
    "https://playground.tensorflow.org/#activation=tanh&batchSize=10&dataset=spiral&regDataset=reg-plane"
    "&learningRate=0.03&regularizationRate=0&noise=0&networkShape=8,8,8&seed=0.68609&showTestData=false"
    "&discretize=false&percTrainData=50&x=true&y=true&xTimesY=true&xSquared=true&ySquared=true&cosX=false&sinX=true"
    "&cosY=false&sinY=true&collectStats=false&problem=classification&initZero=false&hideText=false"
)


def test_the_link_of_the_lecture_is_understood_whole() -> None:
    assert quiet(LECTURE) == Config(
        dataset="spiral",
        networkShape=(8, 8, 8),
        seed="0.68609",
        xSquared=True,
        ySquared=True,
        xTimesY=True,
        sinX=True,
        sinY=True,
    )


def test_a_recorded_link_is_understood_whole_and_keeps_its_meaning(replay: Replay) -> None:
    config = quiet(replay["link"])
    assert quiet(format_link(config)) == config


@pytest.mark.parametrize(
    "link", ["", "#", "https://playground.tensorflow.org/", "https://example.org/#", "  # ", "&&&"]
)
def test_a_link_that_says_nothing_is_the_default(link: str) -> None:
    assert quiet(link) == Config()


@pytest.mark.parametrize(
    "before", ["", "#", "https://playground.tensorflow.org/#", "http://localhost:8000/?x=1#", " #"]
)
def test_a_link_may_come_with_whatever_stands_before_its_hash(before: str) -> None:
    assert quiet(before + "batchSize=7&noise=5") == Config(batchSize=7, noise=5)


def test_what_stands_in_the_query_of_a_url_is_no_part_of_its_link() -> None:
    assert quiet("https://example.org/?batchSize=7") == Config()


@pytest.mark.parametrize("name", ["cosX", "cosY"])
def test_a_cosine_feeds_the_network_only_where_the_link_is_marked_as_ours(name: str) -> None:
    with_cosine = Config.model_validate({name: True})
    assert format_link(with_cosine) == f"seed=0.5&{name}=true&v=1"
    assert quiet(format_link(with_cosine)) == with_cosine
    config, notes = read(f"{name}=true")
    assert config == Config()
    assert notes == [f"{name} is carried by the original's links but never feeds its network, so it is off here."]
    assert quiet(f"{name}=false") == Config()


def test_a_link_without_cosines_carries_no_mark() -> None:
    assert "v=" not in format_link(Config(sinX=True, sinY=True, xSquared=True)).split("&")


def test_activations_are_named_layer_by_layer_and_may_be_none() -> None:
    config = Config(activations=("relu", "tanh"))
    assert format_link(config) == "seed=0.5&activations=relu,tanh"
    assert quiet("activations=relu,tanh") == config
    assert quiet("activations=") == quiet("activations") == Config()


def test_an_empty_shape_means_no_hidden_layer_and_a_missing_one_the_default() -> None:
    assert quiet("networkShape=").networkShape == ()
    assert quiet("networkShape").networkShape == ()
    assert quiet("batchSize=10").networkShape == (4, 2)


@pytest.mark.parametrize("name", [name for name in SETTINGS if name not in (*MAY_BE_EMPTY, *MAY_BE_LEFT)])
def test_any_other_key_without_a_value_takes_its_default_with_a_note(name: str) -> None:
    said = (Config(), [f"{name}: expected a value, got none. The default was taken."])
    assert read(f"{name}=") == read(name) == said


@pytest.mark.parametrize("name", MAY_BE_LEFT)
def test_a_text_may_be_empty(name: str) -> None:
    assert quiet(f"{name}=") == Config()


def test_a_switch_is_true_or_false() -> None:
    assert quiet("discretize=true&x=true") == Config(discretize=True)
    assert quiet("discretize=false&x=false") == Config(x=False)


@pytest.mark.parametrize("text", ["1", "0", "True", "False", "FALSE", "no"])
def test_a_switch_of_the_original_is_on_by_any_word_but_false_with_a_note(text: str) -> None:
    said = f"hideText: expected true or false, got '{text}'. It is on, as the original takes all but false."
    assert read(f"hideText={text}") == (Config(hideText=True), [said])


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("hideText=fals", "hideText: expected true or false, got 'fals'. The default was taken."),
        ("normalize=1", "normalize: expected true or false, got '1'. The default was taken."),
        ("hideText=1&v=1", "hideText: expected true or false, got '1'. The default was taken."),
        ("noise_hide=1", "noise_hide: expected true or false, got '1'. It is shown."),
    ],
)
def test_any_other_text_leaves_a_switch_as_it_is_with_a_note(link: str, said: str) -> None:
    assert read(link) == (Config(), [said])


def test_of_a_key_that_is_repeated_the_last_counts() -> None:
    assert quiet("noise=5&batchSize=3&noise=7") == Config(batchSize=3, noise=7)
    assert read("seed=a&seed=")[0] == Config()
    assert quiet("noise=loud&noise=7") == Config(noise=7)


def test_what_follows_a_second_equals_sign_is_dropped_with_a_note() -> None:
    said = "batchSize: expected one value, got '5=6'. '5' was taken, as the original does."
    assert read("seed=b&batchSize=5=6") == (Config(seed="b", batchSize=5), [said])
    assert read("seed=b=c")[0] == Config(seed="b")

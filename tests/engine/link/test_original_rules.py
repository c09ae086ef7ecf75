"""Links of the original mean here what they mean there, and ours keep what is ours."""

from __future__ import annotations

import pytest
from hypothesis import given

from engine import Config, format_link, parse_link
from engine.link.original_rules import KEYS, NAMES, OUR_NAMES, is_ours, needs_mark
from engine.tables.features import FEATURES
from tests.engine.link.test_link import configs

WHOLE = (
    "activation=tanh&batchSize=10&dataset=xor&regDataset=reg-plane&learningRate=0.03&regularizationRate=0"
    "&networkShape=&seed=0.5&showTestData=false&discretize=false&percTrainData=50&x=true&y=true&collectStats=false"
    "&problem=classification&initZero=false&hideText=false"
)
NO_INPUT = "hidden: the original takes what a link hides out of its inputs, and so it is no input here."


def test_the_original_knows_no_key_or_name_of_ours() -> None:
    assert KEYS[-1] == "hideText"
    assert {"loss", "points", "numSamples", "normalize"}.isdisjoint(KEYS)
    assert OUR_NAMES["problem"] == {"multiclass", "images"}
    assert all(names.isdisjoint(NAMES[key]) for key, names in OUR_NAMES.items())


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_that_a_link_of_the_original_hides_is_no_input(name: str) -> None:
    config, notes, _ = parse_link(f"{WHOLE}&{name}=true&{name}_hide=true")
    assert (name in config.features, config.hide) == (False, (name,))
    assert notes == ([f"{name} is {NO_INPUT}"] if not FEATURES[name].extra else notes)
    assert parse_link(format_link(config)) == (config, [], "")


def test_hidden_features_are_told_in_one_sentence() -> None:
    config, notes, _ = parse_link(f"{WHOLE}&xTimesY=true&x_hide=true&y_hide=true&xTimesY_hide=true&sinX_hide=true")
    assert (config.features, notes) == ((), [f"x, y and xTimesY are {NO_INPUT}"])


def test_a_link_as_short_as_ours_hides_as_the_original_does() -> None:
    assert parse_link("xTimesY=true&xTimesY_hide=true").config.features == ("x", "y")
    assert parse_link("seed=0.5&xTimesY=true&xTimesY_hide=true").config.features == ("x", "y")


@pytest.mark.parametrize("ours", ["v=1", "normalize=true", "dataset=ring", "state=AA"])
def test_a_feature_that_a_link_of_ours_hides_stays_an_input(ours: str) -> None:
    config, notes, _ = parse_link(f"{WHOLE}&xTimesY=true&xTimesY_hide=true&{ours}")
    assert ("xTimesY" in config.features, config.hide, notes) == (True, ("xTimesY",), [])


def test_a_link_that_hides_a_feature_that_is_on_carries_the_mark() -> None:
    config = Config(hide=("xTimesY",), xTimesY=True)
    assert format_link(config) == "seed=0.5&xTimesY=true&xTimesY_hide=true&v=1"
    assert format_link(Config(hide=("xTimesY",))) == "seed=0.5&xTimesY_hide=true"


@pytest.mark.parametrize(
    ("noise", "taken"), [("0", 0), ("50", 50), ("80", 80), ("80.5", 50), ("90", 50), ("100", 50), ("2000", 50)]
)
def test_so_much_noise_is_taken_as_the_original_takes(noise: str, taken: float) -> None:
    config, notes, _ = parse_link(f"{WHOLE}&noise={noise}")
    assert config.noise == taken
    said = f"noise: expected at most 80, got {noise}. 50 was taken, as the original does with more."
    assert notes == ([said] if taken != float(noise) else [])


@pytest.mark.parametrize(
    "link",
    ["noise=90&seed=0.5", "dataset=spiral&noise=100&seed=7&showTestData=true", "seed=1&noise=81"],
)
def test_a_link_that_was_written_here_before_it_was_marked_keeps_its_noise(link: str) -> None:
    config, notes, _ = parse_link(f"http://127.0.0.1:8000/#{link}")
    assert f"noise={config.noise:g}" in link
    assert notes == []


def test_a_marked_link_has_the_wider_range() -> None:
    assert format_link(Config(noise=90)) == "noise=90&seed=0.5&v=1"
    assert parse_link(f"{WHOLE}&noise=90&v=1").config.noise == 90
    assert parse_link("noise=2000&v=1") == (
        Config(noise=100),
        ["noise: expected 0 to 100, got 2000. 100 was taken."],
        "",
    )


@given(configs)
def test_without_the_mark_a_link_is_written_only_where_the_original_reads_it_alike(config: Config) -> None:
    link = format_link(config)
    assert ("v=1" in link.split("&")) == needs_mark(config)
    pairs = dict(pair.split("=") for pair in link.split("&"))
    if not needs_mark(config) and not is_ours(pairs):
        assert parse_link(f"{link}&regularizationRate={config.regularizationRate}").config == config

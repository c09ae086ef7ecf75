"""Links: every configuration comes back from its link, and no text whatever makes reading one fail."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.config import Config
from engine.data.datasets import DATASETS
from engine.data.points import ALPHABET
from engine.link.keys import SETTINGS
from engine.link.link import MAY_BE_LEFT, format_link, parse_link
from engine.link.notes import MAX_NOTES
from engine.link.values import MAY_BE_EMPTY
from engine.names import ControlName
from engine.tables.activations import ACTIVATIONS
from engine.tables.hideable_controls import CONTROLS
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES, Loss
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS, Output
from engine.tables.penalties import MODES, PENALTIES
from engine.tables.schedules import SCHEDULES
from engine.tables.tasks import TASKS

Replay = dict[str, Any]

SEED_CHARACTERS = string.ascii_letters + string.digits + "._~!$'()*+,;:@/?%-"
datasets = {problem: [name for name, dataset in DATASETS.items() if dataset.problem == problem] for problem in TASKS}
positive = st.floats(0, allow_nan=False, allow_infinity=False)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "activation": st.sampled_from(list(ACTIVATIONS)),
    "regularization": st.sampled_from(list(PENALTIES)),
    "batchSize": st.integers(1, 5000),
    "dataset": st.sampled_from(datasets["classification"]),
    "regDataset": st.sampled_from(datasets["regression"]),
    "learningRate": positive,
    "regularizationRate": positive,
    "noise": st.floats(0, 100),
    "networkShape": st.lists(st.integers(1, 64), max_size=10).map(tuple),
    "seed": st.text(SEED_CHARACTERS, min_size=1, max_size=256),
    "percTrainData": st.floats(1, 99),
    "tutorial": st.text(SEED_CHARACTERS, max_size=256),
    "problem": st.sampled_from(list(TASKS)),
    "hide": st.lists(st.sampled_from(list(CONTROLS)), max_size=len(CONTROLS)).map(tuple),
    "numSamples": st.none() | st.integers(100, 5000),
    "classDataset": st.sampled_from(datasets["multiclass"]),
    "classes": st.integers(2, 6),
    "loss": st.none() | st.sampled_from(list(LOSSES)),
    "outputActivation": st.none() | st.sampled_from(list(OUTPUTS)),
    "activations": st.lists(st.sampled_from(list(ACTIVATIONS)), max_size=10).map(tuple),
    "optimizer": st.sampled_from(list(OPTIMIZERS)),
    "momentum": st.floats(0, 0.999),
    "schedule": st.sampled_from(list(SCHEDULES)),
    "decayRate": st.floats(0, 10),
    "decayEpochs": st.integers(1, 1_000_000),
    "initializer": st.sampled_from(list(INITIALIZERS)),
    "weightSeed": st.text(SEED_CHARACTERS, max_size=256),
    "percValidationData": st.floats(0, 98),
    "patience": st.integers(0, 1_000_000),
    "dropout": st.floats(0, 0.9),
    "clipNorm": positive,
    "minDelta": positive,
    "regularizationMode": st.sampled_from(list(MODES)),
    "points": st.lists(st.text(ALPHABET, min_size=9, max_size=9), max_size=5).map("".join),
    **{name: st.booleans() for name, field in Config.model_fields.items() if field.annotation is bool},
}


def fitting(values: dict[str, Any]) -> Config:
    """The configuration of some values, without those that do not go together with the others."""
    problem, train = values.get("problem", "classification"), values.get("percTrainData", 50.0)
    tables: dict[str, Mapping[str, Output | Loss]] = {"loss": LOSSES, "outputActivation": OUTPUTS}
    for field, table in tables.items():
        if values.get(field) and problem not in table[values[field]].problems:
            del values[field]
    if values.get("percValidationData", 0) > 99 - train:
        del values["percValidationData"]
    return Config.model_validate(values)


configs = st.fixed_dictionaries({}, optional=FIELDS).map(fitting)


def without_scheme(config: Config) -> bool:
    """Whether no text of a configuration looks like the beginning of a URL."""
    return "://" not in f"{config.seed} {config.tutorial} {config.weightSeed}"


def read(link: str) -> tuple[Config, list[str]]:
    """The configuration of a link, and what there is to say about it."""
    return parse_link(link)[:2]


def quiet(link: str) -> Config:
    """The configuration of a link that leaves nothing to be said."""
    config, notes = read(link)
    assert notes == []
    return config


# --- there and back -----------------------------------------------------------------------------------------------


def test_configurations_are_generated_with_every_field() -> None:
    assert set(FIELDS) == set(Config.model_fields)


@given(configs)
def test_every_configuration_comes_back_from_its_link(config: Config) -> None:
    link = format_link(config)
    assert quiet("#" + link) == config
    assert quiet("https://playground.example/run?a=1#" + link) == config
    if without_scheme(config):
        assert quiet(link) == config


@pytest.mark.parametrize("name", ["seed", "tutorial", "weightSeed"])
def test_a_text_that_looks_like_a_url_comes_back_from_a_bare_link(name: str) -> None:
    config = Config.model_validate({name: "see://there"})
    assert quiet(format_link(config)) == config


@given(configs)
def test_a_link_consists_of_what_a_browser_leaves_as_it_is(config: Config) -> None:
    assert set(format_link(config)) <= set(SEED_CHARACTERS + "&=_")


def test_a_link_leaves_out_what_is_at_its_default_but_for_the_seed() -> None:
    assert format_link(Config()) == "seed=0.5"
    assert format_link(Config(seed="7", x=False)) == "seed=7&x=false"


@given(configs)
def test_a_link_says_nothing_that_is_at_its_default(config: Config) -> None:
    said = dict(pair.split("=", 1) for pair in format_link(config).split("&"))
    default = Config()
    for name in Config.model_fields:
        if name not in ("seed", "hide"):
            assert (name in said) == (getattr(config, name) != getattr(default, name))


def test_values_are_written_as_the_original_writes_them() -> None:
    config = Config(
        activation="relu",
        batchSize=30,
        learningRate=0.003,
        regularizationRate=1,
        noise=25,
        percTrainData=90,
        networkShape=(8, 8, 8),
        showTestData=True,
        problem="regression",
        hide=("noise", "playButton"),
    )
    assert format_link(config) == (
        "activation=relu&batchSize=30&learningRate=0.003&regularizationRate=1&noise=25&networkShape=8,8,8&seed=0.5"
        "&showTestData=true&percTrainData=90&problem=regression&playButton_hide=true&noise_hide=true"
    )
    assert format_link(Config(networkShape=())) == "networkShape=&seed=0.5"


def test_a_very_large_number_is_written_in_short() -> None:
    assert format_link(Config(learningRate=1e300)) == "learningRate=1e+300&seed=0.5"


EVERYTHING: dict[str, Any] = {
    **{name: not field.default for name, field in Config.model_fields.items() if field.annotation is bool},
    "activation": max(ACTIVATIONS, key=len),
    "regularization": "L2",
    "batchSize": 1234,
    "dataset": "own",
    "regDataset": "reg-own",
    "learningRate": 0.0003,
    "regularizationRate": 0.0003,
    "noise": 12.5,
    "networkShape": (64,) * 10,
    "seed": "0.68609",
    "percTrainData": 12.5,
    "tutorial": "points-of-your-own",
    "problem": "multiclass",
    "hide": tuple(CONTROLS),
    "numSamples": 1234,
    "classDataset": "class-own",
    "classes": 6,
    "loss": "perceptron",
    "outputActivation": "softmax",
    "activations": (max(ACTIVATIONS, key=len),) * 10,
    "optimizer": "momentum",
    "momentum": 0.123456789,
    "schedule": "exponential",
    "decayRate": 0.123456789,
    "decayEpochs": 123_456,
    "initializer": "xavier",
    "weightSeed": "0.68609",
    "percValidationData": 12.5,
    "patience": 123_456,
    "dropout": 0.123456789,
    "clipNorm": 0.123456789,
    "minDelta": 0.123456789,
    "regularizationMode": "loss",
}


@pytest.mark.parametrize(("points", "longest"), [(300, 4_600), (3_000, 32_768)])
def test_a_link_with_points_and_everything_else_changed_stays_short(points: int, longest: int) -> None:
    config = Config.model_validate(EVERYTHING | {"points": "AAA___djw" * points})
    assert all(getattr(config, name) != field.default for name, field in Config.model_fields.items())
    link = format_link(config)
    assert len(link) < longest
    assert quiet(link) == config


# --- links of the original ----------------------------------------------------------------------------------------

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


# --- hidden controls ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("control", CONTROLS)
def test_every_control_can_be_hidden(control: ControlName) -> None:
    config = Config(hide=(control,))
    assert format_link(config) == f"seed=0.5&{control}_hide=true{'&v=1' if control in ('x', 'y') else ''}"
    assert quiet(format_link(config)) == config


@pytest.mark.parametrize("text", ["false", "", "True", "1"])
def test_a_control_is_hidden_only_where_it_says_true(text: str) -> None:
    assert read(f"noise_hide={text}")[0] == Config()


@pytest.mark.parametrize("key", ["everything_hide", "_hide"])
def test_hiding_what_is_no_control_is_noted(key: str) -> None:
    assert read(f"{key}=true") == (
        Config(),
        [f"'{key}' names no control of this playground and was ignored."],
    )


# --- what is moved or ignored, and in which words -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "taken", "note"),
    [
        ("batchSize=0", {"batchSize": 1}, "batchSize: expected 1 to 5000, got 0. 1 was taken."),
        ("batchSize=9999", {"batchSize": 5000}, "batchSize: expected 1 to 5000, got 9999. 5000 was taken."),
        ("noise=101.5&v=1", {"noise": 100}, "noise: expected 0 to 100, got 101.5. 100 was taken."),
        ("noise=-5", {"noise": 0}, "noise: expected 0 to 100, got -5. 0 was taken."),
        ("learningRate=-1", {"learningRate": 0}, "learningRate: expected at least 0, got -1. 0 was taken."),
        ("percTrainData=100", {"percTrainData": 99}, "percTrainData: expected 1 to 99, got 100. 99 was taken."),
        ("numSamples=1", {"numSamples": 100}, "numSamples: expected 100 to 5000, got 1. 100 was taken."),
        ("decayEpochs=0", {"decayEpochs": 1}, "decayEpochs: expected 1 to 1000000, got 0. 1 was taken."),
        ("dropout=1", {"dropout": 0.9}, "dropout: expected 0 to 0.9, got 1. 0.9 was taken."),
        ("momentum=1", {"momentum": 0.999}, "momentum: expected 0 to 0.999, got 1. 0.999 was taken."),
        ("classes=7", {"classes": 6}, "classes: expected 2 to 6, got 7. 6 was taken."),
        ("patience=-1", {"patience": 0}, "patience: expected 0 to 1000000, got -1. 0 was taken."),
        ("clipNorm=-1", {"clipNorm": 0}, "clipNorm: expected at least 0, got -1. 0 was taken."),
        (
            "networkShape=100",
            {"networkShape": (64,)},
            "networkShape: expected at most 10 layers of 1 to 64 units, got [100]. 64 was taken.",
        ),
        (
            "networkShape=0,65",
            {"networkShape": (1, 64)},
            "networkShape: expected at most 10 layers of 1 to 64 units, got [0, 65]. 1,64 was taken.",
        ),
    ],
)
def test_a_number_beyond_its_limits_is_moved_to_the_nearest_with_a_note(
    link: str, taken: dict[str, Any], note: str
) -> None:
    assert read(link) == (Config.model_validate(taken), [note])


def test_layers_beyond_the_tenth_are_left_out_with_a_note() -> None:
    config, (note,) = read("networkShape=" + ",".join(["3"] * 100_000))
    assert config == Config(networkShape=(3,) * 10)
    assert note.startswith("networkShape: expected at most 10 layers of 1 to 64 units, got ")
    assert note.endswith(" 3,3,3,3,3,3,3,3,3,3 was taken.")
    assert len(note) < 200


@pytest.mark.parametrize(
    ("link", "note"),
    [
        ("batchSize=ten", "batchSize: expected a finite number, got 'ten'. The default was taken."),
        ("batchSize=2.5", "batchSize: expected a whole number, got '2.5'. The default was taken."),
        ("networkShape=4,two", "networkShape: expected a finite number, got '4,two'. The default was taken."),
        ("networkShape=4,,2", "networkShape: expected a finite number, got '4,,2'. The default was taken."),
        ("networkShape=4,2.5", "networkShape: expected a whole number, got '4,2.5'. The default was taken."),
        (
            f"seed={257 * 'a'}",
            f"seed: expected at most 256 characters, got '{58 * 'a'}…. The default was taken.",
        ),
        (
            "problem=clustering",
            "problem: expected 'classification', 'multiclass' or 'regression', got 'clustering'. "
            "The default was taken.",
        ),
        ("patience=2.5", "patience: expected a whole number, got '2.5'. The default was taken."),
        (
            "schedule=linear",
            "schedule: expected 'constant', 'step', 'exponential', 'inverse' or 'cosine', got 'linear'. "
            "The default was taken.",
        ),
        (
            "optimizer=lion",
            "optimizer: expected 'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam' or 'adamw', got 'lion'. "
            "The default was taken.",
        ),
        (
            "loss=huber",
            "loss: expected one of squared, crossEntropy, hinge, perceptron for the problem classification, "
            "got 'huber'. "
            "The default was taken.",
        ),
        (
            "outputActivation=softmax",
            "outputActivation: expected one of tanh, linear, step for the problem classification, got 'softmax'. "
            "The default was taken.",
        ),
        (
            "loss=None",
            "loss: expected 'squared', 'crossEntropy', 'hinge', 'perceptron' or 'huber', got 'None'. "
            "The default was taken.",
        ),
        (
            "percValidationData=60",
            "percValidationData: expected at most 49 beside 50 % that train, got 60. The default was taken.",
        ),
        (
            "regDataset=circle",
            "regDataset: expected 'reg-plane', 'reg-gauss' or 'reg-own', got 'circle'. The default was taken.",
        ),
        ("points=gAAgAAgA", "points: expected 9 characters for each point, got 'gAAgAAgA'. The default was taken."),
        (
            "points=gAAgAA+gA",
            "points: expected letters, digits, - and _ alone, got 'gAAgAA+gA'. The default was taken.",
        ),
        (
            f"points={3001 * 'gAAgAAgAA'}",
            f"points: expected at most 3000 points, got '{6 * 'gAAgAAgAA'}gAAg…. The default was taken.",
        ),
        ("colour=red", "'colour' is not a setting of this playground and was ignored."),
        ("hide=noise", "'hide' is not a setting of this playground and was ignored."),
        ("<b>", "link: expected a link alone, or one that begins with #, got 'b'. What could be read of it was taken."),
    ],
)
def test_what_cannot_be_read_is_noted_and_the_rest_taken(link: str, note: str) -> None:
    assert read(f"{link}&discretize=true") == (Config(discretize=True), [note])


def test_an_unknown_name_of_a_table_takes_the_default_with_a_note() -> None:
    config, (note,) = read("activation=cubic&noise=5")
    assert config == Config(noise=5)
    assert note.startswith("activation: expected 'relu', 'tanh', ")
    assert note.endswith(", got 'cubic'. The default was taken.")


def test_what_fits_a_problem_that_is_none_is_judged_by_the_one_that_is_taken() -> None:
    config, notes = read("problem=clustering&loss=huber&outputActivation=softmax&noise=5")
    assert config == Config(noise=5)
    assert [note.partition(":")[0] for note in notes] == ["problem", "loss", "outputActivation"]
    assert quiet("problem=regression&loss=huber") == Config(problem="regression", loss="huber")


@pytest.mark.parametrize("names", ["relu,,tanh", "relu,cubic", ",", ",".join(["relu"] * 11), "relu," * 100_000])
def test_a_list_of_activations_that_are_none_or_too_many_takes_the_default_with_a_note(names: str) -> None:
    config, notes = read(f"activations={names}&noise=5")
    assert config == Config(noise=5)
    assert notes
    assert all(note.startswith("activations") and len(note) < 250 for note in notes)


def test_everything_that_is_wrong_is_noted() -> None:
    config, notes = read("activation=a&regularization=b&batchSize=d&noise=999&seed=" + 300 * "a" + "&e=f&g_hide=true")
    assert config == Config(noise=50)
    assert len(notes) == 7


def test_of_very_much_that_is_wrong_it_is_said_how_much_more_there_is() -> None:
    unknown = "&".join(f"key{number}=1" for number in range(100))
    (note,) = read(f"noise=5&{unknown}")[1]
    assert note == (
        "'key0', 'key1', 'key2', 'key3', 'key4' and 95 more are not settings of this playground and were ignored."
    )
    *_, note = notes = read("&".join(f"{name}=?" for name in SETTINGS))[1]
    assert len(notes) == MAX_NOTES
    assert note.endswith(" more parts of the link were not taken as they stand.")


@pytest.mark.parametrize("length", [257, 100_000])
def test_a_seed_that_is_too_long_is_noted_in_a_short_sentence(length: int) -> None:
    config, (note,) = read("seed=" + "x" * length)
    assert config == Config()
    assert note.startswith("seed: expected at most 256 characters, got 'xxx")
    assert len(note) < 200


# --- characters and numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seed"),
    [
        ("é", "%C3%A9"),
        ("a b", "a%20b"),
        ('"<>`', "%22%3C%3E%60"),
        ("%C3%A9", "%C3%A9"),  # as it is: the original does not decode
        ("100%", "100%"),
        ("a+b", "a+b"),
        ("😀", "%F0%9F%98%80"),
        ("\0", "%00"),
    ],
)
def test_a_seed_is_read_as_the_browser_writes_it_into_its_address(text: str, seed: str) -> None:
    assert quiet(f"#seed={text}&noise=5") == Config(seed=seed, noise=5)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("5.0", 5),
        ("+5", 5),
        ("5.", 5),
        (".5", 0.5),
        ("1e1", 10),
        ("1E+1", 10),
        ("50e-1", 5),
        ("-0", 0),
        ("007", 7),
    ],
)
def test_a_number_is_written_in_any_usual_way(text: str, number: float) -> None:
    assert quiet(f"noise={text}") == Config(noise=number)


NO_NUMBERS = [
    "1_000",
    "١٢",
    "１２",
    "nan",
    "inf",
    "-Infinity",
    "1e400",
    "-1e400",
    "0x10",
    "5 5",
    "5,5",
    "1e",
    ".",
    "e5",
    "--5",
    "1" * 32_000 + "x",
]


@pytest.mark.parametrize("name", ["noise", "batchSize", "networkShape"])
@pytest.mark.parametrize("text", [text for text in NO_NUMBERS if text != "5,5"])
def test_what_is_no_finite_decimal_number_is_noted(name: str, text: str) -> None:
    config, (note,) = read(f"{name}={text}&discretize=true")
    assert config == Config(discretize=True)
    assert note.startswith(f"{name}: expected a finite number, got ")


@pytest.mark.parametrize("text", ["1e308", "9" * 300, "1e-400", "0." + "0" * 5000 + "1"])
@pytest.mark.parametrize("name", ["learningRate", "batchSize", "networkShape", "numSamples"])
def test_a_number_of_any_size_is_taken_moved_or_noted(name: str, text: str) -> None:
    config, notes = read(f"{name}={text}")
    assert quiet(format_link(config)) == config
    assert all(len(note) < 200 for note in notes)


def test_a_whole_number_in_another_form_is_a_whole_number() -> None:
    assert quiet("batchSize=1e1&networkShape=3.0,2e0") == Config(batchSize=10, networkShape=(3, 2))


# --- anything at all ----------------------------------------------------------------------------------------------


def assert_understood(link: str) -> None:
    config, notes = read(link)
    assert Config.model_validate(config.model_dump()) == config
    assert quiet("#" + format_link(config)) == config
    assert all(note.endswith(".") for note in notes)


@settings(max_examples=300)
@given(st.text(st.characters(codec=None)))
@example("\ud800=\udfff&#=#&%=%zz")
def test_no_text_makes_reading_a_link_fail(link: str) -> None:
    assert_understood(link)


keys = st.sampled_from(
    [*Config.model_fields, *(f"{name}_hide" for name in CONTROLS), "v", "", "hide", "_hide", "seed "]
)
names = st.sampled_from(["relu", "L1", "spiral", "reg-gauss", "multiclass", "regression", "huber", "softmax"])
usual = names | st.sampled_from(
    ["true", "false", "0", "1", "60", "-1", "1e9", "4,2", "4,,2", ",", "relu,tanh"],
)
values = st.one_of(
    usual, st.text(max_size=12), st.integers().map(str), st.floats().map(str), st.text("0123456789,.e+-_ ")
)
pairs = st.tuples(keys | st.text(max_size=8), st.sampled_from(["=", "", "=="]), values).map("".join)


@settings(max_examples=500)
@given(st.lists(pairs, max_size=12).map("&".join), st.sampled_from(["", "#", "https://example.org/#"]))
def test_no_soup_of_keys_and_values_makes_reading_a_link_fail(soup: str, before: str) -> None:
    assert_understood(before + soup)

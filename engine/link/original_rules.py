"""TensorFlow Playground's own rules for reading links, where they differ from ours.

What only this playground knows, or its mark, tells a link of ours from one of the original.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.config import Config
from engine.errors import Problem, shown
from engine.link.keys import MARK, SETTINGS, STATE
from engine.link.notes import Note
from engine.link.values import NAMES as ALL_NAMES
from engine.tables.features import FEATURES

KEYS = SETTINGS[: SETTINGS.index("hideText") + 1]
"""The keys that the original knows."""
NAMES = {
    "activation": ("relu", "tanh", "sigmoid", "linear"),
    "regularization": ("none", "L1", "L2"),
    "dataset": ("circle", "xor", "gauss", "spiral"),
    "regDataset": ("reg-plane", "reg-gauss"),
    "problem": ("classification", "regression"),
}
"""The names that the original knows."""
OUR_NAMES = {key: set(ALL_NAMES[key]) - set(names) for key, names in NAMES.items()}
MAX_NOISE, NOISE_BEYOND = 80, 50
"""The original takes so much noise at most, and so much in place of more."""
SWITCH_WORDS = ("true", "false", "1", "0", "yes", "no", "on", "off")
"""Words, in any case, that may stand for a switch; the original takes all but `false` as on."""
ON = "It is on, as the original takes all but false."
CARRIED = "{} is carried by the original's links but never feeds its network, so it is off here."
NO_INPUT = "the original takes what a link hides out of its inputs, and so it is no input here."
NOISE = f"{NOISE_BEYOND} was taken, as the original does with more."
SWITCHES = tuple(name for name in KEYS if isinstance(Config.model_fields[name].default, bool))


def is_ours(pairs: Mapping[str, str]) -> bool:
    """Whether a link has the mark, or a key or a name that only this playground knows."""
    foreign = (name for name in (*SETTINGS[len(KEYS) :], MARK, STATE) if name in pairs)
    named = (key for key, names in OUR_NAMES.items() if pairs.get(key) in names)
    return any(foreign) or any(named)


def is_on(key: str, text: str) -> bool:
    """Whether a switch of the original is on by a word that is neither `true` nor `false`."""
    return key in SWITCHES and text not in ("true", "false") and text.lower() in SWITCH_WORDS


def turn_off_cosines(values: dict[str, Any]) -> list[Note]:
    """Turn off the features that the original's links carry and that feed nothing there."""
    names = [name for name, feature in FEATURES.items() if feature.extra and values.get(name)]
    values.update(dict.fromkeys(names, False))
    return [Note("original", CARRIED.format(name)) for name in names]


def apply_original_rules(values: dict[str, Any]) -> list[Note]:
    """Make some values what the original makes of them, and say so."""
    return [*_turn_off_hidden(values), *_limit_noise(values)]


def _turn_off_hidden(values: dict[str, Any]) -> list[Note]:
    hidden = [name for name in FEATURES if name in values.get("hide", ())]
    names = [name for name in hidden if values.get(name, Config.model_fields[name].default)]
    values.update(dict.fromkeys(names, False))
    return [Note("original", f"{_listed(names)} hidden: {NO_INPUT}")] if names else []


def _listed(names: list[str]) -> str:
    return f"{names[0]} is" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} are"


def _limit_noise(values: dict[str, Any]) -> list[Note]:
    noise = values.get("noise", 0)
    if noise <= MAX_NOISE:
        return []
    values["noise"] = float(NOISE_BEYOND)
    return [Note("original", Problem("noise", f"at most {MAX_NOISE}", shown(noise)), NOISE)]


def hidden_inputs(config: Config) -> tuple[str, ...]:
    """The features that are on and hidden, which the original takes out of its inputs."""
    return tuple(name for name in FEATURES if getattr(config, name) and name in config.hide)


def needs_mark(config: Config) -> bool:
    """Whether the original's rules would make another run of a link of this configuration."""
    cosines = any(feature.extra and getattr(config, name) for name, feature in FEATURES.items())
    return cosines or bool(hidden_inputs(config)) or config.noise > MAX_NOISE

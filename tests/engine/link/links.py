"""What the tests of links share: configurations for a link, and reading one with its notes."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.config import Config
from engine.link.link import parse_link


def read(link: str) -> tuple[Config, list[str]]:
    """The configuration of a link, and what there is to say about it."""
    return parse_link(link)[:2]


def quiet(link: str) -> Config:
    """The configuration of a link that leaves nothing to be said."""
    config, notes = read(link)
    assert notes == []
    return config


names = st.sampled_from(["relu", "L1", "spiral", "reg-gauss", "multiclass", "regression", "huber", "softmax"])

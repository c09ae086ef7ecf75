"""What counts as a link: the page and the engine agree on the texts of tests/golden/pasted.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.link.keys import SETTINGS, holds_link

PASTED: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "golden" / "pasted.json").read_text())


@pytest.mark.parametrize("case", PASTED, ids=lambda case: repr(case["text"])[:60])
def test_a_text_holds_a_link_only_where_it_has_known_keys(case: dict[str, Any]) -> None:
    assert holds_link(case["text"]) == (case["link"] is not None)


@pytest.mark.parametrize("key", SETTINGS)
def test_every_key_with_a_value_makes_a_link(key: str) -> None:
    assert holds_link(f"#{key}=true")
    assert not holds_link(key)

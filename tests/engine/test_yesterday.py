"""A link opens the same run for ever."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine import format_link, parse_link
from tests.golden.links import FILE, record

RECORDS: list[dict[str, Any]] = json.loads(FILE.read_text())


@pytest.mark.parametrize("recorded", RECORDS, ids=lambda recorded: recorded["link"][:60])
def test_yesterdays_link_opens_the_same_run_today(recorded: dict[str, Any]) -> None:
    today = record(recorded["link"])
    assert parse_link(recorded["link"]).notes == []
    assert today["points"] == recorded["points"]
    assert today["first_weights"] == pytest.approx(recorded["first_weights"], rel=1e-12, abs=1e-15)
    # Another processor's matrix product may differ in the last bit, which five epochs make a little more of.
    assert today["losses"] == pytest.approx(recorded["losses"], rel=1e-9)


@pytest.mark.parametrize("recorded", RECORDS, ids=lambda recorded: recorded["link"][:60])
def test_the_link_that_is_made_of_it_today_is_read_as_the_same(recorded: dict[str, Any]) -> None:
    parsed = parse_link(recorded["link"])
    assert parse_link(format_link(parsed.config)).config == parsed.config

"""The charts that the server draws have the ticks, numbers and labels of the page's, which reads the same file."""

from __future__ import annotations

import json

from tests.golden.charts import FILE, described


def test_ticks_numbers_and_labels_are_the_golden_ones() -> None:
    golden = json.loads(FILE.read_text(encoding="utf-8"))
    assert json.loads(json.dumps(described())) == golden

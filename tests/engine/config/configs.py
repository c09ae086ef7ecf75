"""What the tests of configurations share."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from engine.config import Config
from engine.errors import InvalidConfigError, Problem, problems


def refusals(**values: Any) -> list[Problem]:
    with pytest.raises(ValidationError) as caught:
        Config.model_validate(values)
    found = problems(caught.value, "Config", Config.model_fields)
    with pytest.raises(InvalidConfigError) as refused:
        Config(**values)
    assert list(refused.value.problems) == found
    return found

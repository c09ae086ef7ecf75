"""Checks of a server's environment variables."""

from __future__ import annotations

import difflib
import os
from typing import TYPE_CHECKING

from app.doctor.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from app.settings import Settings
    from engine.errors import Problem

PREFIX = "PLAYGROUND_"
OTHERS = ("PLAYGROUND_SERVER", "PLAYGROUND_TESTS")
"""Variables that are no settings of a server."""


def settings(**given: object) -> tuple[Settings | None, list[Finding]]:
    """The settings of the environment, with those given, None where they are none; and what is to be said of them."""
    from app.settings import Settings

    known = {PREFIX + name.upper() for name in Settings.model_fields}
    variables = {name.upper() for name in os.environ if name.upper().startswith(PREFIX)} - {*OTHERS}
    strange = [warning("settings", _unknown_variables(name, known)) for name in sorted(variables - known)]
    try:
        read = Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValueError as error:
        wrong = [one._replace(field=PREFIX + one.field.upper()) for one in refused(error)]
        return None, [*(problem("settings", str(one)) for one in wrong), *strange]
    count = len(variables & known)
    return read, [*strange, ok("settings", f"{count} of {len(known)} are set, and all are good.")]


def refused(error: ValueError) -> list[Problem]:
    """What the settings refused, each by its field."""
    from pydantic import ValidationError

    from engine.errors import Problem, problems, shown

    if isinstance(error, ValidationError):
        return problems(error)
    name = str(error).split('"')[1]  # the field that is no JSON, which is all that can be wrong besides
    return [Problem(name, "JSON", shown(os.environ[PREFIX + name.upper()]))]


def _unknown_variables(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"{name} is no setting and has no effect{f': is {near[0]} meant?' if near else '.'}"

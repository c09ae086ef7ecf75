"""What a command is given, as the engine's values: links, files of points and of weights, stop rules."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.commands.arguments.ineffective_options import require
from app.commands.arguments.options import TRAINED
from app.commands.arguments.values import with_values
from app.commands.terminal.exit_codes import as_option, refuse

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.schemas.run_request import StopRule
    from app.tabular.reading import Reading
    from engine import Config, ParsedLink, Trainer

LINK = re.compile(r"=|://|^\s*#?\s*$")
"""What every link has in it that says something, or the empty one."""


class Given(NamedTuple):
    """What a command is given to train."""

    config: Config
    notes: list[str]
    state: str


def read_config(
    source: str,
    points: Path | None = None,
    columns: str | None = None,
    given: list[str] | None = None,
    *,
    lenient: bool = False,
) -> Given:
    """The configuration in a link, in JSON, in a file of either, or on standard input where the source is `-`; with
    the values of some keys that are given beside it, and where there is a file of points with these as its data. Ends
    the program with a sentence where a link does not mean what it says, unless it is lenient."""
    parsed = _read(source, lenient=lenient)
    named = parsed.config.model_fields_set | {text.partition("=")[0].strip() for text in given or []}
    if given:
        parsed = parsed._replace(config=with_values(parsed.config, given, "set"))
    if points:
        return Given(*_with_points(parsed, points, columns or "", named))
    require("columns", columns, points, "a file of points that has them (--points)")
    return Given(*parsed)


def _read(source: str, *, lenient: bool) -> ParsedLink:
    """What a link or a configuration in JSON says."""
    from pydantic import ValidationError

    from engine import Config, LinkError, ParsedLink, parse_link
    from engine.errors import problems

    text = _text_of(source).strip()
    if text.startswith("{"):
        try:
            return ParsedLink(Config.model_validate_json(text), [])
        except ValidationError as error:
            refuse(*problems(error))
    try:
        return parse_link(text, strict=not lenient)
    except LinkError as error:
        refuse(*error.problems)


def _text_of(source: str) -> str:
    from engine.errors import Problem, shown

    if source.lstrip().startswith("{") or LINK.search(source):
        return source
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, ValueError):  # no such file, or no text
        text = "?"
    if not text.lstrip().startswith("{") and not LINK.search(text):
        refuse(Problem("link", "a playground link, a configuration as JSON, or a file of either", shown(source)))
    return text


def _with_points(parsed: ParsedLink, file: Path, columns: str, named: Collection[str]) -> ParsedLink:
    """The configuration with the points of a file as its data, and what is to be said about them. The problem and the
    number of classes are those of the file, but where they are `named` in the link or beside it."""
    from engine import Config
    from engine.data.points import encode

    config = parsed.config
    reading = read_points(file, columns, config.problem if "problem" in named else "", config.seed)
    own: dict[str, Any] = _own(reading.problem) | {"problem": reading.problem, "points": encode(reading.points)}
    if reading.problem == "multiclass":
        own["classes"] = max(config.classes if "classes" in named else 0, len(reading.classes))
    notes = [*parsed.notes, *reading_notes(reading)]
    if config.noise:
        own["noise"] = 0
        notes.append("noise was set to 0: the points of a file are as they were measured.")
    return parsed._replace(config=Config.model_validate(config.model_dump() | own), notes=notes)


def read_points(file: Path, columns: str, problem: str, seed: str) -> Reading:
    """The points of a file; ends the program with a sentence where it holds none."""
    from app.tabular.reading import read
    from app.tabular.table import TableError
    from engine.errors import InputError, Problem, shown

    try:
        return read(file.read_bytes(), columns=columns, problem=problem, seed=seed)
    except TableError as error:
        refuse(error)
    except InputError as error:
        refuse(*error.problems)
    except OSError:
        refuse(Problem("points", "a file with a table", shown(str(file))))


def reading_notes(reading: Reading) -> list[str]:
    """What was made of a file, in sentences; of what is as it stands there nothing is said."""
    names = {role: reading.columns[place].name for role, place in reading.roles.items()}
    notes = [*reading.notes]
    if list(reading.roles.values()) != list(range(len(reading.columns))):
        notes.insert(0, f"Columns: {', '.join(f'{role}={name}' for role, name in names.items())}.")
    values = range(-1, 2, 2) if reading.problem == "classification" else range(len(reading.classes))
    if list(reading.classes) != [*map(str, values)] and reading.classes:
        classes = zip(reading.classes, values, strict=True)
        notes.append(f"Classes: {', '.join(f'{name} is {value}' for name, value in classes)}.")
    for name, (factor, offset) in reading.scale.items():
        sign = "-" if offset < 0 else "+"
        notes.append(f"{name} was rescaled: ours = {factor:.6g} * theirs {sign} {abs(offset):.6g}.")
    return notes


def _own(problem: str) -> dict[str, Any]:
    """What a configuration has to say for its data to be one's own."""
    from engine.data.datasets import DATASETS
    from engine.tables.tasks import TASKS

    names = (name for name, dataset in DATASETS.items() if dataset.own and dataset.problem == problem)
    return {TASKS[problem].dataset: next(names)}


def beginning(config: Config, state: str, weights: Path | None = None) -> Trainer:
    """Where a run begins: at its first weights, at a link's state, or with the weights of a file."""
    from app.exports import read_model, trainer_from
    from engine import Trainer, trainer_at
    from engine.errors import Problem, shown

    if weights is None and not state:
        return Trainer(config)
    if weights and state:
        refuse(Problem("from", "a link without trained weights of its own", "two of them"))
    try:
        trainer = trainer_from(read_model(weights.read_bytes()), config) if weights else trainer_at(config, state)
    except OSError:
        refuse(Problem("from", "a file of weights, as JSON or .npz", shown(str(weights))))
    except ValueError as error:
        refuse(f"{error}.".replace("..", "."))
    trainer.resume()  # where it was stopped early, to go on is to be patient anew
    return trainer


def last_epoch(epochs: int | None, first: int) -> int:
    """The epoch to train to, from a first one on."""
    from app.schemas.run_request import MAX_EPOCHS
    from engine.errors import Problem

    last = first + TRAINED if epochs is None else epochs
    if not first <= last <= MAX_EPOCHS:
        refuse(Problem("epochs", f"{first:,} to {MAX_EPOCHS:,}", f"{last:,}"))
    return last


def epochs_of(text: str, first: int, last: int) -> list[int]:
    """The epochs in `0,1,10`, ascending; ends the program with a sentence where one is none."""
    from engine.errors import Problem, shown

    try:
        epochs = sorted({int(part) for part in text.split(",")})
    except ValueError:
        refuse(Problem("at", "whole numbers with commas between, as 0,1,10", shown(text)))
    if epochs[0] < first or epochs[-1] > last:
        refuse(Problem("at", f"epochs from {first} to {last}", shown(text)))
    return epochs


def stop_rule(config: Config | None = None, **asked: float | None) -> StopRule:
    """When to end before the last epoch; ends the program with a sentence where a run of this configuration cannot."""
    from pydantic import ValidationError

    from app.schemas.run_request import StopRule
    from engine.errors import InputError, problems

    try:
        rule = StopRule(**asked)
        if config:
            rule.check(config)
    except InputError as error:
        refuse(*map(as_option, error.problems))
    except ValidationError as error:
        refuse(*(as_option(found._replace(field=f"stop.{found.field}")) for found in problems(error)))
    return rule

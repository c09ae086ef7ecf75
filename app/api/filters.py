"""Filters, order and pagination of lists of runs."""

from __future__ import annotations

import base64
import json
from typing import Annotated, Any, NamedTuple

from fastapi import Query

from app.api.dependencies import Omitted, TheRunner, whole_id
from app.http.patterns import Pattern
from app.http.problem_json import RefusedError
from app.schemas.run_request import MAX_NAME, Tag
from app.schemas.run_view import AFTER, BEFORE, SORTED_CURSOR, Status
from app.store.rows import Row
from engine import Config, Measures
from engine.errors import Problem, shown
from engine.link.link import READERS, kind

MEASURED = ("epoch", "updates", "seconds", *Measures._fields)
SORTS = ("created", *MEASURED)
SORT = f"^-?({'|'.join(SORTS)})$"
OPEN = "none"
MAX_WHERE = 200

Text = Annotated[str, Query(max_length=MAX_NAME)]
Found = tuple[list[str], list[Any]]
"""Conditions of SQL, and the values of their question marks."""


class Order(NamedTuple):
    """By what runs are sorted: where two are equal, or have no such number, the newer comes first."""

    name: str
    descending: bool

    @classmethod
    def of(cls, text: str) -> Order:
        """The order that `sort` asks for; "-" turns it round."""
        return cls(text.removeprefix("-"), text.startswith("-"))

    @property
    def column(self) -> str:
        """What is sorted by, in SQL."""
        return "runs.number" if self.name == "created" else f"json_extract(progress, '$.{self.name}')"

    @property
    def sql(self) -> str:
        """ORDER BY this."""
        return f"{self.column} IS NULL, {self.column} {'DESC' if self.descending else 'ASC'}, runs.number DESC"

    def beyond(self, value: Any, number: int) -> tuple[str, list[Any]]:
        """The condition of all that comes after a run with this value and number."""
        if self.name == "created":
            return f"runs.number {'<' if self.descending else '>'} ?", [number]
        if value is None:
            return f"({self.column} IS NULL AND runs.number < ?)", [number]
        sign = "<" if self.descending else ">"
        condition = f"({self.column} IS NULL OR {self.column} {sign} ? OR ({self.column} = ? AND runs.number < ?))"
        return condition, [value, value, number]

    def cursor(self, row: Row) -> str:
        """Where the page after this row begins."""
        if self == NEWEST:
            return f"{BEFORE}{row['number']}"
        value = None if self.name == "created" else row["progress"].get(self.name)
        text = json.dumps([self.name, self.descending, value, row["number"]])
        return AFTER + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def read(self, cursor: str) -> tuple[Any, int]:
        """The value and number that a page begins after; RefusedError where the cursor is none of this order's."""
        refused = RefusedError(422, Problem("cursor", "the `next` of a page before, in the same order", shown(cursor)))
        if cursor.startswith(BEFORE):
            if self != NEWEST:
                raise refused
            return None, int(cursor.removeprefix(BEFORE))
        try:
            text = cursor.removeprefix(AFTER)
            name, descending, value, number = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if (name, descending) != self or not isinstance(number, int) or isinstance(value, (list, dict, str)):
                raise refused
        except ValueError:
            raise refused from None
        return value, number


NEWEST = Order("created", True)


class Filters(NamedTuple):
    """What is asked of a list of runs."""

    conditions: list[str]
    values: list[Any]
    order: Order


async def filters(
    runner: TheRunner,
    status: Annotated[Status | Omitted, Query(description="Only those in this state.")] = None,
    sweep: Annotated[Text | Omitted, Query(description="Only those of the sweep with this id.")] = None,
    tag: Annotated[
        list[Tag], Query(description="Only those with this tag; with all of them if there are several.")
    ] = [],  # noqa: B006
    name: Annotated[Text | Omitted, Query(description="Only those whose name contains this.")] = None,
    where: Annotated[
        list[Annotated[str, Query(max_length=MAX_WHERE)]],
        Query(description="Only those whose configuration has this value, as optimizer=adam or networkShape=4,2."),
    ] = [],  # noqa: B006
    sort: Annotated[
        str,
        Query(pattern=SORT, description=f"By what: {', '.join(SORTS)}; the largest first with - before it."),
    ] = "-created",
    cursor: Annotated[
        Annotated[str, Pattern(SORTED_CURSOR, "the `next` of the page before")] | Omitted,
        Query(description="The `next` of the page before."),
    ] = None,
) -> Filters:
    """The conditions of a list of runs, from the query."""
    conditions, values = labelled("runs", tag, name)
    if status:
        conditions, values = [*conditions, "status = ?"], [*values, status]
    if sweep:
        conditions, values = [*conditions, "sweeps.id = ?"], [*values, await whole_id(runner, "sweep", sweep)]
    for text in where:
        condition, value = _configured(text)
        conditions, values = [*conditions, condition], [*values, value]
    order = Order.of(sort)
    if cursor:
        condition, more = order.beyond(*order.read(cursor))
        conditions, values = [*conditions, condition], [*values, *more]
    return Filters(conditions, values, order)


def labelled(table: str, tags: list[str], name: str | None) -> Found:
    """The conditions of some tags and of a part of a name, capital or not."""
    conditions = [f"EXISTS (SELECT 1 FROM json_each({table}.tags) WHERE json_each.value = ?)" for _ in tags]
    if name:
        return [*conditions, f"instr(lower({table}.name), lower(?)) > 0"], [*tags, name]
    return conditions, [*tags]


def _configured(text: str) -> tuple[str, Any]:
    """A key of a configuration with its value, which is written as in a link; RefusedError where there is none."""
    key, equals, written = text.partition("=")
    if key not in Config.model_fields or not equals:
        raise RefusedError(
            422, Problem("where", "a key of a configuration and its value, as batchSize=10", shown(text))
        )
    try:
        value = None if written == OPEN and Config.model_fields[key].default is None else READERS[kind(key)](written)
    except ValueError as error:
        raise RefusedError(422, Problem(f"where.{key}", str(error), shown(written))) from None
    if isinstance(value, tuple):
        value = json.dumps(value, separators=(",", ":"))  # as SQLite writes a list
    return f"json_extract(spec, '$.config.{key}') IS ?", value

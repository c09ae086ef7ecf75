"""What menus, schemas and tooltips rely on in every table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import pytest
from latex2mathml.converter import convert
from pydantic import TypeAdapter, ValidationError

from engine.data.datasets import DATASETS
from engine.tables import Entry, OneOf
from engine.tables.activations import ACTIVATIONS
from engine.tables.features import FEATURES
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import MODES, PENALTIES
from engine.tables.schedules import SCHEDULES
from engine.tables.scores import SCORES
from engine.tables.tasks import TASKS

TABLES: dict[str, Mapping[str, Entry | None]] = {
    "activations": ACTIVATIONS,
    "datasets": DATASETS,
    "features": FEATURES,
    "initializers": INITIALIZERS,
    "losses": LOSSES,
    "optimizers": OPTIMIZERS,
    "outputs": OUTPUTS,
    "penalties": PENALTIES,
    "penalty modes": MODES,
    "schedules": SCHEDULES,
    "scores": SCORES,
    "tasks": TASKS,
}

every_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


@every_table
def test_every_entry_has_a_label_a_formula_and_a_sentence(table: Mapping[str, Entry | None]) -> None:
    for entry in filter(None, table.values()):
        assert entry.label.strip()
        assert entry.formula.strip()
        assert entry.hint[0].isupper()
        assert entry.hint.endswith(".")


@every_table
def test_every_entry_has_its_formula_as_latex_that_converts(table: Mapping[str, Entry | None]) -> None:
    for name, entry in table.items():
        if entry:
            assert entry.latex, name
            assert "\\" not in convert(entry.latex), name  # a command that is not understood stays as it is


@pytest.mark.parametrize("name", sorted(TABLES.keys() - {"scores"}))  # no menu shows two scores
def test_no_two_entries_share_a_label(name: str) -> None:
    labels = [(getattr(entry, "problem", None), entry.label) for entry in TABLES[name].values() if entry]
    assert len(set(labels)) == len(labels)


def test_a_name_of_the_table_is_taken_and_any_other_value_refused() -> None:
    name = TypeAdapter[str](Annotated[str, OneOf({"one": 1, "two": 2})])
    assert name.validate_python("two") == "two"
    for other in ("three", "", "One", 1, None, ["one"]):
        with pytest.raises(ValidationError, match="'one' or 'two'"):
            name.validate_python(other)


def test_the_schema_lists_the_names_of_the_table() -> None:
    name = TypeAdapter[str](Annotated[str, OneOf(["one", "two"])])
    assert name.json_schema() == {"enum": ["one", "two"], "type": "string"}

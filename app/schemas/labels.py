"""Labels of runs and sweeps: a name, tags and a note, given at the start or later."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, model_validator

from app.schemas.run_request import Name, Note, Plan, Request, Tags
from app.store.rows import Labels


class LabelChange(Request):
    """The new name, tags and note of a run or sweep; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={"minProperties": 1, "examples": [{"name": "Slow rates", "tags": ["paper", "good"]}]}
    )

    name: Name | None = None
    tags: Tags | None = None
    """All of its tags."""
    note: Note | None = None

    @model_validator(mode="after")
    def _something(self) -> LabelChange:
        if not self.model_fields_set:
            raise ValueError("name, tags or note")
        return self

    def applied(self, row: dict[str, Any]) -> Labels:
        """The labels of a row of the store with this change."""
        given = self.model_dump(exclude_none=True)
        if "tags" in given:
            given["tags"] = tuple(dict.fromkeys(given["tags"]))
        before = {name: row[name] for name in Labels._fields}
        return Labels(**{**before, "tags": tuple(row["tags"]), "notes": tuple(row["notes"]), **given})


def labels_of(request: Plan) -> Labels:
    """What is called so from the start."""
    return Labels(request.name, tuple(dict.fromkeys(request.tags)), request.note)

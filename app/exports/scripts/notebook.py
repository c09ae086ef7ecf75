"""The NumPy script as a Jupyter notebook: its cells, the explanations between the code."""

from __future__ import annotations

import json
import re
from typing import Any

from app.exports.scripts.script import script
from engine import Trainer

CELL = re.compile(r"^# %%(?P<text> \[markdown\])?\n", re.MULTILINE)
HEAD = {
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}


def notebook(trainer: Trainer) -> bytes:
    """The file, in version 4.5 of the format."""
    _, *pieces = CELL.split(script(trainer, "numpy"))  # kind and content of each cell in turn
    cells = [
        _cell(number, bool(kind), content.strip("\n"))
        for number, (kind, content) in enumerate(zip(pieces[::2], pieces[1::2], strict=True))
    ]
    return json.dumps({"cells": cells, **HEAD}, indent=1, ensure_ascii=False).encode() + b"\n"


def _cell(number: int, is_text: bool, content: str) -> dict[str, Any]:
    cell = {"id": f"cell-{number}", "metadata": {}}
    if is_text:
        return {"cell_type": "markdown", **cell, "source": _lines(re.sub("^# ?", "", content, flags=re.MULTILINE))}
    return {"cell_type": "code", **cell, "execution_count": None, "outputs": [], "source": _lines(content)}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)

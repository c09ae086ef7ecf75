"""What the tests of lessons share."""

from __future__ import annotations

from pathlib import Path

from app.lessons import all_lessons

GOOD = """
title = "Mine"
text = "Some *words* about $w$."
link = "dataset=xor&seed=1"
question = "What?"
done = "That."

[[check]]
fact = "testLoss"
under = 0.05
"""
OURS = all_lessons()


def lessons_folder(folder: Path, **files: str) -> Path:
    """A folder with some files, their names without the ending."""
    for name, text in files.items():
        folder.joinpath(f"{name}.toml").write_text(text)
    return folder

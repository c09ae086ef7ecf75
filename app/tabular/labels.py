"""What the labels of a table are: the classes and their order, or numbers, and which problem that makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.tabular.cells import number
from app.tabular.table import TableError, counted
from engine.data.points import MAX_CLASSES
from engine.errors import Problem, shown

NEGATIVE = frozenset({"false", "no", "n", "0", "-1", "negative", "neg", "off"})
"""Of two classes, what the one that is -1 may be called."""


def written(cell: str, decimal_comma: bool) -> str:
    """A label as its class is called: 1 for 1.0 and +1."""
    value = number(cell, decimal_comma)
    return cell if value is None else f"{value:.12g}"


def guessed_problem(labels: Sequence[str], *, numeric: bool, inputs: int) -> str:
    """Classes where there are few labels, whole or words; a regression where they are many numbers.

    A table of one input and numbers is a regression: y = f(x).
    """
    different = {label.lower() for label in labels}
    whole = numeric and all(float(label) == int(float(label)) for label in different)
    if numeric and (inputs == 1 or len(different) == 1 or len(different) > MAX_CLASSES + 4):
        return "regression"
    if len(different) == 2:
        return "classification"
    return "multiclass" if whole or not numeric else "regression"


def classes_of(labels: Sequence[str], most: int) -> tuple[list[str], list[str]]:
    """The names of the classes, the negative or lowest first, and notes. Names that differ in case alone are one.

    Of more than `most` the most frequent stay.
    """
    spellings = Counter(labels)
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for label, count in spellings.items():
        names.setdefault(label.lower(), label)
        counts[label.lower()] += count
    if len(counts) < 2:
        got = f"only {shown(next(iter(names.values())))}" if names else "none"
        raise TableError(Problem("label", "at least two classes (choose another column, or a regression)", got))
    kept = [name for name, _ in counts.most_common(most)]
    notes = []
    if left := len(counts) - len(kept):
        rest = sum(counts.values()) - sum(counts[name] for name in kept)
        notes.append(f"{counted(rest, 'row')} of {counted(left, 'other class').replace('classs', 'classes')} left out.")
    return [names[name] for name in sorted(kept, key=_order)], notes


def _order(name: str) -> tuple[bool, bool, float, str]:
    """As people sort: what means no first, numbers as numbers, then words."""
    value = number(name)
    return (name not in NEGATIVE or (value is not None and value > 0), value is None, value or 0.0, name)

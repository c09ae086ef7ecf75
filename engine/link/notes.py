"""Notes on a link: what was repaired, and what was ignored or replaced."""

from __future__ import annotations

from typing import NamedTuple

from engine.errors import Problem, nearest, shown, with_suggestion
from engine.link.keys import HIDE, SETTINGS
from engine.tables.hideable_controls import CONTROLS

MAX_NAMES = 5
MAX_NOTES = 8

KEEPS_MEANING = {
    "repaired": True,  # damage on its way was undone
    "original": True,  # the original's own rule was followed
    "words": False,  # it stands amid words without an address or a # to tell it from them
    "key": False,  # an unknown key was ignored
    "control": False,  # an unknown control to hide was ignored
    "value": False,  # a value that cannot be was left out, or moved to the nearest that can
}
"""The kinds of notes, and whether the link means the same with them: where not, scripts refuse it."""


class Note(NamedTuple):
    """Something about a link."""

    kind: str
    """A key of KEEPS_MEANING."""
    finding: Problem | str
    """A sentence, or what was wrong; of an unknown key or control its name."""
    instead: str = ""
    """What was taken instead, in a sentence."""

    def __str__(self) -> str:
        return f"{self.finding} {self.instead}".strip()

    @property
    def problem(self) -> Problem:
        """The same as a refusal."""
        if isinstance(self.finding, Problem):
            return self.finding
        return Problem("link", EXPECTED[self.kind], _with_suggestion(self.kind, self.finding))


EXPECTED = {"key": "keys of this playground", "control": "controls of this playground to hide"}
JOINED_KINDS = {
    "key": ("is not a setting of this playground and was", "are not settings of this playground and were"),
    "control": ("names no control of this playground and was", "name no controls of this playground and were"),
}
"""Kinds of notes that are joined into one sentence, and how it ends for one name and for many."""


def _with_suggestion(kind: str, name: str) -> str:
    """An unknown key, with the closest known one."""
    if kind == "key":
        return with_suggestion(name, SETTINGS)
    control = nearest(name.removesuffix(HIDE), CONTROLS)
    return shown(name) + (f" (did you mean {control + HIDE!r}?)" if control else "")


def _joined(kind: str, names: list[str]) -> str:
    texts = [_with_suggestion(kind, name) for name in names[:MAX_NAMES]]
    texts += [f"{len(names) - MAX_NAMES} more"] if len(names) > MAX_NAMES else []
    one, many = JOINED_KINDS[kind]
    return (
        f"{texts[0]} {one} ignored." if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]} {many} ignored."
    )


def sentences(notes: list[Note]) -> list[str]:
    """Notes as sentences, few enough to be read."""
    texts = [str(note) for note in notes if note.kind not in JOINED_KINDS]
    joined = {kind: [str(note.finding) for note in notes if note.kind == kind] for kind in JOINED_KINDS}
    texts += [_joined(kind, names) for kind, names in joined.items() if names]
    if len(texts) > MAX_NOTES:
        texts[MAX_NOTES - 1 :] = [f"{len(texts) - MAX_NOTES + 1} more parts of the link were not taken as they stand."]
    return texts


def refused(notes: list[Note]) -> list[Problem]:
    """What of some notes does not keep the meaning of the link; of very many the first."""
    return [note.problem for note in [note for note in notes if not KEEPS_MEANING[note.kind]][:MAX_NOTES]]

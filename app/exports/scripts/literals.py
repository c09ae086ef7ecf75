"""Numbers and text as lines of Python, none longer than a line of ours."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from engine.tables import Array
from engine.training.network import Network

WIDTH = 118
INDENT = 4 * " "
LEFT = 40  # what else may stand in the line of a list
KEPT = "\0"  # a space at which no line ends


def parameters(network: Network) -> tuple[str, str]:
    """Literals of all weights, (H, D) each, and of all biases, (H,) each."""
    weights = "".join(_matrix(layer.weights) for layer in network.layers)
    return weights, "".join(_matrix(layer.biases) for layer in network.layers)


def numbers(values: Array) -> str:
    """What stands between the brackets of a list of numbers."""
    return _wrapped("".join(f"{value}, " for value in values.tolist()))


def _matrix(values: Array) -> str:
    """A literal of one layer's parameters: a line for all where they fit, or else one or more for each unit."""
    text = f"{values.tolist()},"
    if values.ndim == 1 or len(text) < WIDTH - len(INDENT):
        return _wrapped(text)
    rows = "".join(_wrapped(f"{row},", 2 * INDENT) for row in values.tolist())
    return f"{INDENT}[\n{rows}{INDENT}],\n"


def listing(names: Sequence[str], suffix: str = "") -> str:
    """A list of names, in several lines where it is long."""
    text = ", ".join(name + suffix for name in names)
    return f"[{text}]" if len(text) < WIDTH - LEFT else f"[\n{_wrapped(f'{text},')}]"


def filled(points: Iterable[tuple[float, ...]]) -> str:
    """Points as tuples, as many to a line as fit."""
    return _wrapped(" ".join(f"{tuple(point)},".replace(" ", KEPT) for point in points)).replace(KEPT, " ")


def _wrapped(text: str, indent: str = INDENT) -> str:
    lines = textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "".join(f"{line}\n" for line in lines)


def comment(text: str) -> str:
    return _wrapped(text.strip(), "# ").rstrip()


def body(code: str, last: str) -> str:
    """Lines of a function, the last of which begins with what is done with the value."""
    *lines, value = code.splitlines()
    return textwrap.indent("\n".join([*lines, last + value]), INDENT)


def assigned(code: str, name: str) -> str:
    """Lines of code, the last of which gives its value a name."""
    *lines, value = code.splitlines()
    return "\n".join([*lines, f"{name} = {value}"])

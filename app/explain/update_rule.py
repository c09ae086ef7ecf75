"""The update rule line by line; the page shows the lines that apply to the present settings.

They follow `engine.training.descent` and `engine.tables.optimizers`: w a weight, g its gradient, v and s what an
optimizer remembers of
it, t the number of the update.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.tables.optimizers import ADAM_SQUARES, SQUARES


class RuleLine(NamedTuple):
    """One line of an update."""

    when: str
    """Marks, one of which the present settings must have: an optimizer's name, `clip`, `free` of any penalty, or the
    penalty's name behind `decay-` or `loss-`."""
    latex: str
    note: str = ""


def _mean(memory: str, keeps: str, forgets: str, value: str) -> str:
    return rf"{memory} \coloneqq {keeps}\,{memory} + {forgets}\,{value}"


def _squares(keeps: float) -> str:
    return _mean("s", f"{keeps:g}", f"{1 - keeps:.3g}", "g^2")


UPDATE_RULE = [
    RuleLine("free decay-L1 decay-L2", r"g = \frac{\partial L}{\partial w}"),
    RuleLine(
        "loss-L1", r"g = \frac{\partial}{\partial w} \left(L + \lambda \sum |w|\right)", "Biases are not in the sum."
    ),
    RuleLine(
        "loss-L2",
        r"g = \frac{\partial}{\partial w} \left(L + \lambda \sum \tfrac{1}{2} w^2\right)",
        "Biases are not in the sum.",
    ),
    RuleLine("clip", r"g \coloneqq g \cdot \min\left(1, \frac{c}{\lVert g \rVert}\right)"),
    RuleLine("momentum nesterov", r"v \coloneqq \mu v + g"),
    RuleLine("adam adamw", _mean("v", r"\mu", r"(1 - \mu)", "g")),
    RuleLine("adagrad", r"s \coloneqq s + g^2"),
    RuleLine("rmsprop", _squares(SQUARES)),
    RuleLine("adam adamw", _squares(ADAM_SQUARES)),
    RuleLine(
        "adam adamw", rf"\hat{{v}} = \frac{{v}}{{1 - \mu^t}}, \quad \hat{{s}} = \frac{{s}}{{1 - {ADAM_SQUARES}^t}}"
    ),
    RuleLine(
        "decay-L1",
        r"w \coloneqq w - \eta \lambda \,\operatorname{sign} w",
        "Biases are left out; a weight that this takes across zero is zero for good.",
    ),
    RuleLine("decay-L2", r"w \coloneqq w - \eta \lambda w", "Biases are left out."),
    RuleLine("sgd", r"w \coloneqq w - \eta g"),
    RuleLine("momentum", r"w \coloneqq w - \eta v"),
    RuleLine("nesterov", r"w \coloneqq w - \eta (g + \mu v)"),
    RuleLine("adagrad rmsprop", r"w \coloneqq w - \eta \frac{g}{\sqrt{s} + \varepsilon}"),
    RuleLine("adam adamw", r"w \coloneqq w - \eta \frac{\hat{v}}{\sqrt{\hat{s}} + \varepsilon}"),
]
"""In the order in which they are done."""

"""A run at a playground, from a script or a notebook."""

from __future__ import annotations

import base64
from html import escape

from app.client import run_calls as calls
from app.client.calls import PlaygroundError
from app.client.run_calls import POINT, Predictions, RunState
from app.client.transport import each_later, each_now, later, now
from engine.numbers import percent, short
from engine.pictures.notebook import PAGE, colors_of
from engine.pictures.picture import SIZE
from engine.tables.scores import SCORES

__all__ = ["POINT", "AsyncRun", "Predictions", "Run"]


class Run(RunState):
    """A run as it was when it was last asked about; `refresh` asks again."""

    refresh = now(calls.refresh)
    wait = now(calls.wait)
    events = each_now(calls.events)
    cancel = now(calls.cancel)
    resume = now(calls.resume)
    edit = now(calls.edit)
    delete = now(calls.delete)
    history = now(calls.history)
    frame = now(calls.frame)
    model = now(calls.model)
    trainer = now(calls.trainer)
    boundary_png = now(calls.boundary_png)
    loss_png = now(calls.loss_png)
    points = now(calls.points)
    predict = now(calls.predict)

    # --- in a notebook --------------------------------------------------------------------------------------------

    def _repr_png_(self) -> bytes | None:
        try:
            return self.boundary_png()
        except PlaygroundError:  # it is shown as text then
            return None

    def _repr_html_(self) -> str | None:
        """The boundary, the losses beside it, and one line of numbers."""
        try:
            left, right = self.boundary_png(), self.loss_png(height=SIZE, log=True)
        except PlaygroundError:
            return None
        colors = colors_of(self.config)
        words = f"{self.config.data.label}: the output over the plane, {colors}."
        png = base64.b64encode(left).decode()
        figure = PAGE.format(png=png, size=SIZE, alt=escape(words), caption=escape(self._caption()))
        losses = base64.b64encode(right).decode()
        return f'{figure}<img src="data:image/png;base64,{losses}" alt="Its losses." style="vertical-align: top">\n'

    def _caption(self) -> str:
        now, problem = self.progress, self.config.problem
        write = short if problem == "regression" else percent
        facts = [f"Run {self.id}: {self.status}", f"Epoch {now.epoch:,}"]
        if now.test_loss is not None and now.train_loss is not None:
            facts.append(f"Loss: test {short(now.test_loss)}, train {short(now.train_loss)}")
            if now.validation_loss is not None:
                facts[-1] += f", validation {short(now.validation_loss)}"
        if now.test_score is not None and now.train_score is not None:
            facts.append(f"{SCORES[problem].label}: test {write(now.test_score)}, train {write(now.train_score)}")
        return " · ".join(facts)


class AsyncRun(RunState):
    """The same for an event loop: `await run.wait()`, and `async for` over its events."""

    refresh = later(calls.refresh)
    wait = later(calls.wait)
    events = each_later(calls.events)
    cancel = later(calls.cancel)
    resume = later(calls.resume)
    edit = later(calls.edit)
    delete = later(calls.delete)
    history = later(calls.history)
    frame = later(calls.frame)
    model = later(calls.model)
    trainer = later(calls.trainer)
    boundary_png = later(calls.boundary_png)
    loss_png = later(calls.loss_png)
    points = later(calls.points)
    predict = later(calls.predict)

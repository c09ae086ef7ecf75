"""A run at a playground, from a script or a notebook."""

from __future__ import annotations

import base64
from html import escape

from app.client import run_calls as calls
from app.client.calls import PlaygroundError
from app.client.resource import edit
from app.client.run_calls import POINT, Predictions, RunState
from app.client.transport import async_iterator, blocking, blocking_iterator, in_event_loop
from engine.numbers import percent, short
from engine.pictures.boundary import SIZE
from engine.pictures.notebook import PAGE, colors_of
from engine.tables.scores import SCORES

__all__ = ["POINT", "AsyncRun", "Predictions", "Run"]


class Run(RunState):
    """A run as it was when it was last asked about; `refresh` asks again."""

    refresh = blocking(calls.refresh)
    wait = blocking(calls.wait)
    events = blocking_iterator(calls.events)
    cancel = blocking(calls.cancel)
    resume = blocking(calls.resume)
    edit = blocking(edit)
    delete = blocking(calls.delete)
    history = blocking(calls.history)
    frame = blocking(calls.frame)
    model = blocking(calls.model)
    trainer = blocking(calls.trainer)
    boundary_png = blocking(calls.boundary_png)
    film = blocking(calls.film)
    loss_png = blocking(calls.loss_png)
    points = blocking(calls.points)
    predict = blocking(calls.predict)

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
        progress, problem = self.progress, self.config.problem
        write = short if problem == "regression" else percent
        facts = [f"Run {self.id}: {self.status}", f"Epoch {progress.epoch:,}"]
        if progress.test_loss is not None and progress.train_loss is not None:
            facts.append(f"Loss: test {short(progress.test_loss)}, train {short(progress.train_loss)}")
            if progress.validation_loss is not None:
                facts[-1] += f", validation {short(progress.validation_loss)}"
        if progress.test_score is not None and progress.train_score is not None:
            facts.append(
                f"{SCORES[problem].label}: test {write(progress.test_score)}, train {write(progress.train_score)}"
            )
        return " · ".join(facts)


class AsyncRun(RunState):
    """The same for an event loop: `await run.wait()`, and `async for` over its events."""

    refresh = in_event_loop(calls.refresh)
    wait = in_event_loop(calls.wait)
    events = async_iterator(calls.events)
    cancel = in_event_loop(calls.cancel)
    resume = in_event_loop(calls.resume)
    edit = in_event_loop(edit)
    delete = in_event_loop(calls.delete)
    history = in_event_loop(calls.history)
    frame = in_event_loop(calls.frame)
    model = in_event_loop(calls.model)
    trainer = in_event_loop(calls.trainer)
    boundary_png = in_event_loop(calls.boundary_png)
    film = in_event_loop(calls.film)
    loss_png = in_event_loop(calls.loss_png)
    points = in_event_loop(calls.points)
    predict = in_event_loop(calls.predict)

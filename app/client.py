"""The playground from a script or a notebook: `PlaygroundClient().train("dataset=spiral", epochs=300)`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal

from app.calls import Calls, PlaygroundError
from app.client_run import Run
from app.client_sweep import Sweep
from app.views import RunView, SweepView
from engine import Config

__all__ = ["PlaygroundClient", "PlaygroundError", "Run", "Sweep"]

Source = str | Config | Mapping[str, Any]
"""A link, or a configuration: as the engine's, or some of its fields."""


class PlaygroundClient:
    """A running playground."""

    def __init__(self, url: str = "http://127.0.0.1:8000", *, patience: float = 30) -> None:
        """Patience says for how many seconds a playground that has answered before is waited for; ValueError for an
        address that is none."""
        self._calls = Calls(url, patience)

    @property
    def url(self) -> str:
        """Its address."""
        return self._calls.url

    def __enter__(self) -> PlaygroundClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"PlaygroundClient({self.url!r})"

    def close(self) -> None:
        """Let its connections go."""
        self._calls.close()

    # --- runs -----------------------------------------------------------------------------------------------------

    def start(
        self,
        source: Source,
        *,
        epochs: int = 100,
        stop: Mapping[str, float] | None = None,
        record: Mapping[str, int] | None = None,
    ) -> Run:
        """Hand in a run that trains to its last epoch, or to what `stop` says: under a `train_loss`, a `test_loss` or a
        `validation_loss`, or so many `seconds`; or to where the configuration's `patience` is at an end. `record` says
        every how many epochs `losses` and `snapshots` are kept.
        """
        asked = _source(source) | {"epochs": epochs, "stop": dict(stop or {}), "record": dict(record or {})}
        return Run(self._calls, RunView.model_validate(self._post("/runs", asked)))

    def train(
        self,
        source: Source,
        *,
        epochs: int = 100,
        stop: Mapping[str, float] | None = None,
        record: Mapping[str, int] | None = None,
        on_progress: Callable[[Run], object] | None = None,
    ) -> Run:
        """Hand in a run and wait for its end; `on_progress` is called with it after each recorded epoch."""
        return self.start(source, epochs=epochs, stop=stop, record=record).wait(on_progress)

    def run(self, id: str) -> Run:
        """A run by its id, or by so much of its beginning that no other begins with it."""
        return Run(self._calls, RunView.model_validate(self._calls.json("GET", f"/runs/{id}")))

    def runs(self, *, status: str | None = None, sweep: str | None = None, limit: int | None = None) -> list[Run]:
        """Runs, the newest first: all of them, or so many."""
        found = self._calls.listed("runs", limit, status=status, sweep=sweep)
        return [Run(self._calls, RunView.model_validate(one)) for one in found]

    # --- sweeps ---------------------------------------------------------------------------------------------------

    def sweep(
        self,
        base: Source,
        *,
        grid: Mapping[str, Sequence[Any]] | None = None,
        random: Mapping[str, Sequence[Any] | Mapping[str, Any]] | None = None,
        samples: int = 20,
        draw: str = "0",
        sampler: Literal["random", "tpe"] = "random",
        prune: Literal["median", "halving"] | Mapping[str, Any] | None = None,
        seeds: int | Sequence[str] = 1,
        epochs: int = 100,
        stop: Mapping[str, float] | None = None,
        record: Mapping[str, int] | None = None,
    ) -> Sweep:
        """Hand in a run for each place of a grid, or for `samples` random places, each repeated over some seeds.

        A grid has a list of values for each key of a configuration. A random search has such a list or a range for
        each key, as `{"low": 0.001, "high": 1, "log": True}`; the text `draw` keys what is drawn. The sampler tpe draws
        each place where the runs before it did well. `prune` ends runs early that do worse than others, by the median
        rule or by successive halving; `{"kind": "median", "warmup": 20}` says more.
        """
        asked = _source(base) | {"epochs": epochs, "stop": dict(stop or {}), "record": dict(record or {})}
        asked |= {"grid": {key: list(values) for key, values in (grid or {}).items()}}
        asked |= {"seeds": seeds if isinstance(seeds, int) else list(seeds)}
        if random:
            drawn = {"samples": samples, "keys": dict(random), "seed": draw}
            asked |= {"search": {"kind": "tpe", **drawn}} if sampler == "tpe" else {"random": drawn}
        if prune:
            asked["prune"] = {"kind": prune} if isinstance(prune, str) else dict(prune)
        return Sweep(self._calls, SweepView.model_validate(self._post("/sweeps", asked)))

    def open_sweep(self, id: str) -> Sweep:
        """A sweep by its id, or by so much of its beginning that no other begins with it."""
        return Sweep(self._calls, SweepView.model_validate(self._calls.json("GET", f"/sweeps/{id}")))

    def sweeps(self, *, limit: int | None = None) -> list[Sweep]:
        """Sweeps, the newest first: all of them, or so many."""
        return [self.open_sweep(one["id"]) for one in self._calls.listed("sweeps", limit)]

    # --- asking ---------------------------------------------------------------------------------------------------

    def _post(self, path: str, asked: dict[str, Any]) -> Any:
        """Hand something in, once: the key lets the playground know a repetition after a lost answer."""
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        return self._calls.json("POST", path, json=asked, headers=headers, repeatable=True)


def _source(source: Source) -> dict[str, Any]:
    if isinstance(source, str):
        return {"link": source}
    config = source.model_dump(mode="json") if isinstance(source, Config) else dict(source)
    return {"config": config}

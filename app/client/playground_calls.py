"""Conversations with a playground as a whole: start and list runs, sweeps and sessions."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

import numpy as np

from app.client import run_calls
from app.client.calls import Conversation
from app.client.run_calls import RunState
from app.client.session_calls import SessionState, authorization
from app.client.sweep_calls import SweepState
from app.client.transport import Connected
from app.schemas.run_view import RunView, SessionView
from app.schemas.sweep_view import SweepView
from app.wire.saved_run import SavedRun
from engine import Config, parse_link
from engine.config.config import from_script
from engine.names import Seed, Whole
from engine.scalars import python_values, seed_text

Source = str | Config | Mapping[str, Any]
"""A link, or a configuration: as the engine's, or some of its fields."""
LENIENT = {"strict": False}
"""What is asked beside a link that may be damaged; otherwise nothing, which earlier playgrounds understand too."""
R = TypeVar("R", bound=RunState)
S = TypeVar("S", bound=SweepState[Any])
L = TypeVar("L", bound=SessionState)


class PlaygroundState(Connected, Generic[R, S, L]):
    """A running playground."""

    run_type: type[R]
    sweep_type: type[S]
    session_type: type[L]
    """What runs, sweeps and the runs of pages are for it."""

    @property
    def url(self) -> str:
        """Its address."""
        return self.calls.url

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    def run_of(self, answer: Any) -> R:
        """A run as it is told."""
        return self.run_type(self._transport, RunView.model_validate(answer))

    def sweep_of(self, answer: Any) -> S:
        """A sweep as it is told."""
        return self.sweep_type(self._transport, SweepView.model_validate(answer))

    def session_of(self, token: str, answer: Any) -> L:
        """A page's run as it is told."""
        return self.session_type(self._transport, token, SessionView.model_validate(answer))


Playground = PlaygroundState[R, S, L]


# --- runs -------------------------------------------------------------------------------------------------------------


def start(
    playground: Playground[R, S, L],
    source: Source,
    *,
    epochs: int = 100,
    stop: Mapping[str, float] | None = None,
    record: Mapping[str, int] | None = None,
    name: str = "",
    tags: Sequence[str] = (),
    note: str = "",
    notes: Sequence[str] = (),
    strict: bool = True,
) -> Conversation[R]:
    """Hand in a run that trains to its last epoch, or to what `stop` says: under a `train_loss`, a `test_loss` or a
    `validation_loss`, or so many `seconds`; or to where the configuration's `patience` is at an end. `record` says
    every how many epochs `losses` and `snapshots` are kept. Name, tags and note are what it is called and found by;
    `notes` are sentences that stay with it, as those about a link do.
    A link that does not mean what it says is refused, with the nearest name; where it is not `strict`, as for old
    links, the run's `notes` say what was taken instead.
    """
    body = _source(source, strict=strict) | {"epochs": epochs, "stop": dict(stop or {}), "record": dict(record or {})}
    body |= _labels(name, tags, note, notes)
    return playground.run_of((yield from _post(playground, "/runs", body)))


def train(
    playground: Playground[R, S, L],
    source: Source,
    *,
    epochs: int = 100,
    stop: Mapping[str, float] | None = None,
    record: Mapping[str, int] | None = None,
    name: str = "",
    tags: Sequence[str] = (),
    note: str = "",
    strict: bool = True,
    on_progress: Callable[[R], object] | None = None,
) -> Conversation[R]:
    """Hand in a run and wait for its end; `on_progress` is called with it after each recorded epoch."""
    body: dict[str, Any] = {"epochs": epochs, "stop": stop, "record": record, "strict": strict}
    run = yield from start(playground, source, **body, name=name, tags=tags, note=note)
    return (yield from run_calls.wait(run, on_progress))


def run(playground: Playground[R, S, L], id: str) -> Conversation[R]:
    """A run by its id, or by the id's first characters (at least 4)."""
    return playground.run_of((yield from playground.calls.json("GET", f"/runs/{id}")))


def runs(
    playground: Playground[R, S, L],
    *,
    status: str | None = None,
    sweep: str | None = None,
    tags: Sequence[str] = (),
    name: str | None = None,
    where: Mapping[str, Any] | None = None,
    sort: str | None = None,
    limit: int | None = None,
) -> Conversation[list[R]]:
    """Runs, the newest first, or by what `sort` says, as "test_loss" or "-test_score": all of them, or so many. Those
    with all of some tags, whose name contains a text, and whose configuration has some values, as
    `where={"optimizer": "adam"}`."""
    wanted = {"status": status, "sweep": sweep, "tag": list(tags), "name": name, "where": _where(where), "sort": sort}
    found = yield from playground.calls.listed("runs", limit, **{key: one for key, one in wanted.items() if one})
    return [playground.run_of(one) for one in found]


# --- sweeps -----------------------------------------------------------------------------------------------------------


def sweep(
    playground: Playground[R, S, L],
    base: Source,
    *,
    grid: Mapping[str, Iterable[Any]] | None = None,
    random: Mapping[str, Iterable[Any] | Mapping[str, Any]] | None = None,
    samples: int = 20,
    draw: Seed = "0",
    sampler: Literal["random", "tpe"] = "random",
    prune: Literal["median", "halving"] | Mapping[str, Any] | None = None,
    seeds: Whole | Iterable[Seed] = 1,
    epochs: int = 100,
    stop: Mapping[str, float] | None = None,
    record: Mapping[str, int] | None = None,
    name: str = "",
    tags: Sequence[str] = (),
    note: str = "",
    notes: Sequence[str] = (),
    strict: bool = True,
) -> Conversation[S]:
    """Hand in a run for each place of a grid, or for `samples` random places, each repeated over some seeds.

    A grid has a list of values for each key of a configuration. A random search has such a list or a range for each
    key, as `{"low": 0.001, "high": 1, "log": True}`; the text or number `draw` keys what is drawn. The sampler tpe
    draws each place where the runs before it did well. `prune` ends runs early that do worse than others, by the median
    rule or by successive halving; `{"kind": "median", "warmup": 20}` says more. `notes` and `strict` are as of a run.
    """
    body = _source(base, strict=strict) | {"epochs": epochs, "stop": dict(stop or {}), "record": dict(record or {})}
    body |= {"grid": {key: _values(key, values) for key, values in (grid or {}).items()}}
    body |= _labels(name, tags, note, notes)
    body |= {"seeds": int(seeds) if isinstance(seeds, (int, np.integer)) else _values("seed", seeds)}
    if random:
        keys = {key: one if isinstance(one, Mapping) else _values(key, one) for key, one in random.items()}
        drawn = {"samples": samples, "keys": keys, "seed": seed_text(python_values(draw))}
        body |= {"search": {"kind": "tpe", **drawn}} if sampler == "tpe" else {"random": drawn}
    if prune:
        body["prune"] = {"kind": prune} if isinstance(prune, str) else dict(prune)
    return playground.sweep_of((yield from _post(playground, "/sweeps", body)))


def restarts(
    playground: Playground[R, S, L],
    source: Source,
    count: int = 16,
    *,
    epochs: int = 100,
    stop: Mapping[str, float] | None = None,
    record: Mapping[str, int] | None = None,
    strict: bool = True,
) -> Conversation[S]:
    """Hand in the same run from so many first weights, its own being the first: a sweep over `weightSeed`."""
    from engine.restarts.restarts import weight_seeds  # trains them too

    config = parse_link(source).config if isinstance(source, str) else Config.model_validate(_source(source)["config"])
    grid = {"weightSeed": weight_seeds(config, count)}
    body: dict[str, Any] = {"epochs": epochs, "stop": stop, "record": record, "strict": strict}
    return (yield from sweep(playground, source, grid=grid, **body))


def open_sweep(playground: Playground[R, S, L], id: str) -> Conversation[S]:
    """A sweep by its id, or by the id's first characters (at least 4)."""
    return playground.sweep_of((yield from playground.calls.json("GET", f"/sweeps/{id}")))


def sweeps(
    playground: Playground[R, S, L], *, tags: Sequence[str] = (), name: str | None = None, limit: int | None = None
) -> Conversation[list[S]]:
    """Sweeps, the newest first: all of them, or so many; those with all of some tags, whose name contains a text."""
    found: list[S] = []
    wanted = {"tag": list(tags), "name": name}
    given = {key: one for key, one in wanted.items() if one}
    for one in (yield from playground.calls.listed("sweeps", limit, **given)):
        whole = yield from open_sweep(playground, one["id"])
        found.append(whole)
    return found


# --- pages, and networks from elsewhere -------------------------------------------------------------------------------


def session(playground: Playground[R, S, L], id: str, token: str) -> Conversation[L]:
    """A page's run, by the id and the token that the page's share dialog shows."""
    answer = yield from playground.calls.json("GET", f"/sessions/{id}", headers=authorization(token))
    return playground.session_of(token, answer)


def read_model(
    playground: Playground[R, S, L], content: bytes, link: str | None = None, *, strict: bool = True
) -> Conversation[SavedRun]:
    """A network from a file (JSON or .npz) as a saved run, whose fields the page opens; the link has the configuration
    of weights that come without one."""
    query = {} if link is None else {"link": link, **({} if strict else LENIENT)}
    headers = {"Content-Type": "application/octet-stream"}
    options = {"content": content, "params": query, "headers": headers}
    return SavedRun.model_validate((yield from playground.calls.json("POST", "/models", repeatable=True, **options)))


def _post(playground: Playground[R, S, L], path: str, body: dict[str, Any]) -> Conversation[Any]:
    """Hand something in, once: the key lets the playground know a repetition after a lost answer."""
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    return (yield from playground.calls.json("POST", path, json=body, headers=headers, repeatable=True))


def _labels(name: str, tags: Sequence[str], note: str, notes: Sequence[str]) -> dict[str, Any]:
    """What something is called, where it is called anything, and what is kept with it."""
    body = {"name": name, "tags": list(tags), "note": note, "notes": list(notes)}
    return {key: one for key, one in body.items() if one}


def _where(values: Mapping[str, Any] | None) -> list[str]:
    """Keys and values of a configuration as a link writes them."""
    return [f"{key}={_written(python_values(value))}" for key, value in (values or {}).items()]


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return "none" if value is None else str(value)


def _source(source: Source, *, strict: bool = True) -> dict[str, Any]:
    if isinstance(source, str):
        return {"link": source, **({} if strict else LENIENT)}
    config = source.model_dump(mode="json") if isinstance(source, Config) else from_script(source)
    return {"config": config}


def _values(key: str, values: Iterable[Any]) -> list[Any]:
    """Some values of a key of a configuration, as JSON has them."""
    return [from_script({key: value})[key] for value in values]

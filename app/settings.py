"""The server's settings: environment variables `PLAYGROUND_*` and command-line options."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_dir
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

EVERYWHERE = ("0.0.0.0", "::")

Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Port = Annotated[int, Field(ge=0, le=65535)]
Final = Literal["succeeded", "failed", "cancelled", "interrupted", "pruned"]
Positive = Annotated[int, Field(ge=1)]


class Settings(BaseSettings):
    """The server's settings, each with a safe default."""

    model_config = SettingsConfigDict(env_prefix="PLAYGROUND_", frozen=True, use_attribute_docstrings=True)

    host: str = "127.0.0.1"
    """The address to listen at."""
    port: Port = 8000
    """The port to listen at; 0 takes a free one."""
    workers: Positive = Field(default_factory=lambda: os.cpu_count() or 1)
    """Processes that train; one per core where it is left out."""
    tape: bool = True
    """Whether updates run from tapes, where the extension was built; without, they are slower and the same."""
    allowed_hosts: list[str] = Field(default_factory=list)
    """Further names (a JSON list, `*.example.com` for many) that a browser may know this server by, beside localhost
    and the host above, or where it listens at every address, beside any address and the name of this machine."""
    resume_seconds: Seconds = 120
    """How long a session outlives its connection."""
    greeting_seconds: Seconds = 10
    """How long a new connection may take to say hello."""
    save_seconds: Seconds = 0.5
    """How often the state of a training session is saved against the death of its worker."""
    hang_seconds: Seconds = 3
    """After how long without a sign of life a worker counts as hung."""
    message_bytes: Annotated[int, Field(ge=1024)] = 2_097_152
    """The largest message that a page may send: a saved run of the largest network is almost as long."""
    max_sessions: Positive = 200
    """How many sessions there may be at once."""
    sessions_per_address: Positive = 100
    """How many of them may come from one address, which a class may share."""
    messages_per_second: Positive = 200
    """How many messages of a page are listened to; one that says more waits."""
    ping_seconds: Seconds = 20
    """How often a page is asked for a sign of life, and how long it may take to answer."""
    worker_megabytes: Annotated[int, Field(ge=256)] = 2048
    """How much memory a process that trains may take."""
    max_deaths: Positive = 2
    """How many times within a minute a process may die in a run's turn before the run is ended."""
    requests_per_second: Positive = 100
    """How many requests to the HTTP API one address may make; twenty times as many at once."""
    head_seconds: Seconds = 10
    """How long the head of a request may take to come."""
    body_seconds: Seconds = 30
    """How long its body may take."""
    connections: Positive = 1000
    """How many connections there may be at once, of pages and requests together."""

    log: Literal["json", "text"] | None = None
    """What is logged as: an object of JSON a line, or text; text where a person reads along."""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    """What is logged: requests from info on."""

    data: Path = Field(default_factory=lambda: Path(user_data_dir("neural-playground", appauthor=False)))
    """The folder that the runs of scripts are kept in."""
    lessons: Path | None = None
    """A folder of lessons, shown behind the playground's own; one of the same name takes the place of ours."""
    processes: Positive = Field(default_factory=lambda: os.cpu_count() or 1)
    """Processes that train the runs of scripts, behind the live pages; one per core where it is left out."""
    scheduler: str = ""
    """The address of a Dask scheduler whose workers train the runs of scripts instead."""
    max_runs: Positive = 5_000
    """How many runs of scripts may wait or train at once."""
    max_sweep: Positive = 1_000
    """How many runs a sweep may have."""
    body_bytes: Annotated[int, Field(ge=1024)] = 524_288
    """The largest body of a request, but for files of points and networks."""

    keep_days: Seconds | None = None
    """After how many days since they ended runs are forgotten, if ever; sweeps as a whole."""
    keep_runs: Annotated[int, Field(ge=0)] | None = None
    """How many of the newest runs are kept in any case; all, if neither this nor the days say otherwise."""
    keep_states: list[Final] = Field(default_factory=list)
    """States whose runs are kept however old and many (a JSON list)."""

    @property
    def store(self) -> Path:
        """The file that the runs of scripts are kept in."""
        return self.data / "runs.sqlite3"

    @property
    def everywhere(self) -> bool:
        """Whether it listens at every address of the machine."""
        return self.host in EVERYWHERE

    @property
    def names(self) -> list[str]:
        """What a browser may know this server by; any address as well, where it listens everywhere."""
        here = socket.gethostname()
        own = [here, f"{here}.local"] if self.everywhere else [self.host]
        return list(dict.fromkeys(["localhost", "127.0.0.1", "[::1]", *own, *self.allowed_hosts]))

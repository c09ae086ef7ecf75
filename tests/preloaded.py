"""What a process has loaded that test programs are forked from: all that does not change while they run."""

from __future__ import annotations

import gc

import app.cli
import app.client
import app.doctor
import app.runs.runner
import app.server.serve
from app.page import templates

__all__ = ["app"]

templates.prepare()
gc.collect()
gc.freeze()  # so that no collection of garbage copies the pages of memory that all forks share

"""Trains a run with the generated client, and prints how it ended and its history: `train.py http://127.0.0.1:8000`."""

from __future__ import annotations

import json
import sys
import time

from generated import Client
from generated.api.runs import get_history, get_run, start_run
from generated.models import History, RunRequest, RunView

with Client(base_url=sys.argv[1], raise_on_unexpected_status=True) as client:
    run = start_run.sync(client=client, body=RunRequest(link="dataset=xor&networkShape=3&seed=0.5", epochs=30))
    assert isinstance(run, RunView), run
    while run.status in ("queued", "running"):
        time.sleep(0.05)
        run = get_run.sync(run.id, client=client)
        assert isinstance(run, RunView), run
    history = get_history.sync(run.id, client=client)
    assert isinstance(history, History), history

losses = [row.test_loss for row in history.history]
told = {"status": run.status, "dataset": run.config.dataset, "units": run.config.network_shape, "losses": losses}
print(json.dumps(told))

"""The server's Prometheus metrics, for `GET /metrics`: counts and times, without personal data."""

from __future__ import annotations

import asyncio

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import choose_encoder

LAG_SECONDS = 0.25
"""How often the event loop's lag is measured."""
CONTROLS = (0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1.0)
LAGS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0)

# When each number was first counted says nothing that the start of the process does not.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The numbers of one application, for whoever knows one of them to count or to set.

    `sessions` has the states `training`, `resting` and `away`; a worker is named by its number in the pool.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(name, text, labels, namespace="playground", registry=self.registry)

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(name, text, labels, namespace="playground", registry=self.registry)

        def times(name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
            return Histogram(name, text, namespace="playground", registry=self.registry, buckets=buckets)

        self.sessions = gauge("sessions", "Runs of pages: training, resting, or away from their page.", "state")
        self.waiting = gauge("waiting_pages", "Pages that wait for a place.")
        self.frames_made = counter("frames_made", "Frames that the workers have made.")
        self.frames_sent = counter("frames_sent", "Frames that were handed to a page's socket.")
        self.frames_dropped = counter("frames_dropped", "Frames that a newer one took the place of.")
        self.bytes_sent = counter("sent_bytes", "Bytes of frames and answers that were handed to pages' sockets.")
        self.controls = counter("controls", "Controls that came from pages.")
        self.worker_restarts = counter("worker_restarts", "Workers that died or hung, and were replaced.")
        self.refusals = counter("refusals", "What was turned away, by the reason.", "why")
        self.slider_to_frame_seconds = times(
            "slider_to_frame_seconds", "From a control's arrival to the first frame that shows it.", CONTROLS
        )
        self.loop_lag_seconds = times("loop_lag_seconds", "How late the event loop was.", LAGS)
        self.loop_tasks = gauge("loop_tasks", "Tasks of the event loop that have not ended.")
        self.worker_cpu_seconds = gauge("worker_cpu_seconds", "Processor time of a worker since its start.", "worker")
        self.worker_memory_bytes = gauge("worker_memory_bytes", "Memory that a worker takes.", "worker")
        self.runs = gauge("runs", "Runs of scripts that are kept.", "state")

    def text(self, accept: str = "") -> tuple[bytes, str]:
        """All numbers in the format that the asker accepts, and its media type."""
        encode, media_type = choose_encoder(accept)
        return encode(self.registry), media_type


async def measure_loop_lag(metrics: Metrics) -> None:
    """Measure the event loop's lag a few times a second, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LAG_SECONDS
        await asyncio.sleep(LAG_SECONDS)
        metrics.loop_lag_seconds.observe(max(0.0, loop.time() - due))

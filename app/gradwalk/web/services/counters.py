"""The counters of one server, for Prometheus."""

from typing import Final, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from gradwalk.contract.snapshot import Environment, Status
from gradwalk.version import __version__

_SECONDS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Metrics:
    """Counts the events since the server started, and shows its present state. Each server has its own registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._runs = Counter("gradwalk_runs", "Programs run, by outcome.", ["outcome"], registry=self.registry)
        self._refusals = Counter(
            "gradwalk_refusals", "Runs that were refused, by the code of the problem.", ["code"], registry=self.registry
        )
        self._cancelled = Counter("gradwalk_runs_cancelled", "Runs that their client gave up.", registry=self.registry)
        self._seconds = Histogram(
            "gradwalk_run_seconds",
            "Seconds that a run took: queued, running, and total with everything around them.",
            ["part"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._queue = Gauge("gradwalk_queue_length", "Runs that wait for a place.", registry=self.registry)
        self._running = Gauge("gradwalk_runs_running", "Programs that run now.", registry=self.registry)
        self._spares = Gauge("gradwalk_spares", "Confined processes that are ready.", registry=self.registry)
        self._snapshots = Gauge("gradwalk_store_snapshots", "Snapshots in the store.", registry=self.registry)
        self._bytes = Gauge("gradwalk_store_bytes", "Bytes of snapshots in the store.", registry=self.registry)
        self._info = Gauge(
            "gradwalk_info",
            "Always 1; the labels tell the versions.",
            ["version", "python", "torch"],
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        # Prometheus can compute a rate only if the counter exists before the first event
        for status in get_args(Status):
            self._runs.labels(status)
        for part in ("queued", "running", "total"):
            self._seconds.labels(part)

    def count_run(self, outcome: str, queued_ms: float, run_ms: float, total_ms: float) -> None:
        """Count a run whose snapshot is stored."""
        self._runs.labels(outcome).inc()
        for part, milliseconds in (("queued", queued_ms), ("running", run_ms), ("total", total_ms)):
            self._seconds.labels(part).observe(milliseconds / 1000)

    def count_refusal(self, code: str) -> None:
        """Count a run that was refused with a problem of this code."""
        self._refusals.labels(code).inc()

    def count_cancellation(self) -> None:
        """Count a run whose client disconnected before its end."""
        self._cancelled.inc()

    def set_load(self, queued: int, running: int, spares: int) -> None:
        """Set the load of the sandbox."""
        self._queue.set(queued)
        self._running.set(running)
        self._spares.set(spares)

    def set_holdings(self, snapshots: int, size: int) -> None:
        """Set how much the store holds; `size` in bytes."""
        self._snapshots.set(snapshots)
        self._bytes.set(size)

    def set_environment(self, environment: Environment) -> None:
        """Set the versions that programs run on."""
        self._info.labels(__version__, environment.python, environment.torch).set(1)

    def text(self) -> bytes:
        """Return all metrics in Prometheus's text format."""
        return generate_latest(self.registry)

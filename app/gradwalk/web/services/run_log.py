"""The record of each run: a line in the log and an increment of the counters, without any text of the program."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from gradwalk.errors import GradwalkError
from gradwalk.web.bodies import RunCreated
from gradwalk.web.services.counters import Metrics

_log = logging.getLogger(__name__)


class RunLog:
    """Records how runs end."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def record_run(self, created: RunCreated) -> None:
        """Record a run whose snapshot is stored, whether the program completed or failed."""
        timings = created.timings
        self._metrics.count_run(created.outcome.status, timings.queued_ms, timings.run_ms, timings.total_ms)
        fields = {"id": created.snapshot, "outcome": created.outcome.status, **timings.model_dump()}
        _log.info("run", extra=fields)

    @contextmanager
    def recording_failures(self) -> Iterator[None]:
        """Record a refusal or a cancellation that is raised inside the context, and raise it again."""
        try:
            yield
        except GradwalkError as error:
            self._metrics.count_refusal(error.code)
            _log.info("refused", extra={"code": error.code})
            raise
        except asyncio.CancelledError:
            self._metrics.count_cancellation()
            _log.info("cancelled")
            raise

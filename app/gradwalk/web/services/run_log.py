"""What is written down of each run: a line in the log and one more in the counters, never a word of the program."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from gradwalk.errors import GradwalkError
from gradwalk.web.bodies import RunCreated
from gradwalk.web.services.counters import Metrics

_log = logging.getLogger(__name__)


class RunLog:
    """Notes how runs end."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def ran(self, created: RunCreated) -> None:
        """A program ran, however that ended, and its snapshot is stored."""
        timings = created.timings
        self._metrics.ran(created.outcome.status, timings.queued_ms, timings.run_ms, timings.total_ms)
        fields = {"id": created.snapshot, "outcome": created.outcome.status, **timings.model_dump()}
        _log.info("run", extra=fields)

    @contextmanager
    def noting_what_did_not_run(self) -> Iterator[None]:
        """Notes a refusal, or a client that went away, and lets it pass."""
        try:
            yield
        except GradwalkError as error:
            self._metrics.refused(error.code)
            _log.info("refused", extra={"code": error.code})
            raise
        except asyncio.CancelledError:
            self._metrics.cancelled()
            _log.info("cancelled")
            raise

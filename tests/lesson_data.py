"""A data folder that holds the runs of all lessons, made once for all processes of a test run.

A server that starts in an empty folder runs every lesson, which takes several seconds of a processor.
"""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.processes import server, until

MakeDataDir = Callable[[], Path]

SECONDS_TO_RUN_THE_LESSONS: Final = 120


def folder_with_lessons(factory: pytest.TempPathFactory) -> Path:
    """Return the folder; the first process that asks makes it. It is there to be copied."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "with-lessons"
    with (shared / "with-lessons.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = shared / "making-lessons"
            shutil.rmtree(making, ignore_errors=True)
            with server(making) as running, running.client() as client:
                wait_for_lessons(client)
            making.rename(folder)
    return folder


def wait_for_lessons(client: httpx.Client) -> None:
    """Wait until the server has run the last lesson."""
    last = client.get("/api/v1/lessons").json()["lessons"][-1]["slug"]

    def is_run() -> bool:
        return client.get(f"/api/v1/lessons/{last}").json()["snapshot"] is not None

    assert until(is_run, SECONDS_TO_RUN_THE_LESSONS), "the lessons were not run in time"

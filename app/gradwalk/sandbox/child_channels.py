"""The channels to one child: the server's ends of its pipes, and its pidfd, on the server's event loop."""

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Final

CHUNK: Final = 1 << 18
"""The most bytes that are read at a time."""


@dataclass(frozen=True)
class Descriptors:
    """The server's ends of a child's pipes, and the child's pidfd, in the order in which the zygote sends them."""

    jobs: int
    results: int
    diagnostics: int
    stdout: int
    stderr: int
    pidfd: int


class ChildChannels:
    """Non-blocking reads, writes and signals through the descriptors of one child, each until it is closed."""

    def __init__(self, descriptors: Descriptors) -> None:
        self.descriptors = descriptors
        self._loop = asyncio.get_running_loop()
        self._open: set[int] = set(astuple(descriptors))
        self._unsent = memoryview(b"")
        os.set_blocking(descriptors.jobs, False)

    def is_open(self, descriptor: int) -> bool:
        """Return whether the descriptor was not closed yet."""
        return descriptor in self._open

    def watch(self, descriptor: int, on_readable: Callable[[], None]) -> None:
        """Call `on_readable` whenever there is something to read, or the end has come."""
        os.set_blocking(descriptor, False)
        self._loop.add_reader(descriptor, on_readable)

    def read(self, descriptor: int) -> bytes | None:
        """Return the data that can be read; empty at the end, null when there is none now."""
        try:
            return os.read(descriptor, CHUNK)
        except BlockingIOError:
            return None

    def send(self, data: bytes) -> None:
        """Send the data to the child: now what the pipe takes, the rest when there is room again."""
        self._unsent = memoryview(data)
        self._send_more()
        if self._unsent:
            self._loop.add_writer(self.descriptors.jobs, self._send_more)

    def _send_more(self) -> None:
        jobs = self.descriptors.jobs
        try:
            self._unsent = self._unsent[os.write(jobs, self._unsent) :]
        except BlockingIOError:
            return
        except OSError:  # the child is gone, or has closed the pipe: the end of its results shows that
            self._unsent = memoryview(b"")
        if not self._unsent:
            self._loop.remove_writer(jobs)

    def signal(self, number: int) -> None:
        """Send the child a signal. Nothing happens when it has ended already."""
        if not self.is_open(self.descriptors.pidfd):
            return
        try:
            signal.pidfd_send_signal(self.descriptors.pidfd, number)
        except ProcessLookupError:
            return

    def close(self, descriptor: int) -> None:
        """Close one descriptor, if it is still open."""
        if descriptor in self._open:
            self._open.discard(descriptor)
            self._loop.remove_reader(descriptor)
            self._loop.remove_writer(descriptor)
            os.close(descriptor)

    def close_all(self) -> None:
        """Close every descriptor that is still open."""
        for descriptor in list(self._open):
            self.close(descriptor)

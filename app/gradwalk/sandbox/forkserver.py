"""The server's side of the forkserver: the process that has imported everything and forks a zygote when asked.

It exists to save time: importing everything takes seconds, forking takes milliseconds. A zygote that dies is replaced
at once, and while a forkserver that died is started again, the zygote goes on without it.
"""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import time
from typing import Final

from gradwalk.errors import SandboxUnavailable
from gradwalk.sandbox.protocol import Confinement

_log = logging.getLogger(__name__)

_ENVIRONMENT: Final = {
    "LANG": "C.UTF-8",
    "HOME": "/nonexistent",
    "PYTHONHASHSEED": "0",  # the order of a set is the same in every run
    **dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    "MALLOC_ARENA_MAX": "1",
    "TORCHINDUCTOR_CACHE_DIR": "/",  # must exist, or the first zero_grad fails on a read-only root
}
"""The whole environment of the forkserver: no secret of the server is in it."""

# These flags are -I without its disregard of PYTHONHASHSEED; the environment above is the only one.
_COMMAND: Final = (sys.executable, "-s", "-P", "-B", "-m", "gradwalk.sandbox.zygote")
_END_SECONDS: Final = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 8.0
_STABLE_SECONDS: Final = 10.0
"""A process that ends sooner may never have been ready: then each restart waits longer than the last."""


class Forkserver:
    """The forkserver process, kept running from `start` to `close`."""

    def __init__(self, confinement: Confinement) -> None:
        self._confinement = confinement
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None
        self._ended = asyncio.Event()
        self._supervisor: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the process. It takes requests at once and fulfils them when it is ready. Raises OSError."""
        if self._supervisor is None:
            self._spawn()
            self._supervisor = asyncio.get_running_loop().create_task(self._supervise())

    def request(self) -> socket.socket:
        """Ask for a zygote. Return our end of its control socket, on which it reports when it is ready; the socket
        closes when the zygote ends. Raises SandboxUnavailable.
        """
        server_end, process_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with process_end:
            try:
                if self._requests is None:
                    raise BrokenPipeError
                socket.send_fds(self._requests, [b"zygote"], [process_end.fileno()])
            except OSError:
                server_end.close()
                raise SandboxUnavailable("The sandbox is starting.") from None
        server_end.setblocking(False)
        return server_end

    def restart(self) -> None:
        """Kill the process, so that a new one starts from nothing, because this one does not start what it should."""
        if self._process is not None:
            self._process.kill()

    async def close(self) -> None:
        """End the process. All its zygotes must have ended."""
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.wait([self._supervisor])
            self._supervisor = None
        await self._wait_for_exit()

    async def _supervise(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            began = time.monotonic()
            await self._ended.wait()
            await self._wait_for_exit()
            if time.monotonic() - began > _STABLE_SECONDS:
                pause = _FIRST_PAUSE
            _log.error("the forkserver of the sandbox ended: another starts in %s s", pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            try:
                self._spawn()
            except OSError as error:
                _log.error("the forkserver of the sandbox does not start: %s", error)
                self._ended.set()

    def _spawn(self) -> None:
        server_end, process_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with process_end:
            try:
                self._process = subprocess.Popen(
                    [*_COMMAND, str(process_end.fileno()), self._confinement.model_dump_json()],
                    pass_fds=[process_end.fileno()],
                    env=_ENVIRONMENT,
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except BaseException:
                server_end.close()
                raise
        server_end.setblocking(False)
        self._requests = server_end
        self._ended.clear()
        # the forkserver never sends anything: the socket becomes readable when the process ends
        asyncio.get_running_loop().add_reader(server_end, self._on_end)

    def _on_end(self) -> None:
        self._close_requests()
        self._ended.set()

    def _close_requests(self) -> None:
        if self._requests is not None:
            asyncio.get_running_loop().remove_reader(self._requests)
            self._requests.close()
            self._requests = None

    async def _wait_for_exit(self) -> None:
        """Wait until the process has ended, and kill it when that takes too long."""
        self._close_requests()
        process, self._process = self._process, None
        if process is None:
            return
        exited = asyncio.Event()
        pidfd = os.pidfd_open(process.pid)
        loop = asyncio.get_running_loop()
        loop.add_reader(pidfd, exited.set)
        try:
            await asyncio.wait_for(exited.wait(), _END_SECONDS)
        except TimeoutError:
            process.kill()
        finally:
            loop.remove_reader(pidfd)
            os.close(pidfd)
        process.wait()

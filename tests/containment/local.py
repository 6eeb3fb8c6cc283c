"""A server on this machine under the circumstances of one configuration."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.containment.examination import CANARY_OF_THE_SERVER, SETTINGS
from tests.containment.remains import everything
from tests.processes import announced

USER: Final = 64_123
"""Somebody without any right and without any file."""
USERS_OF_RUNS: Final = range(61_000, 62_000)
_SHARED_FOLDERS: Final = ["/", "/tmp", "/var/tmp", "/dev/shm"]
_STOP_SECONDS: Final = 20


@dataclass(frozen=True)
class Configuration:
    """`user`: the number of another user, null for the one that runs the tests. `refused`: system calls that the
    kernel refuses. `needs_root`: to be set up.
    """

    user: int | None
    refused: tuple[str, ...]
    needs_root: bool

    def command(self, *command: str) -> list[str]:
        """The command that starts `command` under these circumstances."""
        user = "-" if self.user is None else str(self.user)
        refused = ",".join(self.refused) or "-"
        return [sys.executable, "-m", "tests.containment.starting", user, refused, *command]


_SOMEBODY: Final = USER if os.geteuid() == 0 else None

ROOT: Final = Configuration(None, (), needs_root=True)
NOT_ROOT: Final = Configuration(_SOMEBODY, (), needs_root=False)
SECCOMP_ALONE: Final = Configuration(_SOMEBODY, ("landlock_create_ruleset", "unshare", "setns"), needs_root=False)
NOTHING: Final = Configuration(_SOMEBODY, ("landlock_create_ruleset", "unshare", "setns", "seccomp"), needs_root=False)

CONFIGURATIONS: Final = {"root": ROOT, "not root": NOT_ROOT, "seccomp alone": SECCOMP_ALONE}


class LocalServer:
    """A server in a process of its own. `process`: that process."""

    def __init__(self, process: subprocess.Popen[str], url: str, data_dir: Path, log: Path) -> None:
        self.process = process
        self.url = url
        self._data_dir = data_dir
        self._log = log

    def log(self) -> str:
        """What the server has written to stderr."""
        return self._log.read_text(errors="replace")

    def remains(self) -> dict[str, Any]:
        """See examination.Target. Of the folders that others use too only what belongs to a program's user."""
        found = everything(self.process.pid, [*_SHARED_FOLDERS, str(self._data_dir)])
        owners: dict[str, int] = found["files"]  # type: ignore[assignment]
        suspects = {USER, *USERS_OF_RUNS}
        own = {path for path in owners if Path(path).parent == self._data_dir}
        strange = {path for path, owner in owners.items() if owner in suspects and Path(path).parent != self._data_dir}
        return {**found, "files": sorted(own | (strange - {str(self._data_dir)}))}


@contextmanager
def serving(configuration: Configuration) -> Iterator[LocalServer]:
    """A server under these circumstances, with a secret in its environment, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="gradwalk-containment-"))
    data_dir, log = folder / "data", folder / "log"
    data_dir.mkdir()
    if configuration.user is not None:
        folder.chmod(0o755)
        os.chown(data_dir, configuration.user, configuration.user)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GRADWALK_")}
    with log.open("w") as stderr:
        process = subprocess.Popen(
            configuration.command(
                sys.executable, "-B", "-m", "gradwalk", "serve", "--port", "0", "--data-dir", str(data_dir)
            ),
            env={**inherited, **SETTINGS, "DATABASE_PASSWORD": CANARY_OF_THE_SERVER},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        yield LocalServer(process, announced(process, lambda: log.read_text()), data_dir, log)
    finally:
        process.terminate()
        process.communicate(timeout=_STOP_SECONDS)
        shutil.rmtree(folder)

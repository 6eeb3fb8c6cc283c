"""A real PostgreSQL server for the tests, in a folder of its own, on a Unix socket only."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

_MISSING = (
    "These tests need PostgreSQL's server programs (initdb, postgres): install your system's package postgresql, "
    "or run .ci/install-postgresql, and run the tests again."
)
_SECONDS = 60
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


class PostgresqlServer:
    """A server that answers. `user`: the name of its superuser."""

    user = "gradwalk"

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> URL:
        """As an operator would write it: without a driver."""
        return URL.create("postgresql", self.user, database=database, query={"host": str(self._folder)})

    def create_database(self) -> URL:
        """A new and empty database."""
        name = f"test_{secrets.token_hex(6)}"
        self.sql("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def sql(self, database: str, statement: str) -> str:
        """What psql prints of a statement's rows."""
        arguments: list[str | Path] = [
            "--host",
            self._folder,
            "--username",
            self.user,
            "--dbname",
            database,
            "-qAtX",
            "-c",
            statement,
        ]
        return subprocess.run(
            [self._programs / "psql", *arguments], check=True, capture_output=True, text=True, timeout=_SECONDS
        ).stdout.strip()

    def initialise(self) -> None:
        """Makes an empty cluster. It need not survive anything: nothing waits for the disk."""
        options: list[str | Path] = [
            "--pgdata",
            self._data,
            "--username",
            self.user,
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
        ]
        self._run("initdb", *options, "--locale", "C", "--no-sync")

    def start(self) -> None:
        """Starts it and waits until it answers."""
        user, group = _owner()
        options: list[str | Path] = ["-D", self._data, "-k", self._folder, "-c", "listen_addresses=", "-c", "fsync=off"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", *options],
                cwd=self._folder,
                stdout=subprocess.DEVNULL,
                stderr=log,
                user=user,
                group=group,
            )
        end = time.monotonic() + _SECONDS
        ready: list[str | Path] = [self._programs / "pg_isready", "--quiet", "--host", self._folder]
        while subprocess.run(ready, check=False).returncode != 0:
            assert self._process.poll() is None, (self._folder / "log").read_text()
            assert time.monotonic() < end, "PostgreSQL does not answer"
            time.sleep(0.05)

    def stop(self) -> None:
        """Stops it at once; whoever is connected is cut off."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(_SECONDS)
            self._process = None

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _run(self, program: str, *arguments: str | Path) -> None:
        user, group = _owner()
        done = subprocess.run(
            [self._programs / program, *arguments],
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
            user=user,
            group=group,
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A server that is gone at the end, with everything in it."""
    programs = find_programs(_FOLDERS)
    folder = Path(tempfile.mkdtemp(prefix="gradwalk-pg-"))  # pytest's folders are closed to other users
    server = PostgresqlServer(programs, folder)
    try:
        user, group = _owner()
        if user is not None and group is not None:
            os.chown(folder, user, group)
        server.initialise()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def find_programs(folders: Sequence[str]) -> Path:
    """The folder of PostgreSQL's server programs, the newest one. Fails the test when there is none."""
    on_path = shutil.which("initdb")
    if on_path is not None and shutil.which("postgres") is not None:
        return Path(on_path).resolve().parent
    found = [path for pattern in folders for path in Path("/").glob(pattern.lstrip("/")) if (path / "initdb").exists()]
    assert found, _MISSING
    return max(
        found, key=lambda path: [int(part) for part in path.parent.name.split("-")[-1].split(".") if part.isdigit()]
    )


def _owner() -> tuple[int, int] | tuple[None, None]:
    """User and group of the server: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None, None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid

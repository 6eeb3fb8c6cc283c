"""The settings, which are defined here and nowhere else. Every field is an environment variable `GRADWALK_<NAME>`."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_ORIGIN = re.compile(r"https?://[^\s/?#@,;*]+")
_HOST = re.compile(r"(\*\.)?[^\s/?#@,*]+")

DEFAULT_URL = "http://127.0.0.1:8000"
"""Where a server without settings is found."""

CommaSeparated = Annotated[tuple[str, ...], NoDecode]
"""A list of texts, separated by commas in an environment variable."""


class Settings(BaseSettings):
    """The frozen settings of one server process, built by `gradwalk.cli.main` and handed down, never read at import."""

    model_config = SettingsConfigDict(env_prefix="GRADWALK_", frozen=True, extra="forbid")

    data_dir: Path = Field(Path("gradwalk-data"), description="Folder for everything that must survive a restart.")
    host: str = Field("127.0.0.1", description="Address that the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that the server listens on; 0 picks a free one.")
    database_url: str | None = Field(
        None,
        description="The snapshot database, for example postgresql://USER:PASSWORD@HOST/NAME; SQLite under the data "
        "folder when unset.",
    )
    keep_days: int = Field(
        365, ge=1, le=100_000, description="Days that a snapshot is kept, counted while a server runs."
    )
    store_mib: int = Field(
        2048, ge=64, le=2**30, description="Size of all snapshots together, in MiB; past it the oldest ones go."
    )
    wall_seconds: float = Field(5.0, gt=0, le=300, description="Seconds that one program may run.")
    memory_mib: int = Field(256, ge=64, le=16384, description="Memory that one program may use, in MiB.")
    output_kib: int = Field(64, ge=1, le=4096, description="Text that one program may print, in KiB.")
    program_bytes: int = Field(200_000, ge=1, description="Longest program that is accepted, in bytes of UTF-8.")
    spares: int = Field(2, ge=1, le=64, description="Confined processes kept ready, so that a run starts at once.")
    queue_length: int = Field(128, ge=1, description="Runs that may wait; past it the answer is 503 with Retry-After.")
    client_queue_length: int = Field(8, ge=1, description="Runs of one client that may wait, beside the one that runs.")
    recorded_steps: int = Field(
        30_000, ge=1, description="Steps recorded of one program; past it only the loss is kept."
    )
    recorded_mib: int = Field(16, ge=1, description="Tensor data recorded of one program, in MiB.")
    inline_elements: int = Field(1024, ge=1, description="Largest tensor whose numbers stand inside the iteration.")
    stored_elements: int = Field(65_536, ge=1, description="Largest tensor whose numbers are kept at all.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What is logged, one JSON object per line on stderr; `info` is a line per run."
    )
    trust_programs: bool = Field(
        False, description="Run programs without confinement. Only for your own programs, only on loopback."
    )
    allowed_origins: CommaSeparated = Field(
        (),
        description="Origins whose pages may use the REST API, with commas between them; * for all. None when unset.",
    )
    allowed_hosts: CommaSeparated = Field(
        (),
        description="Names that the server answers to, with commas between them, *.school.example too; any when unset.",
    )
    embed_origins: CommaSeparated = Field(
        ("*",),
        description="Origins whose pages may frame /embed/, with commas between them; * for all, empty for none.",
    )
    connections: int = Field(512, ge=1, description="Connections that may be open; more are answered with 503.")
    header_kib: int = Field(
        32, ge=1, le=1024, description="Request line and headers that one request may have, in KiB."
    )
    header_seconds: float = Field(10.0, gt=0, description="Seconds in which a request's headers must have arrived.")
    body_seconds: float = Field(30.0, gt=0, description="Seconds in which a request's body must have arrived.")
    idle_seconds: float = Field(
        30.0, gt=0, description="Seconds that a client may leave an answer unread, before its connection is cut."
    )

    @field_validator("allowed_origins", "allowed_hosts", "embed_origins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value

    @field_validator("allowed_origins", "embed_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if origin != "*" and not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin: write https://school.example, without a path")
        return tuple(origin.lower() for origin in origins)

    @field_validator("allowed_hosts")
    @classmethod
    def _are_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(f"{host!r} is no host name: write school.example, without https:// and without a path")
        return tuple(host.lower() for host in hosts)

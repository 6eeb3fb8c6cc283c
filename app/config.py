"""The one place where settings live. Every field is an environment variable `GRADWALK_<NAME>`."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Frozen settings of one server process. Built at the edge (`app.cli`), handed down, never read at import."""

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

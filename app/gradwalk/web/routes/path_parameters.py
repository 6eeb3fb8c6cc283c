"""The parameters in the addresses of snapshots, which several resources share."""

from typing import Annotated

from fastapi import Path

SnapshotId = Annotated[str, Path(description="The id that the run was answered with.")]
IterationIndex = Annotated[int, Path(description="0 for the first iteration.")]

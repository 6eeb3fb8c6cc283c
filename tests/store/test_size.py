"""How much room a learning network takes: no more than 1.5 times the bytes of its tensors, all of them."""

import asyncio
import math
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from gradwalk.cli.trace_command import trace_file
from gradwalk.config import Settings
from gradwalk.contract.snapshot import Snapshot
from gradwalk.store import Store, sqlite_url

PROGRAM = Path(__file__).parent / "programs" / "tiny_gpt.py"


def test_a_tiny_gpt_takes_at_most_one_and_a_half_times_its_tensors(tmp_path: Path) -> None:
    document = recorded(tmp_path / "snapshot.json")
    assert len(document["iterations"]) == 5
    raw = raw_bytes(document)
    stored = bytes_on_disk(Snapshot.model_validate_json((tmp_path / "snapshot.json").read_bytes()), tmp_path)
    assert raw > 10_000_000
    assert stored <= 1.5 * raw
    # what it is now, with room for another version of PyTorch
    assert stored <= 0.85 * raw, f"{stored / raw:.2f}"


def recorded(output: Path) -> Any:
    assert trace_file(PROGRAM, output, 0, Settings()) is None
    return orjson.loads(output.read_bytes())


def raw_bytes(document: Any) -> int:
    """Bytes of the elements of every tensor in a snapshot, as PyTorch holds them, once for each of its roles."""
    found = 0
    waiting = [document["iterations"]]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict) and {"id", "shape", "dtype"} <= current.keys():
            found += math.prod(current["shape"]) * np.dtype(current["dtype"]).itemsize
        elif isinstance(current, dict):
            waiting += current.values()
        elif isinstance(current, list):
            waiting += current
    return found


def bytes_on_disk(snapshot: Snapshot, folder: Path) -> int:
    """How much larger a database's file gets."""

    async def save() -> int:
        store = Store(sqlite_url(folder))
        await store.start()
        await store.close()
        before = (folder / "gradwalk.sqlite3").stat().st_size
        await store.save(snapshot)
        await store.close()
        return (folder / "gradwalk.sqlite3").stat().st_size - before

    return asyncio.run(save())

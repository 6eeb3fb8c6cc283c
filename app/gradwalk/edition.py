"""The edition of Gradwalk, down to the last line: another edition may record the same program in another way."""

import hashlib
from pathlib import Path

from gradwalk.config import Settings

_SHAPING = {
    "wall_seconds",
    "memory_mib",
    "output_kib",
    "recorded_steps",
    "recorded_mib",
    "inline_elements",
    "stored_elements",
}
"""The settings that show in a snapshot."""


def edition(settings: Settings) -> str:
    """Return 64 hexadecimal digits: the SHA-256 of all of Gradwalk's Python and of the settings that shape a snapshot.

    The version alone is not enough: it stays the same while Gradwalk is being worked on.
    """
    digest = hashlib.sha256(settings.model_dump_json(include=_SHAPING).encode())
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()

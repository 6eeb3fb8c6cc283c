"""Python imports this at the start of a server whose clock a test turns: the file that TURNED_CLOCK names holds the
seconds by which the machine's clock is wrong. Nothing else of the server is another.
"""

import datetime
import os
import time
from pathlib import Path

_file = Path(os.environ.pop("TURNED_CLOCK"))
_true = time.time


def _turned() -> float:
    return _true() + float(_file.read_text())


class _Datetime(datetime.datetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> "_Datetime":
        return cls.fromtimestamp(_turned(), tz)


time.time = _turned
datetime.datetime = _Datetime  # type: ignore[misc]

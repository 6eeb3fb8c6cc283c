"""The logs of a server: one JSON object per line, for people who read it and programs that sort it."""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final, TextIO

_ORDINARY: Final = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "color_message"})
"""The fields that every record of the standard library has (and one that uvicorn adds); all others are our own."""


class JsonLines(logging.Formatter):
    """A formatter of records as `{"time", "level", "logger", "message", …, "exception"}`. The items of `extra` are
    fields.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line, never more."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _ORDINARY}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def write_logs(stream: TextIO, level: str) -> None:
    """Write everything that is logged in this process from now on, at `level` and above, to `stream`."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # one line per statement is of use only to the developers of these libraries
    for chatty in ("aiosqlite", "asyncio", "alembic", "sqlalchemy", "uvicorn", "httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))

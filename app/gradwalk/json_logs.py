"""What a server writes down of its work: one JSON object per line, for people who read it and programs that sort it."""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final, TextIO

_ORDINARY: Final = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "color_message"})
"""What every record of the standard library has (and one that uvicorn adds): everything else is a field of ours."""


class JsonLines(logging.Formatter):
    """A record as `{"time", "level", "logger", "message", …, "exception"}`. What was given as `extra` are fields."""

    def format(self, record: logging.LogRecord) -> str:
        """As logging.Formatter.format; never more than one line."""
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
    """From now on everything that is logged in this process, at `level` and above, goes to `stream`."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # one line per statement is of no use to anybody but a developer of theirs
    for chatty in ("aiosqlite", "asyncio", "alembic", "sqlalchemy", "uvicorn", "httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))

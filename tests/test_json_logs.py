"""Every line of the log is one JSON object."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from gradwalk.json_logs import write_logs


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The stream that everything is logged to; the test runner's own handlers come back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    stream = io.StringIO()
    write_logs(stream, "info")
    yield stream
    root.handlers = handlers
    root.setLevel(level)


def test_fields_stand_beside_the_message(log: io.StringIO) -> None:
    logging.getLogger("gradwalk.x").info("run", extra={"id": "abc", "run_ms": 3.25})
    line = json.loads(log.getvalue())
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "info", "logger": "gradwalk.x", "message": "run", "id": "abc", "run_ms": 3.25}


def test_an_exception_stays_on_its_line(log: io.StringIO) -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        logging.getLogger("gradwalk.x").exception("It broke:\n%s", "\x1b[31m")
    (text,) = log.getvalue().splitlines()
    line = json.loads(text)
    assert line["message"] == "It broke:\n\x1b[31m"
    assert "\x1b" not in text
    assert line["exception"].endswith("ValueError: first\nsecond")


def test_what_json_does_not_have_is_told_as_text(log: io.StringIO) -> None:
    logging.getLogger("gradwalk.x").warning("odd", extra={"thing": {1, 2}, "half": "\ud800"})
    line = json.loads(log.getvalue())
    assert line["thing"] == "{1, 2}"
    assert line["half"] == "\ud800"


def test_what_is_below_the_level_is_not_written(log: io.StringIO) -> None:
    logging.getLogger("gradwalk.x").debug("hidden")
    logging.getLogger("uvicorn.error").info("hidden")
    assert log.getvalue() == ""

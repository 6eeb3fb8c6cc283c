"""The command `serve`, and what `openapi` writes."""

from collections.abc import Callable

import orjson

from gradwalk.config import Settings
from gradwalk.web.application import api
from gradwalk.web.server import CannotStart, serve_until_stopped


def serve(settings: Settings, announce: Callable[[str], None]) -> str | None:
    """Serve until stopped; `announce` is called with the page's address. Return a sentence when no server can start
    here, and raise GradwalkError when the sandbox or the store cannot.
    """
    try:
        serve_until_stopped(settings, announce)
    except CannotStart as error:
        return str(error)
    return None


def openapi_document() -> str:
    """Return the OpenAPI document of the REST API as JSON."""
    return orjson.dumps(api().openapi(), option=orjson.OPT_INDENT_2).decode() + "\n"

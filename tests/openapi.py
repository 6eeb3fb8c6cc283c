"""The OpenAPI document, made once for all tests of a process: that takes half a second."""

from functools import cache
from typing import Any

from gradwalk.web.application import api


@cache
def document() -> dict[str, Any]:
    """Return the document of the API as it is. A test that changes it takes a copy."""
    return api().openapi()

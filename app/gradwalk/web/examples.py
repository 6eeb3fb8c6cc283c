"""The examples of the OpenAPI document: real responses of a server for one small program (`examples.json`)."""

from pathlib import Path
from typing import Any

import orjson

EXAMPLES: dict[str, Any] = orjson.loads((Path(__file__).parent / "examples.json").read_bytes())
"""The examples by the name of their model."""


def add_examples(document: dict[str, Any]) -> None:
    """Add an example to every JSON body of a request or response whose model has one."""
    for operation in (operation for path in document["paths"].values() for operation in path.values()):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for media_type, content in (item for body in bodies for item in body.get("content", {}).items()):
            model = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
            if media_type.endswith("json") and model in EXAMPLES:
                content["example"] = EXAMPLES[model]

"""The generator of static/src/generated/operations.json, the part of the table of operations that the page needs.

Run `python -m gradwalk.operations.catalogue` in the root of the repository after an entry has changed. The file is
loaded with the page, so it is compact: names that share a value stand together, separated by spaces.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final

from gradwalk.operations.call import CANONICAL
from gradwalk.operations.entry import Kind, Operation
from gradwalk.operations.registry import CHAPTERS

PATH: Final = Path("static/src/generated/operations.json")
_KINDS: Final[tuple[Kind, ...]] = ("elementwise", "reduction", "writes_constants")
"""The kinds that the page asks for."""


def catalogue(operations: Iterable[Operation]) -> dict[str, Any]:
    """Return what the page needs to know of these operations, as JSON data."""
    each = list(operations)
    return {
        "kinds": _grouped(each, lambda operation: operation.kind if operation.kind in _KINDS else None),
        "signs": _grouped(each, lambda operation: operation.sign),
        "words": _grouped(each, lambda operation: operation.word),
        "attention": _grouped(each, lambda operation: operation.attention),
        "infixes": _grouped(each, lambda operation: operation.infix),
        "right": _grouped(each, lambda operation: operation.right),
        "gradients": {name: dict(each.gradient) for each in each for name in each.names if each.gradient},
        "arguments": CANONICAL,
    }


def document(found: Mapping[str, Any]) -> str:
    """Return the text of the file, in the form that the page's formatter would give it."""
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _grouped(operations: list[Operation], value_of: Callable[[Operation], str | None]) -> dict[str, str]:
    """Return the names of the operations by the value that they share, in the order of the table."""
    names: dict[str, list[str]] = {}
    for operation in operations:
        value = value_of(operation)
        if value is not None:
            names.setdefault(value, []).extend(operation.names)
    return {value: " ".join(found) for value, found in names.items()}


def main() -> None:
    """Write the file."""
    PATH.write_text(document(catalogue(chain.from_iterable(CHAPTERS.values()))), "utf-8")


if __name__ == "__main__":
    main()

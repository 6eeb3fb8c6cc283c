"""What of a change to an OpenAPI document breaks a client that was written against the document before it.

Requests are contravariant, answers covariant: a client sends what it always sent, and reads what it always read.
Additions pass: clients pass over fields that they do not know.
"""

from collections.abc import Iterator
from typing import Any, Literal

Direction = Literal["request", "answer"]
Document = dict[str, Any]
Schema = dict[str, Any]

_UPPER_LIMITS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER_LIMITS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")


def breaking_changes(released: Document, current: Document) -> list[str]:
    """A sentence for each."""
    return list(dict.fromkeys(_paths(_Documents(released, current))))


class _Documents:
    """Both documents, and the pairs of schemas that have been compared: schemas refer to themselves."""

    def __init__(self, released: Document, current: Document) -> None:
        self.released = released
        self.current = current
        self._compared: set[tuple[int, int, Direction]] = set()

    def is_new(self, old: Schema, new: Schema, direction: Direction) -> bool:
        """Whether these two are compared for the first time."""
        pair = (id(old), id(new), direction)
        known = pair in self._compared
        self._compared.add(pair)
        return not known


def _target(document: Document, schema: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _paths(both: _Documents) -> Iterator[str]:
    for path, methods in both.released["paths"].items():
        if path not in both.current["paths"]:
            yield f"The path {path} is gone."
            continue
        for method, operation in methods.items():
            where = f"{method.upper()} {path}"
            new = both.current["paths"][path].get(method)
            if new is None:
                yield f"{where} is gone."
            else:
                yield from _operation(both, operation, new, where)


def _operation(both: _Documents, old: Schema, new: Schema, where: str) -> Iterator[str]:
    yield from _parameters(both, old, new, where)
    yield from _request_body(both, old.get("requestBody"), new.get("requestBody"), where)
    for status, answer in old["responses"].items():
        if status not in new["responses"]:
            yield f"{where} never answers with {status} any more."
            continue
        now = new["responses"][status]
        for header in answer.get("headers", {}):
            if header not in now.get("headers", {}):
                yield f"{where}: the header {header} of {status} is gone."
        yield from _contents(both, answer, now, "answer", f"{where} {status}")


def _parameters(both: _Documents, old: Schema, new: Schema, where: str) -> Iterator[str]:
    before = {(p["in"], p["name"]): p for p in old.get("parameters", [])}
    after = {(p["in"], p["name"]): p for p in new.get("parameters", [])}
    for key, parameter in before.items():
        name = f"{where}: the {key[0]} parameter {key[1]}"
        if key not in after:
            yield f"{name} is gone."
        else:
            yield from _schema(both, parameter["schema"], after[key]["schema"], "request", name)
    for key, parameter in after.items():
        was_required = before.get(key, {}).get("required", False)
        if parameter.get("required", False) and not was_required:
            yield f"{where}: the {key[0]} parameter {key[1]} is required now."


def _request_body(both: _Documents, old: Schema | None, new: Schema | None, where: str) -> Iterator[str]:
    if new is not None and new.get("required", False) and not (old or {}).get("required", False):
        yield f"{where}: a body is required now."
    if old is not None and new is None:
        yield f"{where} takes no body any more."
    elif old is not None and new is not None:
        yield from _contents(both, old, new, "request", f"{where} request")


def _contents(both: _Documents, old: Schema, new: Schema, direction: Direction, where: str) -> Iterator[str]:
    for media_type, content in old.get("content", {}).items():
        now = new.get("content", {}).get(media_type)
        if now is None:
            yield f"{where}: {media_type} is gone."
        else:
            yield from _schema(both, content.get("schema", {}), now.get("schema", {}), direction, where)


def _schema(both: _Documents, old: Schema, new: Schema, direction: Direction, where: str) -> Iterator[str]:
    before, after = _alternatives(both.released, old), _alternatives(both.current, new)
    lost, added = before.keys() - after.keys(), after.keys() - before.keys()
    # anything at all is the widest type: it may take the place of any other in a request, of none in an answer
    if direction == "request" and lost and "anything" not in after:
        yield f"{where}: the type {_names(lost)} is not taken any more."
    if direction == "answer" and added and "anything" not in before:
        yield f"{where}: the type may be {_names(added)} now."
    for kind in before.keys() & after.keys():
        if both.is_new(before[kind], after[kind], direction):
            yield from _same_type(both, before[kind], after[kind], direction, where)


def _names(types: set[str]) -> str:
    return " or ".join(sorted(types))


def _alternatives(document: Document, schema: Schema) -> dict[str, Schema]:
    """The schema of each JSON type that a schema allows."""
    schema = _target(document, schema)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            found: dict[str, Schema] = {}
            for part in schema[several]:
                found |= _alternatives(document, part)
            return found
    types = schema.get("type") or _type_of_values(schema) or "anything"
    return dict.fromkeys([types] if isinstance(types, str) else types, schema)


def _type_of_values(schema: Schema) -> str | None:
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return {str: "string", bool: "boolean", int: "integer", float: "number"}.get(type(values[0])) if values else None


def _same_type(both: _Documents, old: Schema, new: Schema, direction: Direction, where: str) -> Iterator[str]:
    yield from _properties(both, old, new, direction, where)
    for inner in ("items", "additionalProperties"):
        if isinstance(old.get(inner), dict) and isinstance(new.get(inner), dict):
            yield from _schema(both, old[inner], new[inner], direction, f"{where}[]")
    if direction == "request":
        yield from _narrower(old, new, where)


def _properties(both: _Documents, old: Schema, new: Schema, direction: Direction, where: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, schema in before.items():
        if name not in after:
            yield f"{where}: the field {name} is gone."
        else:
            yield from _schema(both, schema, after[name], direction, f"{where}.{name}")
    was, now = set(old.get("required", [])), set(new.get("required", []))
    if direction == "request":
        yield from (f"{where}: the field {name} is required now." for name in sorted(now - was))
    else:
        missing = sorted((was - now) & after.keys())
        yield from (f"{where}: the field {name} may be missing now." for name in missing)


def _narrower(old: Schema, new: Schema, where: str) -> Iterator[str]:
    """What a request may not hold any more."""
    before, after = _values(old), _values(new)
    if after is not None:
        refused = ["others"] if before is None else [value for value in before if value not in after]
        yield from (f"{where}: the value {value} is not taken any more." for value in refused)
    for limit in _UPPER_LIMITS:
        if limit in new and (limit not in old or new[limit] < old[limit]):
            yield f"{where}: {limit} is {new[limit]} now."
    for limit in _LOWER_LIMITS:
        if limit in new and (limit not in old or new[limit] > old[limit]):
            yield f"{where}: {limit} is {new[limit]} now."
    if "pattern" in new and new["pattern"] != old.get("pattern"):
        yield f"{where}: the pattern is {new['pattern']} now."


def _values(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    values: list[Any] | None = schema.get("enum")
    return values

"""The base of the contract's models, a quick way to build many of them, and their JSON."""

import json
from typing import Any, Final, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """The base of all models: frozen and strict. A field of another type or name is an error, never a guess."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def json_fields(self) -> dict[str, Any]:
        """Return the fields by their names in JSON. orjson calls this again for a value that it cannot write."""
        kind = type(self)
        aliases = _ALIASES.get(kind)
        if aliases is None:
            aliases = _ALIASES[kind] = {name: f.alias for name, f in kind.model_fields.items() if f.alias is not None}
        fields = vars(self)
        return {aliases.get(name, name): value for name, value in fields.items()} if aliases else fields


Built = TypeVar("Built", bound=Model)

_new: Final = object.__new__
_set_fields, _set_named, _set_extra, _set_private = (
    BaseModel.__dict__[slot].__set__
    for slot in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)
"""The slots of a pydantic model, written without the detour over its `__setattr__`."""
_FIELDS: Final[dict[type[Model], set[str]]] = {}
_ALIASES: Final[dict[type[Model], dict[str, str]]] = {}


def build(kind: type[Built], fields: dict[str, Any]) -> Built:
    """Build a model from fields that are all known to fit. Nothing is checked, and `fields` becomes the model's own.

    The recorder makes a hundred thousand tensors and steps out of its own numbers; checking each takes longer than the
    program that was recorded.
    """
    model = _new(kind)
    _set_fields(model, fields)
    _set_named(model, _FIELDS.get(kind) or _fields_of(kind))
    _set_extra(model, None)
    _set_private(model, None)
    return model


def _fields_of(kind: type[Model]) -> set[str]:
    names = _FIELDS[kind] = set(kind.model_fields)
    return names


def json_of(model: Model) -> bytes:
    """Return the model as JSON, as pydantic writes it but two to eight times as fast.

    Pydantic tests for every single number which member of the union Element it is.
    """
    try:
        return orjson.dumps(model, default=_fields)
    except TypeError:
        # an integer of more than 64 bits, a key that is no text, or half of a surrogate pair, which UTF-8 cannot carry:
        # a program may put them into its names and into the state of its optimizer
        fields = model.model_dump(by_alias=True, warnings=False)
        return json.dumps(fields, ensure_ascii=False, skipkeys=True, default=str).encode("utf-8", "replace")


def _fields(model: Any) -> dict[str, Any]:
    if not isinstance(model, Model):
        raise TypeError(type(model).__name__)
    return model.json_fields()

"""The autograd nodes of an operation, a part of the snapshot."""

from functools import cache
from typing import Any, Literal

from pydantic import Field

from gradwalk.contract.fields import Count, Dtype, Extent, NodeId
from gradwalk.contract.models import Model

Unread = Literal["hooks", "transform", "observer", "subclass", "changed", "freed"]
"""The reason why it was not read what an autograd node saved."""


class Sparse(Model):
    """A model of which there are very many: fields that hold their usual value are left out of its JSON."""

    def json_fields(self) -> dict[str, Any]:
        """Return the fields that do not have their usual value."""
        usual = _usual(type(self))
        return {name: value for name, value in vars(self).items() if name not in usual or value != usual[name]}


@cache
def _usual(kind: type[Model]) -> dict[str, Any]:
    fields = kind.model_fields.items()
    return {name: field.get_default(call_default_factory=True) for name, field in fields if not field.is_required()}


class SavedTensor(Sparse):
    """A tensor that an autograd node saved for backward.

    `name`: as in PyTorch's derivatives.yaml; `saved_tensors[0]` of a Function of the program's own. `bytes`: the memory
    that its elements take (for an expanded tensor, fewer than its shape says). `storage`: equal for the tensors of one
    operation that share memory, which exists once. `node`, `output`: the node whose value it is, or, where `view` is
    true, is a view of; null where that is not known.
    """

    name: str
    shape: list[Extent]
    dtype: Dtype
    bytes: Extent
    storage: Count = 0
    node: NodeId | None = None
    output: Count = 0
    view: bool = False


class AutogradNode(Sparse):
    """One node of PyTorch's own backward graph and what it saved for backward.

    `saved`: the names of all that a node of its kind may save. `tensors`: those that it did save. They are null where
    they were not read: in older snapshots, past the first 500 nodes of an iteration, or for the reason `unread`. Some
    reasons keep the recorder from leaving a trace on the program: `hooks` (of saved_tensors_hooks, which hold them),
    `transform` (of torch.func), `observer` (a dispatch mode), `subclass` (the program's own class of tensors). For
    others PyTorch did not give the tensors out: `changed` (in place, since), `freed`. `values`: the plain values that
    it saved, by name.
    """

    name: str
    saved: list[str]
    tensors: list[SavedTensor] | None = None
    values: dict[str, Any] = Field(default_factory=dict)
    unread: Unread | None = None

"""Every operator that PyTorch declares a derivative for has an explanation: by hand, or as PyTorch declares it."""

from app.autograd import AutogradNode
from app.calculus.call import Call, base_name
from app.calculus.declared import FORMULAS, find
from app.calculus.registry import EXPLAINED
from app.snapshot import Node
from tests.conftest import Tell


def call_of(function: str) -> Call:
    """A call of a function of which nothing but its name is known."""
    node = Node(
        id="n0", kind="operation", op=function, name=None, line=1, path=[], group=None, arguments={}, outputs=1,
        failed=False, requires_grad=True, autograd=[AutogradNode(name="UnknownBackward0", saved=[])],
    )  # fmt: skip
    return Call(node, base_name(function), {}, [], {})


def test_none_is_without(tell: Tell) -> None:
    functions = sorted({base_name(function) for function in FORMULAS})
    by_hand = [function for function in functions if function in EXPLAINED]
    declared = [f for f in functions if f not in EXPLAINED and find(call_of(f), "self") is not None]
    none = [function for function in functions if function not in EXPLAINED and function not in declared]
    tell(f"{len(functions)} operators: {len(by_hand)} by hand, {len(declared)} declared, {len(none)} without")
    assert none == []
    assert len(by_hand) > 80

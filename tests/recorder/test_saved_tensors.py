"""What autograd has saved for backward: told as plain PyTorch has it, without a trace on the program."""

import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils._python_dispatch import TorchDispatchMode

from gradwalk.contract.autograd_node import AutogradNode
from gradwalk.contract.snapshot import Node
from gradwalk.recorder import trace
from gradwalk.recorder.saved_tensors import MOST_NODES_READ
from tests.recorder.checks import check_leaves_no_trace


def recorded(program: Callable[[], Any]) -> dict[str, Node]:
    """The operations of a program, by what they are called."""
    with trace() as recording:
        program()
    (graph, *_) = recording.snapshot().graphs
    return {node.op or node.name or node.id: node for node in graph.nodes}


def told(one: AutogradNode) -> list[tuple[str, list[int], int]]:
    assert one.tensors is not None
    return [(tensor.name, tensor.shape, tensor.bytes) for tensor in one.tensors]


class Doubled(torch.autograd.Function):
    """Twice its argument."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, factor: float) -> torch.Tensor:
        ctx.save_for_backward(x, None)
        ctx.factor = factor
        ctx.something = object()
        return x * factor

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        return gradients[0] * ctx.factor, None


def test_a_linear_layer_saves_its_input_and_a_view_of_its_weight() -> None:
    x = torch.ones(4, 3, requires_grad=True)
    layer = nn.Linear(3, 5)
    nodes = recorded(lambda: layer(x))
    first, second = nodes["linear"].autograd
    assert (first.name, told(first)) == ("AddmmBackward0", [("mat1", [4, 3], 48), ("mat2", [3, 5], 60)])
    assert (second.name, second.tensors) == ("TBackward0", [])
    assert first.values == {"alpha": 1, "beta": 1}
    input_, weight = first.tensors or []
    assert (input_.node, input_.view) == (nodes["x"].id, False)
    assert (weight.node, weight.view) == (nodes["layer.weight"].id, True)


def test_what_is_not_needed_is_not_saved() -> None:
    x, w = torch.ones(4, 3), torch.ones(5, 3, requires_grad=True)
    (one, _) = recorded(lambda: nn.functional.linear(x, w, torch.ones(5))).get("linear").autograd  # type: ignore[union-attr]
    assert [tensor.name for tensor in one.tensors or []] == ["mat1"]


def test_a_batch_norm_saves_what_it_measured() -> None:
    x, layer = torch.linspace(-1, 1, 12).reshape(4, 3).requires_grad_(), nn.BatchNorm1d(3)
    nodes = recorded(lambda: layer(x))
    (one,) = nodes["batch_norm"].autograd
    owners = {tensor.name: tensor.node for tensor in one.tensors or []}
    assert owners == {
        "input": nodes["x"].id,
        "result1": None,
        "result2": None,
        "running_mean": nodes["layer.running_mean"].id,
        "running_var": nodes["layer.running_var"].id,
        "weight": nodes["layer.weight"].id,
    }
    assert one.values == {"eps": 1e-5, "training": True}


def test_an_operation_may_save_its_own_result() -> None:
    x = torch.ones(3, requires_grad=True)
    nodes = recorded(lambda: torch.sigmoid(x))
    (one,) = nodes["sigmoid"].autograd
    assert [(tensor.name, tensor.node) for tensor in one.tensors or []] == [("result", nodes["sigmoid"].id)]


def test_memory_that_is_shared_is_told() -> None:
    x = torch.ones(2, 2, requires_grad=True)
    (one,) = recorded(lambda: x * x)["mul"].autograd
    assert [tensor.storage for tensor in one.tensors or []] == [0, 0]
    y = torch.ones(2, 2, requires_grad=True)
    (two,) = recorded(lambda: x * y)["mul"].autograd
    assert [tensor.storage for tensor in two.tensors or []] == [0, 1]


def test_the_parts_of_an_operation_are_numbered_together() -> None:
    x = torch.linspace(-1, 1, 6).reshape(2, 3).requires_grad_()
    first, second = recorded(lambda: nn.functional.cross_entropy(x, torch.tensor([0, 2])))["cross_entropy"].autograd
    assert first.tensors
    assert second.tensors
    # what the softmax gave is what the loss got
    numbers = {tensor.name: tensor.storage for tensor in first.tensors}
    assert second.tensors[0].storage == numbers["self"]
    assert len(set(numbers.values())) == 3


def test_an_expanded_tensor_takes_the_memory_that_it_has() -> None:
    x = torch.ones(4, 3, requires_grad=True)
    (one,) = recorded(lambda: x * torch.ones(3).expand(4, 3))["mul"].autograd
    assert told(one) == [("other", [4, 3], 12)]


def test_tensors_in_a_tuple_are_counted() -> None:
    x = torch.ones(4, 3, requires_grad=True)
    (one,) = recorded(lambda: x[[0, 2], [1, 1]])["__getitem__"].autograd
    assert told(one) == [("indices[0]", [2], 16), ("indices[1]", [2], 16)]


def test_a_function_of_the_programs_own_saves_tensors_and_attributes() -> None:
    x = torch.ones(3, requires_grad=True)
    nodes = recorded(lambda: Doubled.apply(x, 2.0).sum())  # type: ignore[no-untyped-call]
    (one,) = nodes["Doubled"].autograd
    assert [(t.name, t.node) for t in one.tensors or []] == [("saved_tensors[0]", nodes["x"].id)]
    assert one.values == {"factor": 2.0, "something": "object"}


def test_what_was_changed_in_place_since_is_not_given_out() -> None:
    x = torch.ones(3, requires_grad=True)

    def program() -> None:
        h = x.exp()
        y = Doubled.apply(h, 2.0)  # type: ignore[no-untyped-call]
        with torch.no_grad():
            h += 1
        y.sum()

    (one,) = recorded(program)["Doubled"].autograd
    assert (one.unread, one.tensors) == ("changed", None)


def test_a_graph_that_is_freed_has_nothing_to_read() -> None:
    x = torch.ones(3, requires_grad=True)
    y = Doubled.apply(x, 2.0)  # type: ignore[no-untyped-call]
    y.sum().backward()
    (one,) = recorded(lambda: y.sum())["Doubled"].autograd
    assert (one.unread, one.tensors) == ("freed", None)


def test_hooks_are_not_called_for_it() -> None:
    unpacked: list[int] = []

    def unpack(tensor: torch.Tensor) -> torch.Tensor:
        unpacked.append(1)
        return tensor

    def program() -> None:
        with saved_tensors_hooks(lambda tensor: tensor, unpack):
            y = x.exp() * 2
            z = Doubled.apply(y, 2.0)  # type: ignore[no-untyped-call]
        z.sum()

    x = torch.ones(3, requires_grad=True)
    nodes = recorded(program)
    assert unpacked == []
    for name in ("exp", "Doubled"):
        (one,) = nodes[name].autograd
        assert (one.unread, one.tensors, one.saved) == ("hooks", None, one.saved)


def test_a_dispatch_mode_hears_nothing_of_it() -> None:
    class Heard(TorchDispatchMode):  # type: ignore[no-untyped-call]
        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            names.append(str(func))
            return func(*args, **(kwargs or {}))

    def program() -> None:
        with Heard():  # type: ignore[no-untyped-call]
            x.sigmoid()

    names: list[str] = []
    x = torch.ones(3, requires_grad=True)
    program()
    plain, names = names, []
    (one,) = recorded(program)["sigmoid"].autograd
    assert (one.unread, names) == ("observer", plain)


def test_a_class_of_the_programs_own_is_asked_nothing() -> None:
    asked: list[str] = []

    class Labelled(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            asked.append(getattr(func, "__name__", str(func)))
            return super().__torch_function__(func, types, args, kwargs or {})  # type: ignore[no-untyped-call]

    def program() -> None:
        x * w

    x = torch.ones(2).as_subclass(Labelled)
    w = torch.ones(2, requires_grad=True)
    program()
    plain = asked.copy()
    asked.clear()
    assert {one.unread for one in recorded(program)["mul"].autograd} == {"subclass"}
    assert asked == plain


def test_inside_a_transform_it_is_not_read() -> None:
    nodes = recorded(lambda: torch.func.grad(lambda t: (t.sin() ** 2).sum())(torch.ones(3)))
    (one, *_) = nodes["sin"].autograd
    assert one.unread == "transform"


def test_a_saved_tensor_is_not_kept_alive() -> None:
    w = torch.ones(3, requires_grad=True)
    with trace() as recording:
        data = torch.rand(3)
        there = weakref.ref(data)
        y = data * w
        del data
        assert there() is not None
        del y
        assert there() is None
    assert recording.snapshot().graphs


def test_reading_leaves_no_trace() -> None:
    check_leaves_no_trace(
        "import torch\n"
        "from torch import nn\n"
        "torch.manual_seed(0)\n"
        "net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.Linear(4, 2))\n"
        "x = torch.randn(5, 3, requires_grad=True)\n"
        "h = net(x)\n"
        "loss = nn.functional.cross_entropy(h, torch.tensor([0, 1, 0, 1, 0]))\n"
        "saved = loss.grad_fn._saved_self\n"
        "loss.backward()\n"
        "print(loss.item(), x.grad, [p.grad for p in net.parameters()])\n"
    )


def test_every_iteration_of_one_structure_shares_what_is_told() -> None:
    layer = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(layer.parameters(), 0.1)
    x = torch.ones(3, 2)
    with trace() as recording:
        for _ in range(3):
            optimizer.zero_grad()
            layer(x).square().sum().backward()
            optimizer.step()
    snapshot = recording.snapshot()
    (graph,) = snapshot.graphs
    (linear,) = [node for node in graph.nodes if node.op == "linear"]
    assert told(linear.autograd[0]) == [("mat1", [3, 2], 24)]
    assert len(snapshot.iterations) == 3


def test_only_the_first_nodes_of_an_iteration_are_looked_at() -> None:
    x = torch.ones(2, requires_grad=True)
    with trace() as recording:
        for _ in range(MOST_NODES_READ):
            x = x.sin()
    operations = [node for node in recording.snapshot().graphs[0].nodes if node.op is not None]
    assert len(operations) == MOST_NODES_READ
    assert [node.autograd[0].tensors is not None for node in operations] == [True] * (MOST_NODES_READ - 1) + [False]
    assert operations[-1].autograd[0].saved == ["self"]

"""torch.func: what runs inside a transform is recorded, and what comes out has the same bits."""

from collections.abc import Callable

import pytest
import torch
from torch.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, vjp, vmap

from gradwalk.recorder import trace
from gradwalk.recorder.transforms import transform_name, transforming, unobserved, wrapped_by
from tests.recorder.oracle import record, unbalanced

# torch's own, when forward-mode differentiation is used for the first time
pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")

X = torch.linspace(-1, 1, 6).reshape(2, 3)
MODEL = torch.nn.Linear(3, 2)


def f(x: torch.Tensor) -> torch.Tensor:
    return (x.sin() * x).sum()


COMPUTATIONS: dict[str, Callable[[], object]] = {
    "grad": lambda: grad(f)(X),
    "second_derivative": lambda: grad(lambda x: grad(f)(x).sum())(X),
    "vmap": lambda: vmap(f)(X),
    "gradients_per_sample": lambda: vmap(grad(f))(X),
    "jacrev": lambda: jacrev(torch.sin)(X[0]),
    "jacfwd": lambda: jacfwd(torch.sin)(X[0]),
    "hessian": lambda: hessian(f)(X[0]),
    "jvp": lambda: jvp(f, (X,), (torch.ones_like(X),)),
    "vjp": lambda: vjp(f, X)[1](torch.tensor(1.0)),
    "random_in_vmap": lambda: vmap(lambda x: x + torch.randn(3), randomness="different")(X),
    "functional_call": lambda: grad(lambda p: functional_call(MODEL, p, X).sum())(dict(MODEL.named_parameters())),
}


@pytest.mark.parametrize("name", COMPUTATIONS)
def test_a_transform_gives_the_same_bits(name: str) -> None:
    torch.manual_seed(0)
    plain = torch.utils._pytree.tree_leaves(COMPUTATIONS[name]())
    torch.manual_seed(0)
    with trace() as recording:
        recorded = torch.utils._pytree.tree_leaves(COMPUTATIONS[name]())
    assert all(torch.equal(a, b) for a, b in zip(recorded, plain, strict=True))
    assert not transforming()
    snapshot = recording.snapshot()
    assert [n for n in snapshot.graphs[0].nodes if n.kind == "operation"]


def test_what_runs_inside_says_inside_of_what() -> None:
    with trace() as recording:
        vmap(torch.sin)(X)
        X.cos()
    inside = {n.op: n.arguments.get("inside") for n in recording.snapshot().graphs[0].nodes if n.op in ("sin", "cos")}
    assert inside == {"sin": "torch.func.vmap", "cos": None}


def test_a_wrapper_is_seen_through() -> None:
    seen: list[tuple[int, str, bool]] = []

    def look(x: torch.Tensor) -> torch.Tensor:
        depth = len(list(wrapped_by(x)))
        with unobserved():
            seen.append((depth, transform_name(), transforming()))
        seen.append((depth, transform_name(), transforming()))
        return x.sum()

    vmap(grad(look))(X)
    assert seen == [(2, "torch.func", False), (2, "torch.func.grad", True)]
    assert list(wrapped_by(X)) == []
    assert transform_name() == "torch.func"


def test_an_error_inside_a_transform_leaves_none_under_way() -> None:
    def broken(x: torch.Tensor) -> torch.Tensor:
        raise ValueError("inside")

    with trace(), pytest.raises(ValueError, match="inside"):
        vmap(grad(broken))(X)
    assert not transforming()


PULLED_BACK: dict[str, tuple[str, list[list[float]]]] = {
    "jacrev": ("jacrev(lambda v: v**2)(w)", [[2, 0, 0, 4]]),
    "jacrev_of_what_is_a_constant_too": ("jacrev(lambda v: v**2 * w)(w)", [[2, 0, 0, 8]]),
    "jacrev_with_another_constant": ("jacrev(lambda v: v**2 * u)(w)", [[6, 0, 0, 16]]),
    "jacrev_in_chunks": ("jacrev(lambda v: v**2 * w, chunk_size=1)(w)", [[2, 0], [0, 8]]),
    "jacrev_of_both_arguments": ("jacrev(lambda v, o: v * o**2, argnums=(0, 1))(w, w)", [[3, 0, 0, 12]]),
    "vjp": ("vjp(lambda v: v**2 * w, w)[1](torch.ones(2))", [[2, 8]]),
    "grad": ("grad(lambda v: (v**2 * w).sum())(w)", [[2, 8]]),
    "vmap_of_vjp": ("vmap(vjp(lambda v: v**2 * w, w)[1])(torch.eye(2))", [[2, 0, 0, 8]]),
}
"""Computations with w = [1, 2] and u = [3, 4], and the gradients of w in their passes."""


@pytest.mark.parametrize("learns", [False, True])
@pytest.mark.parametrize("name", PULLED_BACK)
def test_the_leaf_that_a_transform_pulls_back_to_has_its_gradient(name: str, learns: bool) -> None:
    computation, gradients = PULLED_BACK[name]
    source = f"""import torch
from torch.func import grad, jacrev, vjp, vmap
w = torch.tensor([1.0, 2.0], requires_grad={learns})
u = torch.tensor([3.0, 4.0])
result = {computation}
"""
    snapshot = record(source).snapshot
    (leaf,) = (node.id for node in snapshot.graphs[0].nodes if node.name == "w")
    passes = [each for iteration in snapshot.iterations for each in iteration.backward]
    shown = [gradient for each in passes for gradient in each.gradients[leaf] if gradient is not None]
    assert [gradient.data for gradient in shown] == gradients
    assert list(unbalanced(snapshot)) == []


def test_a_variable_that_a_transform_uses_first_is_one_leaf() -> None:
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    with trace() as recording:
        jacrev(lambda v: v**2)(w)
    snapshot = recording.snapshot()
    assert [node.kind for node in snapshot.graphs[0].nodes if node.op is None] == ["parameter"]
    assert list(unbalanced(snapshot)) == []

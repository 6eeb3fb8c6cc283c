"""torch.func: what runs inside a transform is recorded, and what comes out has the same bits."""

from collections.abc import Callable

import pytest
import torch
from torch.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, vjp, vmap

from gradwalk.recorder import trace
from gradwalk.recorder.transforms import transform_name, transforming, unobserved, wrapped_by

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

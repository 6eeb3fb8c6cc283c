"""Snapshots made by hand, for tests that are not about recording."""

from datetime import UTC, datetime

from gradwalk.contract.snapshot import (
    ConsoleEntry,
    Environment,
    Graph,
    Iteration,
    Node,
    Outcome,
    Program,
    Recorded,
    Snapshot,
    Step,
    Tensor,
)

ENVIRONMENT = Environment(python="3.11.7", torch="2.13.0+cpu", device="cpu")


def make_tensor(number: int, data: list[float] | None, shape: list[int] | None = None) -> Tensor:
    """The tensor with the id `t<number>`; by default a vector of its data."""
    return Tensor(
        id=f"t{number}",
        shape=shape if shape is not None else [len(data or [])],
        dtype="float32",
        device="cpu",
        data=list(data) if data is not None else None,
        stats=None,
    )


def make_recorded(iterations: int = 2, large: int = 0) -> Recorded:
    """Iterations with two tensors each (t0 and t1, t2 and t3, ...), then one whole tensor of `large` elements."""
    node = Node(
        id="n0",
        kind="operation",
        op="mul",
        name="z",
        line=1,
        path=[],
        group=None,
        arguments={},
        outputs=1,
        failed=False,
        requires_grad=True,
        autograd=[],
    )
    bodies = [_iteration(index) for index in range(iterations)]
    whole = {f"t{2 * iterations}": make_tensor(2 * iterations, [float(i) for i in range(large)])} if large else {}
    return Recorded(
        outcome=Outcome(status="completed", error=None),
        truncated=None,
        graphs=[Graph(id=0, nodes=[node], edges=[], groups=[])],
        iterations=bodies,
        tensors=whole,
    )


def _iteration(index: int) -> Iteration:
    step = Step(index=0, phase="forward", kind="operation", node="n0", edges=[], line=1, backward_pass=None)
    values = [make_tensor(2 * index, [index + 0.5]), make_tensor(2 * index + 1, None, [1000, 1000])]
    return Iteration(
        index=index, graph=0, loss=index + 0.5, values={"n0": values}, backward=[], updates=[], steps=[step]
    )


def make_snapshot(snapshot_id: str = "abc", iterations: int = 2, large: int = 0) -> Snapshot:
    """A whole snapshot with the tensors of `make_recorded`."""
    recorded = make_recorded(iterations, large)
    return Snapshot(
        schema_version=1,
        id=snapshot_id,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        program=Program(source="z = 1 * 2"),
        environment=ENVIRONMENT,
        console=[ConsoleEntry(stream="stdout", text="hello\n", line=1)],
        outcome=recorded.outcome,
        truncated=recorded.truncated,
        graphs=recorded.graphs,
        iterations=recorded.iterations,
        tensors=recorded.tensors,
    )

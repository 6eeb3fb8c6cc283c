"""The contract between recorder, API and page: the snapshot that one run of one program leaves behind.

Everything here is data. The names are fixed: clients outside this project read them; fields may be added.
"""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field

from gradwalk.contract.autograd_node import AutogradNode
from gradwalk.contract.fields import Count, Dtype, EdgeId, Element, Extent, GroupId, Line, NodeId, Real, TensorId
from gradwalk.contract.models import Model
from gradwalk.contract.training_history import TrainingHistory

SCHEMA_VERSION: Final = 1

Phase = Literal["forward", "loss", "backward", "update"]
StepKind = Literal["leaf", "operation", "backward", "accumulate", "change", "update"]
IterationKind = Literal["training", "evaluation"]
NodeKind = Literal["input", "parameter", "buffer", "operation"]
Status = Literal["completed", "failed", "timed_out", "out_of_memory", "output_exceeded", "crashed"]


class Stats(Model):
    """Eight numbers about a tensor's elements. min, max, mean, std and norm are over the finite elements."""

    min: float | None
    max: float | None
    mean: float | None
    std: float | None
    norm: float | None
    zeros: Extent
    nans: Extent
    infs: Extent


class Tensor(Model):
    """The contents of a tensor at one moment.

    `data`: flat, row-major, N = prod(shape); null above the inline limit. Floats are the shortest decimal that
    round-trips in their own dtype; non-finite numbers are strings; complex numbers are [re, im]. `stats` is null where
    `data` is inline.
    """

    id: TensorId
    shape: list[Extent]
    dtype: Dtype
    device: str
    data: list[Element] | None
    stats: Stats | None


class Node(Model):
    """A leaf (input, parameter, buffer) or an operation.

    `op`: the torch function as the user knows it. `name`: the variable or parameter path in the program. `line`:
    1-based line of the user's program; null where no line of it is known. `path`: the calls of the program's own
    functions that led there, outermost first, without the line itself. `arguments`: the arguments that are not tensors,
    by name. `outputs`: how many tensors it produced. `requires_grad`: whether a gradient can flow back into it.
    """

    id: NodeId
    kind: NodeKind
    op: str | None
    name: str | None
    line: Line | None
    path: list["Frame"]
    group: GroupId | None
    arguments: dict[str, Any]
    outputs: Count
    failed: bool
    requires_grad: bool
    autograd: list[AutogradNode]


class Edge(Model):
    """A tensor that flows from output number `output` of `source` into the argument `argument` of `target`."""

    id: EdgeId
    source: NodeId
    output: Count
    target: NodeId
    argument: str


class Group(Model):
    """A module (or a user's function) that holds nodes; groups nest by `parent`."""

    id: GroupId
    parent: GroupId | None
    kind: Literal["module", "function"]
    name: str
    type: str


class Graph(Model):
    """Nodes and edges of one iteration's computation; iterations of the same structure share it."""

    id: Count
    nodes: list[Node]
    edges: list[Edge]
    groups: list[Group]


class Root(Model):
    """The start of a backward pass."""

    node: NodeId
    output: Count


class BackwardPass(Model):
    """One call of backward or autograd.grad.

    `gradients`: per node, one per output (null where none arrived). `contributions`: per edge, the part of the
    source's gradient that came back along it. A gradient is the sum of the contributions over the edges that leave
    the node, plus `seeds` at a root. `accumulated`: the leaf's `.grad` right after this pass. `failed`: the pass raised
    an error, and what it had computed until then is here; snapshots of older versions never say so.
    """

    root: Root
    roots: list[Root]
    seeds: dict[NodeId, list[Tensor | None]]
    gradients: dict[NodeId, list[Tensor | None]]
    contributions: dict[EdgeId, Tensor]
    accumulated: dict[NodeId, Tensor]
    line: Line | None
    failed: bool = False


class GradientChange(Model):
    """A leaf's `.grad` before and after the program changed it, most often by clipping. `function`: what did it, as
    `clip_grad_norm_`. `settings`: `max_norm` with the `norm` of all gradients and the `factor` they were multiplied by,
    or `clip_value`; empty for a write of the program's own.
    """

    node: NodeId
    function: str
    before: Tensor
    after: Tensor
    settings: dict[str, Real]
    line: Line | None


class Update(Model):
    """A leaf's value before and after an optimizer's step (`optimizer`: its class) or a hand-written update (null).

    `gradient`: the `.grad` that the update used. `settings`: the optimizer's hyperparameters for this leaf; `state`:
    what it remembers of this leaf after the step (Tensors and plain values).
    """

    node: NodeId
    optimizer: str | None
    before: Tensor
    after: Tensor
    gradient: Tensor | None
    settings: dict[str, Any]
    state: dict[str, Annotated[Tensor | Any, Field(union_mode="left_to_right")]]
    line: Line | None


class Step(Model):
    """The smallest unit of the timeline.

    `kind`: `leaf` (a tensor is created by the program), `operation` (forwards), `backward` (an operation's gradient is
    complete and contributions leave along `edges`), `accumulate` (a leaf's `.grad` is set or grows), `change` (the
    program changes a `.grad`, as clipping does), `update`. `edges`: forwards the operation's incoming edges; backwards
    the edges that contributions travel back along. `pass`: index
    into the iteration's `backward`; null in the forward pass.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    index: Count
    phase: Phase
    kind: StepKind
    node: NodeId
    edges: list[EdgeId]
    line: Line | None
    backward_pass: Count | None = Field(alias="pass")


class LoopTurn(Model):
    """One turn of a loop of the program. `line`: of the loop statement. `number`: counted from 0 in this run of the
    loop. `variable` and `value`: the variable of a `for`, and what it holds if that is short.
    """

    line: Line | None
    number: Count
    variable: str | None
    value: int | float | str | bool | None


class IterationSummary(Model):
    """An iteration without its body: `kind` and `turns` are those of the iteration, `steps` says how many it has."""

    index: Count
    graph: Count
    kind: IterationKind = "training"
    turns: list[LoopTurn] = Field(default_factory=list)
    loss: Real | None
    steps: Count


class Iteration(Model):
    """A forward pass, its backward passes and the update that follows. `steps` are in the order they happened.

    `kind`: `training`, or `evaluation` for a validation without backward pass and update. `turns`: the turns of the
    program's loops that it is, outermost loop first; empty outside of all loops. `arguments`: of its
    operations, those that are no tensors and change from iteration to iteration. `operations`: the numbers that its
    operations have in the run, as pairs: the first number, and how many follow each other from there. `passes_before`:
    how many backward passes the program made before.

    `changes`: of gradients, in the order of their steps.

    `inside`: the inner results of a fused operation, which it does not give out (the `weights` of an attention); the
    recorder computes them again from its inputs.
    """

    index: Count
    graph: Count
    kind: IterationKind = "training"
    turns: list[LoopTurn] = Field(default_factory=list)
    arguments: dict[NodeId, dict[str, Any]] = Field(default_factory=dict)
    operations: list[list[Count]] = Field(default_factory=list)
    passes_before: Count = 0
    loss: Real | None
    values: dict[NodeId, list[Tensor]]
    inside: dict[NodeId, dict[str, Tensor]] = Field(default_factory=dict)
    backward: list[BackwardPass]
    changes: list[GradientChange] = Field(default_factory=list)
    updates: list[Update]
    steps: list[Step]

    def summary(self) -> IterationSummary:
        """Return the iteration without its body."""
        return IterationSummary(
            index=self.index,
            graph=self.graph,
            kind=self.kind,
            turns=self.turns,
            loss=self.loss,
            steps=len(self.steps),
        )


class Frame(Model):
    """One line of the user's own program on the call path of an error."""

    line: Line
    function: str


class ErrorReport(Model):
    """The error of a program, trimmed to the student's own lines.

    `line`: innermost line of the user's program. `node`: the operation that was running, marked failed in the graph.
    `hint`: one sentence that a teacher would say.
    """

    type: str
    message: str
    line: Line | None
    frames: list[Frame]
    phase: Phase | None
    node: NodeId | None
    hint: str | None


class Outcome(Model):
    """The outcome of a run."""

    status: Status
    error: ErrorReport | None


class Gap(Model):
    """A stretch of the program that is not recorded because of a limit. `before`: the index of the iteration that
    follows it, or how many iterations there are if it lies behind the last one. `losses`: of its backward passes.
    """

    before: Count
    losses: list[Real] = Field(default_factory=list)


class Truncated(Model):
    """A recording cut by a limit: why, how many steps were recorded, and the losses of the passes that were not.

    `gaps`: where these passes are missing, in order. Snapshots of older versions have none: there, what is missing came
    after the last iteration.
    """

    reason: str
    recorded_steps: Count
    losses: list[Real] = Field(default_factory=list)
    gaps: list[Gap] = Field(default_factory=list)


class ConsoleEntry(Model):
    """Text that the program printed. `line`: the line of the program that printed it, where it is known."""

    stream: Literal["stdout", "stderr"]
    text: str
    line: Line | None


class Override(Model):
    """A what-if: the element at `index` of the leaf called `name` is set to `value` at the leaf's first use."""

    name: str
    index: list[Annotated[int, Field(ge=-(2**31), lt=2**31)]]
    value: float = Field(allow_inf_nan=False)


class Program(Model):
    """The source text that a user runs, the seed of its random numbers, and what-if changes."""

    source: str
    seed: int = Field(0, ge=0, lt=2**63)
    overrides: list[Override] = Field(default_factory=list)


class Environment(Model):
    """The environment that the program ran in."""

    python: str
    torch: str
    device: str


class Recorded(Model):
    """The result of one execution of a program: its outcome and the recording.

    `tensors`: whole tensors whose numbers are too many to be written inside an iteration, by id.
    """

    outcome: Outcome
    truncated: Truncated | None
    graphs: list[Graph]
    iterations: list[Iteration]
    tensors: dict[TensorId, Tensor]
    course: TrainingHistory = Field(default_factory=TrainingHistory)


class SnapshotHead(Model):
    """A snapshot without the bodies of its iterations and without its large tensors."""

    schema_version: Literal[1]
    id: str
    created_at: datetime
    program: Program
    environment: Environment
    outcome: Outcome
    truncated: Truncated | None
    console: list[ConsoleEntry]
    graphs: list[Graph]
    iterations: list[IterationSummary]
    course: TrainingHistory = Field(default_factory=TrainingHistory)


class Snapshot(Recorded):
    """The stored, immutable, versioned result of one run, whole."""

    schema_version: Literal[1]
    id: str
    created_at: datetime
    program: Program
    environment: Environment
    console: list[ConsoleEntry]

    def head(self) -> SnapshotHead:
        """Return the snapshot as `GET /snapshots/{id}` does."""
        return SnapshotHead(
            schema_version=self.schema_version,
            id=self.id,
            created_at=self.created_at,
            program=self.program,
            environment=self.environment,
            outcome=self.outcome,
            truncated=self.truncated,
            console=self.console,
            graphs=self.graphs,
            iterations=[iteration.summary() for iteration in self.iterations],
            course=self.course,
        )

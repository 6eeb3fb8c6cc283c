"""What one run left, for a terminal: what was printed, how it ended, its losses, the gradient of every parameter,
and what goes wrong in it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gradwalk.client import Client
from gradwalk.contract.fields import Element, NodeId, Real
from gradwalk.contract.snapshot import Graph, Iteration, Node, Outcome, SnapshotHead, Stats, Tensor
from gradwalk.findings import Finding, Severity
from gradwalk.web.bodies import RunCreated

_WIDTH_WITHOUT_TERMINAL = 200
_LOSSES_AT_EACH_END = 3
_STYLES: dict[Severity, str] = {"error": "red", "warning": "yellow", "note": "dim"}


@dataclass(frozen=True)
class Parameter:
    """A leaf that requires a gradient, its value in an iteration, and its `.grad` after the last backward pass there;
    null where none arrived.
    """

    name: str
    value: Tensor | None
    gradient: Tensor | None


@dataclass(frozen=True)
class Report:
    """Everything that is shown. `page`: the address of the snapshot's page."""

    created: RunCreated
    head: SnapshotHead
    parameters: list[Parameter]
    findings: list[Finding]
    page: str


def report(client: Client, created: RunCreated) -> Report:
    """Asks for what is shown. Raises what the client raises."""
    head = client.snapshot(created.snapshot)
    bodies = [client.iteration(created.snapshot, index) for index in ends_of_each_graph(head)]
    found = client.findings(created.snapshot)
    return Report(created, head, parameters(head.graphs, bodies), found, client.page(created.snapshot))


def ends_of_each_graph(head: SnapshotHead) -> list[int]:
    """The last and the first iteration of each structure, the latest first. Together they hold every parameter: one
    that only the beginning of a program touches stands in the first.
    """
    last = {iteration.graph: iteration.index for iteration in head.iterations}
    first = {iteration.graph: iteration.index for iteration in reversed(head.iterations)}
    return sorted({*last.values(), *first.values()}, reverse=True)


def parameters(graphs: Sequence[Graph], bodies: Iterable[Iteration]) -> list[Parameter]:
    """The parameters of some iterations, each once, as the first of them tells that has a value for it."""
    by_id = {graph.id: graph for graph in graphs}
    found: dict[tuple[str | None, int | None, str], Parameter] = {}
    for body in bodies:
        for node in by_id[body.graph].nodes:
            # two leaves without a name on one line are told apart inside a graph only
            key = (node.name, node.line, "" if node.name else node.id)
            if node.kind == "parameter" and (key not in found or found[key].value is None):
                found[key] = _parameter(node, body)
    return list(found.values())


def _parameter(node: Node, body: Iteration) -> Parameter:
    value = body.values.get(node.id)
    name = node.name or (f"line {node.line}" if node.line else node.id)
    return Parameter(name, value[0] if value else None, gradient(body, node.id))


def gradient(body: Iteration, node: NodeId) -> Tensor | None:
    """The leaf's `.grad` after the last backward pass that reached it, else what `autograd.grad` gave for it."""
    for done in reversed(body.backward):
        if node in done.accumulated:
            return done.accumulated[node]
    for done in reversed(body.backward):
        given = done.gradients.get(node)
        if given and given[0] is not None:
            return given[0]
    return None


def show(told: Report, console: Console) -> None:
    """Prints it. A console without a terminal gets neither colours nor lines that are cut."""
    for entry in told.head.console:
        console.out(entry.text, end="", highlight=False)
    console.print(how_it_ended(told.created.outcome))
    if losses := [iteration.loss for iteration in told.head.iterations if iteration.loss is not None]:
        console.print(Text(f"loss {short(losses)}"))
    if told.parameters:
        console.print(table(told.parameters))
    for finding in told.findings:
        console.print(Text(sentence(finding), style=_STYLES[finding.severity]), soft_wrap=True)
    console.print(Text(told.page), soft_wrap=True)


def output_console() -> Console:
    """Standard output."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_WIDTH_WITHOUT_TERMINAL)


def how_it_ended(outcome: Outcome) -> Text:
    """In one line where it went well, with the line and the reason where it did not."""
    error = outcome.error
    if error is None:
        return Text(outcome.status, style="green" if outcome.status == "completed" else "red")
    where = f" at line {error.line}" if error.line else ""
    hint = f"\n{error.hint}" if error.hint else ""
    return Text(f"{outcome.status}{where}: {error.type}: {error.message}{hint}", style="red")


def short(losses: Sequence[Real]) -> str:
    """All of a few, the first and the last of many."""
    told = [number(loss) for loss in losses]
    if len(told) > 2 * _LOSSES_AT_EACH_END:
        told = [*told[:_LOSSES_AT_EACH_END], "…", *told[-_LOSSES_AT_EACH_END:]]
    count = f" ({len(losses)} iterations)" if len(losses) > 1 else ""
    return " → ".join(told) + count


def table(rows: Sequence[Parameter]) -> Table:
    """A row for each parameter."""
    made = Table(box=box.SIMPLE_HEAD)
    for title in ("parameter", "shape", "value", "gradient"):
        made.add_column(title, overflow="fold")
    for row in rows:
        shape = "" if row.value is None else "×".join(map(str, row.value.shape)) or "scalar"
        made.add_row(Text(row.name), shape, cell(row.value), cell(row.gradient))
    return made


def sentence(finding: Finding) -> str:
    """A finding in one line."""
    where = f"line {finding.line}: " if finding.line is not None else ""
    return f"{finding.severity}: {where}{finding.why} {finding.todo}"


def cell(tensor: Tensor | None) -> Text:
    """One number, or what can be said of more."""
    if tensor is None:
        return Text("none", style="dim")
    if tensor.data is not None and len(tensor.data) == 1:
        return Text(number(tensor.data[0]))
    if tensor.stats is not None:
        return Text(_statistics(tensor.stats))
    return Text("not kept" if tensor.data is None else _statistics(statistics(tensor.data)))


def statistics(data: Sequence[Element]) -> Stats:
    """Eight numbers about elements, as the recorder computes them; of complex numbers about their absolute values."""
    numbers = [math.hypot(*map(float, x)) if isinstance(x, list) else float(x) for x in data]
    finite = [x for x in numbers if math.isfinite(x)]
    mean = math.fsum(finite) / len(finite) if finite else None
    squares = math.fsum((x - mean) ** 2 for x in finite) if mean is not None else 0.0
    return Stats(
        min=min(finite, default=None),
        max=max(finite, default=None),
        mean=mean,
        std=math.sqrt(squares / len(finite)) if finite else None,
        norm=math.hypot(*finite) if finite else None,
        zeros=numbers.count(0.0),
        nans=sum(map(math.isnan, numbers)),
        infs=sum(map(math.isinf, numbers)),
    )


def number(element: Element) -> str:
    """Four significant digits."""
    if isinstance(element, list):
        return f"{float(element[0]):.4g}{float(element[1]):+.4g}i"
    if isinstance(element, (bool, str)):
        return str(element)
    return f"{element:.4g}" if isinstance(element, float) else str(element)


def _statistics(stats: Stats) -> str:
    known = {"norm": stats.norm, "min": stats.min, "max": stats.max}
    told = [f"{name} {number(value)}" for name, value in known.items() if value is not None]
    counted = {"NaN": stats.nans, "infinite": stats.infs}
    told += [f"{count} {name}" for name, count in counted.items() if count]
    return ", ".join(told) or "empty"

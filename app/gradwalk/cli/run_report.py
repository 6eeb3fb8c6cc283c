"""The report of one run on a terminal: its output, how it ended, its losses, the gradient of every parameter, and the
findings.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gradwalk.client import Client
from gradwalk.contract.digits import shape_text
from gradwalk.contract.fields import Element, NodeId, Real
from gradwalk.contract.snapshot import Graph, Iteration, Node, Outcome, SnapshotHead, Stats, Tensor
from gradwalk.findings import Finding, Severity
from gradwalk.web.bodies import RunCreated

_WIDTH_WITHOUT_TERMINAL = 200
_LOSSES_AT_EACH_END = 3
_STYLES: dict[Severity, str] = {"error": "red", "warning": "yellow", "note": "dim"}


@dataclass(frozen=True)
class Parameter:
    """A leaf that requires a gradient, its value in an iteration, and its `.grad` after the last backward pass of that
    iteration, null where it has none.
    """

    name: str
    value: Tensor | None
    gradient: Tensor | None


@dataclass(frozen=True)
class RunReport:
    """The data of a report. `page`: the address of the snapshot's page."""

    created: RunCreated
    head: SnapshotHead
    parameters: list[Parameter]
    findings: list[Finding]
    page: str


def fetch_report(client: Client, created: RunCreated) -> RunReport:
    """Request the data of a report. Raises what the client raises."""
    head = client.snapshot(created.snapshot)
    bodies = [client.iteration(created.snapshot, index) for index in ends_of_each_graph(head)]
    findings = client.findings(created.snapshot)
    return RunReport(created, head, parameters(head.graphs, bodies), findings, client.page(created.snapshot))


def ends_of_each_graph(head: SnapshotHead) -> list[int]:
    """Return the indices of the first and the last iteration of each graph, the latest first. Together they have every
    parameter: one that only the beginning of a program uses is in the first.
    """
    last = {iteration.graph: iteration.index for iteration in head.iterations}
    first = {iteration.graph: iteration.index for iteration in reversed(head.iterations)}
    return sorted({*last.values(), *first.values()}, reverse=True)


def parameters(graphs: Sequence[Graph], bodies: Iterable[Iteration]) -> list[Parameter]:
    """Return the parameters of some iterations, each once, from the first iteration that has a value for it."""
    by_id = {graph.id: graph for graph in graphs}
    found: dict[tuple[str | None, int | None, str], Parameter] = {}
    for body in bodies:
        for node in by_id[body.graph].nodes:
            # two unnamed leaves on one line can be distinguished only inside one graph
            key = (node.name, node.line, "" if node.name else node.id)
            if node.kind == "parameter" and (key not in found or found[key].value is None):
                found[key] = _parameter(node, body)
    return list(found.values())


def _parameter(node: Node, body: Iteration) -> Parameter:
    value = body.values.get(node.id)
    name = node.name or (f"line {node.line}" if node.line else node.id)
    return Parameter(name, value[0] if value else None, gradient(body, node.id))


def gradient(body: Iteration, node: NodeId) -> Tensor | None:
    """Return the leaf's `.grad` after the last backward pass that reached it, else the result of `autograd.grad`."""
    for backward in reversed(body.backward):
        if node in backward.accumulated:
            return backward.accumulated[node]
    for backward in reversed(body.backward):
        given = backward.gradients.get(node)
        if given and given[0] is not None:
            return given[0]
    return None


def print_report(report: RunReport, console: Console) -> None:
    """Print a report. Without a terminal there are no colours and no truncated lines."""
    for entry in report.head.console:
        console.out(entry.text, end="", highlight=False)
    console.print(outcome_text(report.created.outcome))
    if losses := [iteration.loss for iteration in report.head.iterations if iteration.loss is not None]:
        console.print(Text(f"loss {losses_text(losses)}"))
    if report.parameters:
        console.print(parameter_table(report.parameters))
    for finding in report.findings:
        console.print(Text(finding_text(finding), style=_STYLES[finding.severity]), soft_wrap=True)
    console.print(Text(report.page), soft_wrap=True)


def output_console() -> Console:
    """Return a console for standard output."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_WIDTH_WITHOUT_TERMINAL)


def outcome_text(outcome: Outcome) -> Text:
    """Return the outcome in one line, for a failure with the line of the program, the reason and the hint."""
    error = outcome.error
    if error is None:
        return Text(outcome.status, style="green" if outcome.status == "completed" else "red")
    where = f" at line {error.line}" if error.line else ""
    hint = f"\n{error.hint}" if error.hint else ""
    return Text(f"{outcome.status}{where}: {error.type}: {error.message}{hint}", style="red")


def losses_text(losses: Sequence[Real]) -> str:
    """Return all of a few losses, or the first and the last of many."""
    texts = [format_element(loss) for loss in losses]
    if len(texts) > 2 * _LOSSES_AT_EACH_END:
        texts = [*texts[:_LOSSES_AT_EACH_END], "…", *texts[-_LOSSES_AT_EACH_END:]]
    count = f" ({len(losses)} iterations)" if len(losses) > 1 else ""
    return " → ".join(texts) + count


def parameter_table(rows: Sequence[Parameter]) -> Table:
    """Return a table with a row for each parameter."""
    table = Table(box=box.SIMPLE_HEAD)
    for title in ("parameter", "shape", "value", "gradient"):
        table.add_column(title, overflow="fold")
    for row in rows:
        shape = "" if row.value is None else shape_text(row.value.shape) or "scalar"
        table.add_row(Text(row.name), shape, tensor_text(row.value), tensor_text(row.gradient))
    return table


def finding_text(finding: Finding) -> str:
    """Return a finding in one line."""
    where = f"line {finding.line}: " if finding.line is not None else ""
    return f"{finding.severity}: {where}{finding.why} {finding.todo}"


def tensor_text(tensor: Tensor | None) -> Text:
    """Return the number of a tensor with one element, else its statistics."""
    if tensor is None:
        return Text("none", style="dim")
    if tensor.data is not None and len(tensor.data) == 1:
        return Text(format_element(tensor.data[0]))
    if tensor.stats is not None:
        return Text(_statistics_text(tensor.stats))
    return Text("not kept" if tensor.data is None else _statistics_text(statistics(tensor.data)))


def statistics(data: Sequence[Element]) -> Stats:
    """Compute the same eight statistics as the recorder; for complex numbers those of their absolute values."""
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


def format_element(element: Element) -> str:
    """Return an element with four significant digits."""
    if isinstance(element, list):
        return f"{float(element[0]):.4g}{float(element[1]):+.4g}i"
    if isinstance(element, (bool, str)):
        return str(element)
    return f"{element:.4g}" if isinstance(element, float) else str(element)


def _statistics_text(stats: Stats) -> str:
    known = {"norm": stats.norm, "min": stats.min, "max": stats.max}
    parts = [f"{name} {format_element(value)}" for name, value in known.items() if value is not None]
    counted = {"NaN": stats.nans, "infinite": stats.infs}
    parts += [f"{count} {name}" for name, count in counted.items() if count]
    return ", ".join(parts) or "empty"

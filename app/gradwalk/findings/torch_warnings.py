"""Findings that pass on what PyTorch itself warned of, with the line and a cure in plain words."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding, Severity
from gradwalk.findings.finding_rule import Details, Rule
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration

_WARNED: Final = re.compile(r"program\.py:(\d{1,9}): (\w*Warning): ([^\n]*)")
_LONGEST: Final = 200


class _Known(NamedTuple):
    """A warning that students meet. `why`: null for PyTorch's own words."""

    pattern: str
    severity: Severity
    why: str
    todo: str


_KNOWN: Final = (
    _Known(
        r"lr_scheduler\.step\(\)` before `optimizer\.step",
        "warning",
        "the scheduler takes its step before the optimizer has taken one: the first learning rate is skipped.",
        "Call scheduler.step() after optimizer.step(), once for each epoch.",
    ),
    _Known(
        r"Implicit dimension choice",
        "warning",
        "softmax is called without dim, and PyTorch guesses the dimension from the number of dimensions.",
        "Say which dimension adds up to 1: dim=1 for the classes of each example of a batch.",
    ),
    _Known(
        r"To copy construct from a tensor",
        "warning",
        "torch.tensor copies a tensor here: the copy has no history, so no gradient flows back through it.",
        "Use the tensor itself, or clone() for a copy with a history and detach().clone() for one without.",
    ),
    _Known(
        r"duplicate parameters",
        "warning",
        "the optimizer gets one parameter twice: each step moves it twice.",
        "Give the optimizer each parameter once: net.parameters() already holds those of all layers.",
    ),
    _Known(
        r"backward\(\) with create_graph=True will create a reference cycle",
        "warning",
        "backward with create_graph=True keeps the whole graph alive in .grad: memory grows with every turn.",
        "Use torch.autograd.grad(loss, parameters, create_graph=True), or set .grad to None after the turn.",
    ),
    _Known(
        r"degrees of freedom is <= 0",
        "warning",
        "std or var is computed of a single number: with n - 1 in the divisor it divides by 0 and gives NaN.",
        "Compute it over more numbers, or pass correction=0.",
    ),
    _Known(
        r"size_average and reduce args will be deprecated",
        "note",
        "size_average and reduce are old arguments of a loss.",
        'Write reduction="mean", "sum" or "none".',
    ),
    _Known(
        r"[Cc]onverting a tensor with requires_grad=True to a scalar",
        "note",
        "a tensor with a history is turned into a bare number: no gradient flows back through that number.",
        "Write .item() or .detach() where this is meant, and keep the tensor where it shall learn.",
    ),
    _Known(
        r"non-writ(?:able|eable)",
        "note",
        "a NumPy array that must not be written to became a tensor that can be.",
        "Copy the array first: torch.from_numpy(array.copy()).",
    ),
    _Known(
        r"(?:was expecting|Received a) \d-?D input|expected .*input.* but got",
        "warning",
        "this layer was made for an input with another number of dimensions.",
        "Print the shape of the input, and use unsqueeze or another variant of the layer.",
    ),
)
_TOLD_ELSEWHERE: Final = (
    r"\.grad attribute of a Tensor that is not a leaf",
    r"Using a target size",
    r"duplicate parameters",
)
"""Warnings that another rule tells, with the program's own names."""


class TorchWarning(Rule):
    """PyTorch warned of a line of the program."""

    code = "torch-warning"
    title = "PyTorch warns"
    severity = "note"
    todo = "Follow PyTorch's advice, or make sure that this is what you want."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        printed = "".join(entry.text for entry in run.head.console if entry.stream == "stderr")
        warned = {(int(line), kind, text.strip()) for line, kind, text in _WARNED.findall(printed)}
        kept = [w for w in sorted(warned) if not any(re.search(p, w[2]) for p in _TOLD_ELSEWHERE)]
        self._warned = [w for w in kept if self._is_about(w)]
        self._first: IndexedIteration | None = None
        self._at: dict[int, tuple[IndexedIteration, str]] = {}

    def _is_about(self, warned: tuple[int, str, str]) -> bool:
        """Return whether the line itself is meant: what PyTorch calls inside is no matter of the program."""
        line, kind, text = warned
        old = re.match(r"`?torch\.([\w.]+)`?.*deprecated", text)
        inside = kind in ("DeprecationWarning", "FutureWarning") and old is not None
        return not inside or old is None or old[1].rpartition(".")[2] in self.run.line(line)

    def look(self, iteration: IndexedIteration) -> None:
        """Look for a node of each line, so that the page has a place for the warning."""
        lines = {line for line, _, _ in self._warned} - self._at.keys()
        if lines:
            self._first = self._first or iteration
            for node in iteration.graph.nodes.values():
                if node.line in lines:
                    self._at.setdefault(node.line, (iteration, node.id))

    def _place(self, line: int) -> tuple[IndexedIteration | None, Node | None]:
        """Return a node of this line; of the nearest one where it computes nothing."""
        if line in self._at:
            iteration, id_ = self._at[line]
            return iteration, iteration.graph.nodes[id_]
        nodes = [] if self._first is None else [n for n in self._first.graph.nodes.values() if n.line is not None]
        return self._first, min(nodes, key=lambda node: abs((node.line or 0) - line), default=None)

    def found(self) -> Iterable[Finding]:
        """Return one finding for each line and kind of warning."""
        for line, kind, text in self._warned:
            iteration, node = self._place(line)
            known = next((k for k in _KNOWN if re.search(k.pattern, text)), None)
            if known is not None:
                why = f"PyTorch warns of line {line}: {known.why}"
                details = Details(line=line, severity=known.severity, todo=known.todo)
            else:
                words = " ".join(text.split())[:_LONGEST].rstrip(" .")
                why = f"PyTorch warns of line {line} ({kind}): {_one_sentence(words)}."
                details = Details(line=line)
            yield self.finding(iteration, node, why, details)


def _one_sentence(words: str) -> str:
    """Return PyTorch's words up to the end of their first sentence, with the minus of numbers as the page writes it."""
    return re.sub(r"(?<!\w)-(?=\d)", "−", re.split(r"\. (?=[A-Z])", words)[0])

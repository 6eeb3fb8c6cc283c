"""Every page of explanations that programs give: of every value, gradient, edge and update."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.explain.addressing import Subject
from gradwalk.explain.chain_rule import explain
from gradwalk.explain.explanation import Explained, NodeExplanation
from gradwalk.explain.node_explanation import explain_gradient, explain_value
from gradwalk.explain.update_explanation import explain_update
from gradwalk.iteration.indexed_graph import IndexedGraph
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.lessons import Lessons
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program
from tests.operations.samples import forwards, one_of_each_kind

CASES: Final = sorted(Path("tests/cases").glob("*.py"))
MOST_ITERATIONS: Final = 3

AWKWARD: Final = {
    "s": "w1", "v": "h_2", "u": "größe", "x": "x_1", "y": "a1", "m": "fc1_weight", "b": "b12", "c": "__c__", "p": "P",
    "q": "e", "i": "img2", "w": "W_0", "line": "zu_lang_fuer_eine_zeile_in_einer_formel_die_man_liest", "o": "d",
}  # fmt: skip
"""A name that is hard to write in a formula, for each name of the samples."""

_NAME: Final = re.compile(r"(?<![\w.'])(" + "|".join(AWKWARD) + r")(?![\w'(]|\s*=[^=])")


def awkward_program(expression: str, named: bool) -> str:
    """Return a program that computes a sample from leaves with awkward names. `named`: the result has a name, too."""
    made = _NAME.sub(lambda name: AWKWARD[name[1]], expression)
    lines = ["from tests.operations.samples import leaves", "import torch, numpy as np", "from torch import nn"]
    lines += [
        "from torch.nn import functional as F",
        "made = leaves()",
        "t, k, causal = made['t'], made['k'], made['causal']",
    ]
    lines += [f"{awkward} = made['{plain}']" for plain, awkward in AWKWARD.items()]
    total = "sum(r.sum() for r in (R if isinstance(R, (tuple, list)) else [R]) if r.requires_grad)"
    if named:
        lines += [f"h2 = {made}", f"{total.replace('R', 'h2')}.backward()"]
    else:
        lines += ["def total(*parts):", "    parts = parts[0] if isinstance(parts[0], (tuple, list)) else parts"]
        lines += ["    return sum((part * 0.7).sum() for part in parts if part.requires_grad)"]
        lines += [f"total({made}).backward()"]
    return "\n".join(lines)


ON_PUSH: Final = {
    *(f"lesson {slug}" for slug in ("neuron", "xor", "module", "norms", "tiny-gpt", "lstm", "convolution", "dropout")),
    *(f"case {name}" for name in ("adam_loop", "clip_gradients", "double_backward_of_custom", "gan", "losses")),
    *(f"case {name}" for name in ("nested_modules", "operators", "rnn", "several_outputs", "transformer_layer")),
}
"""The lessons and cases that a push looks at."""


def programs(everything: bool = True) -> Iterator[tuple[str, str]]:
    """Yield the programs that explanations are looked at of, with their names: of them all, or one of each kind."""
    for lesson in Lessons.built_in().all():
        if everything or f"lesson {lesson.slug}" in ON_PUSH:
            yield f"lesson {lesson.slug}", lesson.source
    for path in CASES:
        if everything or f"case {path.stem}" in ON_PUSH:
            yield f"case {path.stem}", path.read_text("utf-8")
    for number, (_, expression) in enumerate(forwards() if everything else one_of_each_kind()):
        yield f"sample {expression}", awkward_program(expression, named=number % 2 == 0)


def recorded(source: str) -> Snapshot:
    """Return a program's snapshot."""
    return run_program(Program(source=source, seed=0), Limits(bytes=256 << 20)).snapshot()


def iterations_of(snapshot: Snapshot) -> list[IndexedIteration]:
    """Return the first iterations of a program."""
    return [
        IndexedIteration(IndexedGraph(snapshot.graphs[body.graph]), body, snapshot.tensors)
        for body in snapshot.iterations[:MOST_ITERATIONS]
    ]


def pages_of(iteration: IndexedIteration) -> Iterator[Explained]:
    """Yield every page of one iteration."""
    yield from values_of(iteration)
    for number, backward in enumerate(iteration.body.backward):
        for edge in backward.contributions:
            yield explain(iteration, Subject(edge, number))
        for node, gradients in backward.gradients.items():
            for output in (i for i, gradient in enumerate(gradients) if gradient is not None):
                yield explain_gradient(iteration, Subject(node, number, output))
    for node, count in Counter(update.node for update in iteration.body.updates).items():
        for number in range(count):
            yield explain_update(iteration, node, number)


def values_of(iteration: IndexedIteration) -> Iterator[NodeExplanation]:
    """Yield the page of every value."""
    for node, values in iteration.body.values.items():
        for output in range(len(values)):
            yield explain_value(iteration, Subject(node, output=output))

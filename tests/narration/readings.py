"""Writes docs/readings/: the sentences of five small networks, read in order, as a book would tell them.

Run python -m tests.narration.readings after a sentence, an operation's entry or one of the programs has changed.
"""

import contextlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np

from gradwalk.contract.digits import written
from gradwalk.contract.snapshot import Program, Snapshot, Step, Tensor, Update
from gradwalk.iteration.indexed_graph import IndexedGraph
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import norm
from gradwalk.iteration.sentence import Sentence
from gradwalk.narration.narrator import told
from gradwalk.narration.numbers import chosen_of, element_text, is_single, place_text
from gradwalk.narration.result_names import ResultNames
from gradwalk.operations.call import base_name
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program
from tests.narration.reading_programs import READINGS, Reading

FOLDER: Final = Path("docs/readings")
_WHOLE: Final = 2
"""The number of gradients and of updates that are told in whole sentences."""
_LIKEWISE: Final = ("In the same way", "Likewise")
_SENTENCES: Final = re.compile(r"(?<=\.) (?=[A-Z])")
_WORDS: Final = re.compile(r"the |part of | No |: |The ")
"""Beginnings of what stands out in a sentence and is no name."""


@dataclass
class _Teller:
    """Tells the steps of one iteration. `often`: how often an operation is told in full; after that its result alone is
    told. `counts`: how often each was told. `said`: what was said already. `likewise`: how often several results were
    told at once.
    """

    iteration: IndexedIteration
    sentences: list[Sentence]
    often: int
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    said: set[str] = field(default_factory=set)
    likewise: int = -1

    def sentence(self, step: Step) -> str:
        """Return the sentences of a step, without a remark that was made before."""
        kept = []
        for one in _SENTENCES.split(_markdown(self.sentences[step.index])):
            if one not in self.said:
                kept.append(one)
            self.said.add(one)
        return " ".join(kept)

    def paragraph(self, steps: Iterable[Step]) -> str:
        """Return some steps as a paragraph: what has been told twice is told shortly."""
        parts: list[str] = []
        for short, group in groupby(steps, self._is_short):
            if not short:
                parts += [self.sentence(step) for step in group]
                continue
            results = [result for step in group for result in self._results(step)]
            if results:
                told_now = _listed(results)
                if told_now in self.said:
                    continue
                self.said.add(told_now)
                self.likewise += 1
                parts.append(f"{_LIKEWISE[self.likewise % len(_LIKEWISE)]} {told_now}.")
        return " ".join(parts)

    def _is_short(self, step: Step) -> bool:
        node = self.iteration.graph.nodes[step.node]
        if step.kind == "leaf":
            return False
        key = (step.kind, base_name(node.op or node.kind))
        self.counts[key] += 1
        return self.counts[key] > self.often

    def _results(self, step: Step) -> list[str]:
        """Return what a step gave or handed on, in a few words: to what the program named."""
        graph, names = self.iteration.graph, ResultNames(self.iteration)
        node = graph.nodes[step.node]
        backward = self.iteration.backward(step.backward_pass)
        if step.kind == "backward" and backward is not None:
            flows = [graph.flows[edge] for edge in step.edges]
            arrived = [
                (names.own(flow.source, flow.edge.output), self._at(backward.contributions.get(flow.edge.id)))
                for flow in flows
            ]
            return [f"`{name}` gets {at}" for name, at in arrived if name and at]
        if node.name is None:
            layer, at = names.layer(node), self._at(self.iteration.value(node.id))
            return [f"`{layer}` gives {at}"] if layer and at else []
        values = [(names.own(node, i), self._at(self.iteration.value(node.id, i))) for i in range(max(1, node.outputs))]
        return [f"`{name}` becomes {at}" for name, at in values if at]

    def _at(self, tensor: Tensor | None) -> str:
        """Return the largest number of a tensor with its place."""
        array = self.iteration.array(tensor)
        chosen = None if tensor is None else chosen_of(tensor, array)
        if tensor is None or chosen is None:
            return ""
        where = "" if is_single(tensor) else f" at {place_text(tensor, chosen)}"
        return f"{element_text(tensor, array, chosen)}{where}"


def page(reading: Reading) -> str:
    """Return a reading as Markdown."""
    with contextlib.redirect_stdout(io.StringIO()):
        snapshot = run_program(Program(source=reading.source, seed=0), Limits(bytes=256 << 20)).snapshot()
    first = _iteration(snapshot, 0)
    teller = _Teller(first, told(first).sentences, reading.often)
    body = "\n".join(_first_turn(reading, teller))
    return "\n".join(
        [
            f"# {reading.title}\n",
            f"{reading.opening}\n",
            f"```python\n{reading.source.strip()}\n```\n",
            body,
            *_later_turns(snapshot),
            f"{reading.ending}\n",
            "*The sentences of this page stand under the steps that they tell when Gradwalk runs the program. The page "
            "is written by `python -m tests.narration.readings`.*\n",
        ]
    )


def _first_turn(reading: Reading, teller: _Teller) -> Iterator[str]:
    steps = teller.iteration.body.steps
    forward = [step for step in steps if step.kind in ("leaf", "operation")]
    parts = list(_parts(reading, teller.iteration, forward))
    yield "## Forward\n"
    for purpose, group in parts:
        yield f"{purpose} {teller.paragraph(group)}".strip() + "\n"
    yield f"## Backward\n\n{reading.backward}\n"
    titles = {step.node: _title(purpose) for purpose, group in parts for step in group}
    backward = [step for step in steps if step.kind == "backward"]
    for title, way in groupby(backward, lambda step: titles.get(step.node, "")):
        text = teller.paragraph(way)
        if text:
            yield f"**Back through {title}.** {text}\n" if title else f"{text}\n"
    yield from _gradients(teller)
    updates = [step for step in steps if step.kind == "update"]
    if updates:
        yield f"## Update\n\n{reading.update}\n"
        yield from _updates(teller, updates)


def _title(purpose: str) -> str:
    """Return the title of a part of the forward pass, as it stands within a sentence."""
    found = re.match(r"\*\*(.*?)\.?\*\*", purpose)
    if found is None:
        return ""
    title = found[1]
    return title[0].lower() + title[1:] if title.startswith(("The ", "A ")) else title.lower()


def _parts(reading: Reading, iteration: IndexedIteration, steps: list[Step]) -> Iterator[tuple[str, list[Step]]]:
    """Yield the parts of the forward pass, each with what it is for. A part begins where a purpose is known."""
    purpose, part, said = "", list[Step](), Counter[str]()
    before: str = ""
    nodes = iteration.graph.operations
    places = {
        key: {(node.line, iteration.graph.modules(node)) for node in nodes if node.name == key}
        for key in reading.purposes
    }
    for step in steps:
        node = iteration.graph.nodes[step.node]
        path = ".".join(iteration.graph.modules(node))
        by_line = [key for key in reading.purposes if (node.line, iteration.graph.modules(node)) in places[key]]
        by_path = [key for key in reading.purposes if path == key or path.startswith(f"{key}.")]
        key = max(by_line or by_path, key=len, default="")
        if key and key != before and said[key] < len(reading.purposes[key]):
            if part:
                yield purpose, part
            purpose, part = reading.purposes[key][said[key]], []
            said[key] += 1
        before = key or before
        part.append(step)
    if part:
        yield purpose, part


def _gradients(teller: _Teller) -> Iterator[str]:
    """Yield what arrived at the leaves: the first two in sentences, the others in a table."""
    steps = [step for step in teller.iteration.body.steps if step.kind == "accumulate"]
    whole = len(steps) if len(steps) <= _WHOLE + 1 else _WHOLE
    yield " ".join(teller.sentence(step) for step in steps[:whole]) + "\n"
    if steps[whole:]:
        yield "The others:\n\n| | norm of the gradient | its largest number |\n|---|---|---|"
        for step in steps[whole:]:
            backward = teller.iteration.backward(step.backward_pass)
            held = None if backward is None else backward.accumulated.get(step.node)
            array = teller.iteration.array(held)
            chosen = None if held is None else chosen_of(held, array)
            if held is not None and chosen is not None:
                where = "" if is_single(held) else f" at {place_text(held, chosen)}"
                name = teller.iteration.graph.nodes[step.node].name
                yield f"| `{name}` | {written(norm(held) or 0.0)} | {element_text(held, array, chosen)}{where} |"
        yield ""


def _updates(teller: _Teller, steps: list[Step]) -> Iterator[str]:
    yield " ".join(teller.sentence(step) for step in steps[:_WHOLE]) + "\n"
    rest = steps[_WHOLE:]
    if rest:
        moved = [
            _moved(teller.iteration, update) for update in teller.iteration.body.updates[_WHOLE : _WHOLE + len(rest)]
        ]
        shown = moved[:4]
        more = f" The remaining {len(moved) - 4} parameters move by the same rule." if len(moved) > 4 else ""
        yield f"In the same way {_listed(shown)}.{more}\n"


def _moved(iteration: IndexedIteration, update: Update) -> str:
    """Return the number of a leaf that moved the farthest."""
    name = iteration.graph.nodes[update.node].name or "a leaf"
    before, after = iteration.array(update.before), iteration.array(update.after)
    if before is None or after is None:
        return f"`{name}` moves"
    place = tuple(int(i) for i in np.unravel_index(int(np.abs(after - before).argmax()), before.shape))
    where = place_text(update.after, place)
    return f"`{name}{where}` goes from {written(float(before[place]))} to {written(float(after[place]))}"


def _later_turns(snapshot: Snapshot) -> Iterator[str]:
    """Yield what changed in later turns."""
    trained = [i for i, body in enumerate(snapshot.iterations) if body.updates and body.loss is not None]
    if len(trained) < 2:
        return
    yield "## The turns after it\n\nThe same steps run again with the new numbers. Only what changed is told.\n"
    chosen = sorted({*trained[1:3], trained[len(trained) // 2], trained[-1]})
    for i in chosen:
        iteration = _iteration(snapshot, i)
        before = float(snapshot.iterations[i - 1].loss or 0)
        loss = float(iteration.body.loss or 0)
        way = "falls" if loss < before else "rises" if loss > before else "stays"
        farthest = max(iteration.body.updates, key=lambda update: _distance(iteration, update))
        yield (
            f"- **Turn {i + 1}**: the loss {way} from {written(before)} to {written(loss)}. The largest step: "
            f"{_moved(iteration, farthest)}."
        )
    yield ""


def _distance(iteration: IndexedIteration, update: Update) -> float:
    before, after = iteration.array(update.before), iteration.array(update.after)
    return 0.0 if before is None or after is None else float(np.abs(after - before).max())


def _iteration(snapshot: Snapshot, index: int) -> IndexedIteration:
    body = snapshot.iterations[index]
    return IndexedIteration(IndexedGraph(snapshot.graphs[body.graph]), body, snapshot.tensors)


def _markdown(sentence: Sentence) -> str:
    """Return a sentence with its names as code."""
    return "".join(
        f"`{part.text}`" if part.kind == "strong" and not _WORDS.match(part.text) else _escaped(part.text)
        for part in sentence.parts
    )


def _escaped(text: str) -> str:
    return re.sub(r"([_*<])", r"\\\1", text)


def _listed(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def main() -> None:
    """Write all readings."""
    FOLDER.mkdir(exist_ok=True)
    for name, reading in READINGS.items():
        (FOLDER / f"{name}.md").write_text(page(reading), "utf-8")


if __name__ == "__main__":
    main()

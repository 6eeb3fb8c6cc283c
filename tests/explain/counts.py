"""The generator of the last section of docs/explanations.md, which counts what the explanations show.

Run python -m tests.e2e.explanation_fixtures --all, npx vitest run src/features/explain/pages.test.ts in static/, and
python -m tests.explain.counts docs/explanations.md after an entry of an operation, a lesson or a case has changed.
"""

import contextlib
import io
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gradwalk.explain.explanation import Explained, NodeExplanation
from gradwalk.operations.call import base_name
from gradwalk.operations.optimizers import OPTIMIZERS, WHOLE
from tests.explain.pages import iterations_of, pages_of, programs, recorded
from tests.narration.grammar import faults, has_value, wrong_sums
from tests.narration.told_programs import ToldStep, names, steps_of
from tests.operations.test_operators import COURSE

DRAWN: Final = Path("static/.fixtures/explanations/drawn.json")
RULED: Final = {name for optimizer in OPTIMIZERS for name in optimizer.names}
"""The optimizers whose rule is written down."""
_NUMBERED: Final = re.compile(r"(?<![A-Za-z\\])v_\{(\d+)(?:\.\d+)?\}")

HEADING: Final = "## Counted"

SECTION: Final = """## Counted

Over all lessons, all programs of `tests/cases` and all samples of operations (`tests/operations/samples.py`), whose
leaves have names that are hard to write. Written by `python -m tests.explain.counts docs/explanations.md`.

| | |
|---|---|
| pages of explanations: of values, gradients, edges and updates | {pages:,} |
| of them with a formula that the page cannot draw | {failing} |
| invented names such as `v_6` in formulas | {invented} |
| operations that a course meets | {course} |
| of them with worked numbers forwards | {worked} |
| optimizers of `torch.optim` whose step is worked out for one number | {ruled} of {optimizers} |
| sentences of steps, of all lessons and cases | {sentences:,} |
| of them about steps of which a number was recorded (on the device `meta` none is) | {recorded:,} |
| of these with a number of the run | {told:,} ({share:.1f} %) |
| sentences with a fault of language, or with a sum that is wrong | {faulty} |

`static/src/features/explain/pages.test.ts` draws every formula of these pages as the page does, and fails when one
cannot be drawn. The numbers are compared with PyTorch by `tests/operations/test_worked_numbers.py`, each element, and
the steps by `tests/explain/test_updates.py`.
`tests/narration/test_sentences.py` looks at the language of every sentence, and computes its sums again.

**Operations with worked numbers forwards**: {with_numbers}

**Without them**: {without}

**Optimizers**: {names_ruled} Their steps are worked out with all that they remember. The others have a rule of whole
tensors, and the page says so: {names_whole}
"""


@dataclass
class Counts:
    """What was counted. `worked`: the operations whose values show the numbers that they were computed from.
    `sentences`: of all steps; `recorded`: of those of which a number was recorded; `told`: those of them that tell one;
    `faulty`: those with a fault.
    """

    pages: int = 0
    invented: int = 0
    worked: set[str] = field(default_factory=set)
    sentences: int = 0
    recorded: int = 0
    told: int = 0
    faulty: int = 0

    def add(self, page: Explained, names: set[str]) -> None:
        """Count one page of a program with these names."""
        self.pages += 1
        self.invented += bool(invented(f"{page.formula} {page.stages}", names))
        value = isinstance(page, NodeExplanation) and page.backward_pass is None
        if value and page.op is not None and (page.stages.numbers or page.stages.local):
            self.worked.add(base_name(page.op))

    def add_sentence(self, step: ToldStep) -> None:
        """Count the sentence of a step."""
        self.sentences += 1
        self.recorded += step.has_numbers
        self.told += step.has_numbers and has_value(step.sentence)
        self.faulty += bool(faults(step.sentence) or list(wrong_sums(step.sentence)))


def invented(formulas: str, names: set[str]) -> list[str]:
    """Return the numbers that stand in formulas as if they were names: in a program that has neither `v` nor `v_6`."""
    return [found for found in _NUMBERED.findall(formulas) if not names & {"v", f"v{found}", f"v_{found}"}]


def counted() -> Counts:
    """Count the pages of all programs."""
    counts = Counts()
    for _, source in programs():
        with contextlib.redirect_stdout(io.StringIO()):
            snapshot = recorded(source)
        for iteration in iterations_of(snapshot):
            known = {name for node in iteration.graph.nodes.values() for name in (node.name or "").split(", ")}
            for page in pages_of(iteration):
                counts.add(page, known)
    for name in names():
        for step in steps_of(name):
            counts.add_sentence(step)
    return counts


def document(page: str, counts: Counts) -> str:
    """Return the page with its last section as it is counted."""
    course = sorted(set(COURSE))
    worked = [name for name in course if name in counts.worked]
    return page.partition(HEADING)[0] + SECTION.format(
        pages=counts.pages,
        invented=counts.invented,
        course=len(course),
        worked=len(worked),
        sentences=counts.sentences,
        recorded=counts.recorded,
        told=counts.told,
        share=100 * counts.told / max(1, counts.recorded),
        faulty=counts.faulty,
        with_numbers=_listed(worked),
        without=_listed([name for name in course if name not in counts.worked])
        if len(worked) < len(course)
        else "none.",
        failing=failing_pages(counts.pages),
        ruled=len(RULED),
        optimizers=len(RULED) + len(WHOLE),
        names_ruled=_listed(sorted(RULED)),
        names_whole=_listed(sorted(WHOLE)),
    )


def failing_pages(pages: int) -> int:
    """Return how many of these pages the page's own test could not draw. Raises ValueError where it drew others."""
    found = json.loads(DRAWN.read_text("utf-8"))
    if not found["everything"] or found["count"] != pages:
        raise ValueError(f"{found['count']} pages were drawn and {pages} counted: write and draw all of them first")
    return int(found["failing"])


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) + "."


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(document(path.read_text("utf-8"), counted()), "utf-8")

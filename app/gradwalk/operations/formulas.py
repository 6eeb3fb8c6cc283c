"""The generator of docs/formulas.md, which lists every formula that explanations use, with its source.

Run `python -m gradwalk.operations.formulas > docs/formulas.md` after a formula has changed.
"""

from collections.abc import Iterator

from gradwalk.operations.entry import PLACE, Formula
from gradwalk.operations.optimizers import OPTIMIZERS, SYMBOLS
from gradwalk.operations.registry import CHAPTERS

_HEAD = """# The formulas

What explanations are computed from: per operation the result, the local derivative by each argument, and where both
come from. Written by `python -m gradwalk.operations.formulas`; every entry is compared with autograd by a test. x is
the first argument, y the result.
"""
_REST = """## All other operations

For an operation that is not listed here the page shows the formula that PyTorch itself declares, read from the
`derivatives.yaml` of the installed PyTorch, without numbers. The numbers can be measured: the program is run again in
the sandbox as far as the backward pass in question, and the operation's backward is called there once for each number
of its result, with a gradient of 1 for that number and 0 for the others. That is how custom `torch.autograd.Function`s
are explained. Beside it the same run moves the element a little and makes the call again: where backward is not the
slope of forward, the explanation says so. An operation with more than 1,024 results, or with complex numbers, is not
measured.
"""
_LETTERS = {"self": "x", "result": "y", "other": "z", "target": "t", "weight": "w", "bias": "b", "mu": r"\mu", "p": "p",
            "x1": "x_{1}", "x2": "x_{2}"}  # fmt: skip


def document() -> str:
    """Return the whole page."""
    lines = [_HEAD]
    for chapter, operations in CHAPTERS.items():
        written = [line for each in operations for formula in each.formulas for line in _formula(each.names, formula)]
        lines += [f"## {chapter}\n", *written] if written else []
    lines += ["## Optimizers\n", *_optimizers(), _REST]
    return "\n".join(lines)


def _formula(names: tuple[str, ...], formula: Formula) -> Iterator[str]:
    yield f"**{', '.join(f'`{name}`' for name in names)}**: $y = {_letters(formula.forward)}$\n"
    for argument, rule in formula.rules.items():
        yield f"- by `{argument}`: ${_letters(rule.latex)}$. {rule.meaning}"
    yield f"- source: {formula.source}\n"


def _optimizers() -> Iterator[str]:
    for optimizer in OPTIMIZERS:
        yield f"**{', '.join(optimizer.names)}**: ${optimizer.state}$\n"
        for form in optimizer.forms:
            written = PLACE.sub(lambda place: SYMBOLS.get(place[1], place[1]), form.latex)
            yield rf"- $w \leftarrow {written}$. {form.meaning}"
        yield f"- source: {optimizer.source}\n"


def _letters(formula: str) -> str:
    return PLACE.sub(lambda place: _LETTERS.get(place[1], rf"\text{{{place[1]}}}".replace("_", r"\_")), formula)


if __name__ == "__main__":
    print(document(), end="")

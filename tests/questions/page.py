"""Writes docs/questions.md, from the rules and programs that they ask about."""

import sys
from pathlib import Path

from gradwalk.questions import RULES, Question
from gradwalk.questions.question_rule import Rule
from tests.questions.asking import any_of, expected, judged, lesson

_HEAD = """# Questions

Predict before you see: a walk stops before some steps and asks what they will show. The questions come from the
snapshot of any program by rule, are the same for everybody with the same seed, and are answered from what PyTorch
computed. `GET /api/v1/snapshots/{id}/questions` gives them to programs, `POST /api/v1/snapshots/{id}/answers` judges an
answer (`docs/api.md`).

- A question is asked before its step, and can be answered by head from what stands on the stage there. A rule that
  cannot tell whether its question is a good one does not ask it: where a hook of the program has changed a gradient, no
  rule asks for it.
- There are at most seven questions about an iteration, of different kinds and spread over its steps, and three about a
  later iteration of the same graph. No two are about the same thing.
- A number is right with two significant digits, or 2 % off; a new number after an update, within a fifth of the change.
  A sign, a shape, and the nodes that are chosen, have to be right exactly.
- Wrong numbers to choose from are the usual mistakes: the sign turned round, the local derivative or the upstream
  gradient forgotten, the value taken for the gradient. Wrong shapes are those of the other tensors, and the right one
  turned round.

This page is written from the rules (`app/gradwalk/questions`):
`python -m tests.questions.page docs/questions.md`.
"""

_RELU = """import torch
x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
w = torch.tensor(-1.0, requires_grad=True)
b = torch.tensor(4.0, requires_grad=True)
(torch.relu(x).sum() + b * torch.relu(w)).backward()
"""
_TWICE = """import torch
w = torch.tensor(2.0, requires_grad=True)
loss = w * 3
loss.backward(retain_graph=True)
loss.backward()
"""
_SGD = """import torch
w = torch.tensor(2.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
(w * 3).backward()
optimizer.step()
"""

EXAMPLES = {
    "value": lesson("fan-out"),
    "value-shape": lesson("module"),
    "no-gradient": lesson("neuron"),
    "meeting": lesson("fan-out"),
    "zero-gradients": _RELU,
    "largest": lesson("neuron"),
    "sign": lesson("neuron"),
    "contribution": lesson("fan-out"),
    "contribution-choice": lesson("neuron"),
    "zero-elements": _RELU,
    "gradient-shape": lesson("module"),
    "sum": lesson("fan-out"),
    "accumulated": _TWICE,
    "direction": lesson("module"),
    "new-number": _SGD,
}
"""By kind, a program that is asked such a question."""


def page() -> str:
    """The whole page, Markdown."""
    return "\n".join([_HEAD, _contents(), *(_section(rule) for rule in RULES)])


def _contents() -> str:
    rows = [f"| [`{rule.code}`](#{rule.code}) | {rule.title} |" for rule in RULES]
    return "\n".join(["| kind | what is asked |", "|---|---|", *rows, ""])


def _section(rule: Rule) -> str:
    source = EXAMPLES[rule.code]
    question = any_of(rule.code, source)
    verdict = judged(source, question.id, expected(source, question).expected)
    about = " ".join((rule.__doc__ or "").split())
    return "\n".join(
        [
            f"## {rule.code}",
            "",
            f"**{rule.title}.** {about}",
            "",
            f"> **{_plain(question.text)}**{_offered(question)}",
            ">",
            f"> {_answer(question, verdict.expected)}. {_plain(verdict.why)}",
            "",
        ]
    )


def _offered(question: Question) -> str:
    texts = [_plain(choice.text) for choice in question.choices]
    return f" ({' · '.join(texts)})" if texts else ""


def _answer(question: Question, right: float | list[str]) -> str:
    if isinstance(right, float):
        return f"{right:.4g}".replace("-", "−")
    return ", ".join(_plain(choice.text) for choice in question.choices if choice.value in right)


def _plain(sentence: str) -> str:
    """Names such as `__setitem__` and `w * x` are no Markdown."""
    return "".join(f"\\{c}" if c in "*_<>[" else c for c in sentence)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), "utf-8")

"""Why a result has its shape: the sentences hold the sizes that PyTorch gave."""

import pytest

from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.operations.registry import operation_of
from gradwalk.operations.result_shapes import broadcast, reason
from tests.questions.asking import iteration_of, recorded

PROGRAM = """import torch
from torch import nn
import torch.nn.functional as F
m = torch.randn(2, 3, requires_grad=True)
v = torch.randn(3)
image = torch.randn(1, 2, 8, 6)
product = m @ torch.randn(3, 4)
weighted = m @ v
number = v @ v
outer = torch.outer(v, torch.randn(2))
batch = torch.bmm(torch.randn(5, 2, 3), torch.randn(5, 3, 4))
layer = F.linear(m, torch.randn(7, 3), torch.randn(7))
rows = m.sum(dim=1)
kept = m.mean(dim=0, keepdim=True)
everything = m.sum()
turned = m.T
moved = image.transpose(1, 3)
ordered = image.permute(0, 2, 3, 1)
flat = m.reshape(-1)
pieces = m.view(3, 2)
longer = torch.cat([m, torch.randn(4, 3)])
pile = torch.stack([v, v, v, v])
looked_up = F.embedding(torch.tensor([1, 0, 1, 2]), torch.randn(3, 5))
convolved = F.conv2d(image, torch.randn(4, 2, 3, 3), padding=1, stride=2)
pooled = F.max_pool2d(image, 2)
averaged = F.adaptive_avg_pool2d(image, (1, 1))
added = m + v
"""

SAID = {
    "product": "both 3, meet and vanish; the outer sizes 2 and 4 stay",
    "weighted": "both 3, meet and vanish; the outer size 2 stays",
    "number": "both 3, meet and vanish; no size is left",
    "outer": "Each of the 3 numbers meets each of the 2",
    "batch": "the outer sizes 2 and 4 stay, and so do the sizes in front",
    "layer": "the last size of x, 3, meets the 3 columns of the weight and vanishes, and the weight's 7 rows",
    "rows": "along dimension 1, of size 3, so that size is gone",
    "kept": "along dimension 0, of size 2, so that size becomes 1",
    "everything": "one number of all 6: no size is left",
    "turned": "swaps dimensions 0 and 1, so 2×3 becomes 3×2",
    "moved": "swaps dimensions 1 and 3, so 1×2×8×6 becomes 1×6×8×2",
    "ordered": "in the order 0, 2, 3, 1",
    "flat": "the same 6 numbers in the same order",
    "pieces": "3 · 2 = 6",
    "longer": "along dimension 0: 2 + 4 = 6",
    "pile": "the 4 tensors of the shape 3 side by side along a new dimension 0",
    "looked_up": "one row of the weight, 5 numbers, for each of the 4 indices",
    "convolved": "(8 + 2 · 1 − 3) / 2, rounded down, + 1 = 4, and (6 + 2 · 1 − 3) / 2, rounded down, + 1 = 3 times",
    "pooled": "(8 − 2) / 2, rounded down, + 1 = 4, and (6 − 2) / 2, rounded down, + 1 = 3 times",
    "averaged": "was told to give 1×1",
    "added": "Broadcasting: the sizes of 2×3 and 3",
}


def sentence(iteration: IndexedIteration, name: str) -> str | None:
    node = next(node for node in iteration.graph.operations if node.name == name)
    operation = operation_of(node.op)
    assert operation is not None
    return reason(operation.shape or broadcast, iteration.call(node))


@pytest.mark.parametrize("name", SAID)
def test_the_sentence_holds_the_sizes(name: str) -> None:
    assert SAID[name] in (sentence(iteration_of(recorded(PROGRAM)), name) or "")


@pytest.mark.parametrize(
    "line",
    [
        "y = F.conv_transpose2d(torch.randn(1, 2, 4, 4), torch.randn(2, 3, 3, 3))",
        "y = F.max_pool2d(torch.randn(1, 1, 5, 5), 2, ceil_mode=True)",
        "y = torch.hstack([torch.randn(2, 1), torch.randn(2, 3)])",
    ],
)
def test_what_the_call_does_not_tell_is_not_said(line: str) -> None:
    source = f"import torch\nimport torch.nn.functional as F\n{line}\n"
    iteration = iteration_of(recorded(source))
    operation = operation_of(iteration.graph.operations[-1].op)
    assert operation is not None
    assert operation.shape is None or sentence(iteration, "y") is None

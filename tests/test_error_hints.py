"""The hints are asked about errors that the installed torch and Python really raise, not about copied texts."""

import builtins
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn, tensor
from torch.nn import functional

from gradwalk.error_hints import RULES, hint


class _WithoutSuper(nn.Module):
    def __init__(self) -> None:
        self.layer = nn.Linear(1, 1)


class _WithoutForward(nn.Module):
    pass


def _recurse() -> None:
    _recurse()


def _python(source: str) -> Callable[[], object]:
    return lambda: exec(compile(source, "program.py", "exec"), {"__builtins__": builtins, "torch": torch})


LONG = torch.tensor([0, 3])
CASES: dict[str, tuple[Callable[[], object], str]] = {
    "matmul": (lambda: torch.ones(2, 3) @ torch.ones(4, 5), "3 columns and the right one 4 rows"),
    "linear": (lambda: nn.Linear(3, 1)(torch.ones(2, 4)), "in_features"),
    "matrix times vector": (lambda: torch.ones(2, 3) @ torch.ones(2), "inner sizes"),
    "bmm": (lambda: torch.bmm(torch.ones(2, 3, 4), torch.ones(2, 3, 4)), "inner sizes"),
    "broadcast": (lambda: torch.ones(3) + torch.ones(4), "3 meets 4 in dimension 0"),
    "bce sizes": (lambda: functional.binary_cross_entropy(torch.ones(3), torch.ones(3, 1)), "prediction ([3])"),
    "batch sizes": (lambda: functional.cross_entropy(torch.ones(3, 2), torch.zeros(4).long()), "3 predictions and 4"),
    "view": (lambda: torch.ones(6).view(4, 2), "[4, 2] must multiply to 6"),
    "view of a transpose": (lambda: torch.ones(2, 3).T.view(6), "reshape instead of view"),
    "cat": (lambda: torch.cat([torch.ones(2, 3), torch.ones(3, 2)]), "same shape"),
    "conv": (lambda: nn.Conv2d(3, 4, 3)(torch.ones(1, 1, 8, 8)), "expects 3 channels and got 1"),
    "layer norm": (lambda: nn.LayerNorm(4)(torch.ones(3)), "features"),
    "attention": (lambda: nn.MultiheadAttention(5, 2), "multiple of num_heads"),
    "one example and batch norm": (lambda: nn.BatchNorm1d(3)(torch.ones(1, 3)), "two examples or more"),
    "classes as a column": (lambda: functional.cross_entropy(torch.ones(2, 3), LONG[:, None]), "target.squeeze(1)"),
    "classes in the last dimension": (
        lambda: functional.cross_entropy(torch.ones(2, 4, 3), torch.zeros(2, 4).long()),
        "outputs.reshape(-1, classes)",
    ),
    "picture without channels": (lambda: nn.Conv2d(1, 1, 2)(torch.ones(4, 4)), "needs a 3D (unbatched) or 4D"),
    "no grad": (_python("torch.ones(1).sum().backward()"), "requires_grad=True"),
    "backward twice": (
        _python("x = torch.ones(1, requires_grad=True)\ny = (x * x).sum()\ny.backward()\ny.backward()"),
        "retain_graph=True",
    ),
    "in place": (_python("y = torch.ones(3, requires_grad=True).exp()\ny += 1\ny.sum().backward()"), "y = y + 1"),
    "leaf in place": (_python("x = torch.ones(3, requires_grad=True)\nx += 1"), "torch.no_grad()"),
    "backward of a vector": (_python("(torch.ones(3, requires_grad=True) * 2).backward()"), ".mean() or .sum()"),
    "integer gradient": (lambda: tensor([1], requires_grad=True), "1.0 instead of 1"),
    "numpy": (lambda: tensor([1.0], requires_grad=True).numpy(), ".detach().numpy()"),
    "grad is None": (lambda: tensor([1.0], requires_grad=True).grad.zero_(), "None until backward"),  # type: ignore[union-attr]
    "optimizer without parameters": (lambda: torch.optim.SGD([], lr=1), "net.parameters()"),
    "no super": (_WithoutSuper, "super().__init__()"),
    "no forward": (lambda: _WithoutForward()(1), "forward(self, x)"),
    "network for an optimizer": (
        _python("optimizer = torch.optim.SGD(torch.nn.Linear(1, 1), lr=1)"),
        "net.parameters()",
    ),
    "parameter in two groups": (
        _python("w = torch.ones(1, requires_grad=True)\ntorch.optim.SGD([{'params': [w]}, {'params': [w]}], lr=1)"),
        "each parameter once",
    ),
    "output and state": (lambda: nn.Linear(2, 1)(nn.LSTM(2, 2)(torch.ones(1, 1, 2))), "output, state = layer(x)"),
    "state of another network": (
        lambda: nn.Linear(2, 1).load_state_dict(nn.Linear(3, 1).state_dict()),
        "the same layers, names and sizes",
    ),
    "one-hot classes": (lambda: functional.cross_entropy(torch.ones(2, 3), torch.eye(3).long()[:2]), "argmax(dim=1)"),
    "swapped arguments": (lambda: functional.cross_entropy(LONG, torch.ones(2)), "outputs of the network come first"),
    "devices": (lambda: nn.Linear(2, 1, device="meta")(torch.ones(1, 2)), "two devices (meta and cpu)"),
    "float and double": (lambda: nn.Linear(2, 1)(torch.ones(2, dtype=torch.double)), ".float()"),
    "bce of integers": (lambda: functional.binary_cross_entropy(torch.ones(2), LONG), ".float()"),
    "float classes": (lambda: functional.cross_entropy(torch.ones(2, 3), torch.ones(2)), "target.long()"),
    "softmax of integers": (lambda: functional.softmax(LONG, 0), ".float()"),
    "mean of integers": (lambda: LONG.mean(), ".float()"),
    "float index": (lambda: nn.Embedding(3, 2)(tensor([1.0])), ".long()"),
    "embedding": (lambda: nn.Embedding(3, 2)(LONG), "num_embeddings"),
    "class out of bounds": (lambda: functional.cross_entropy(torch.ones(2, 3), LONG), "class 3 does not exist"),
    "no probability": (lambda: functional.binary_cross_entropy(tensor([2.0]), tensor([1.0])), "sigmoid"),
    "dimension": (lambda: torch.ones(3).sum(2), "no dimension 2"),
    "index": (lambda: torch.ones(2)[5], "n - 1"),
    "item of many": (lambda: torch.ones(2).item(), ".mean()"),
    "list instead of tensor": (lambda: functional.cross_entropy(torch.ones(2, 3), [0, 1]), "torch.tensor("),  # type: ignore[arg-type]
    "cuda": (lambda: torch.ones(2).cuda(), "no GPU"),
    "matplotlib": (_python("import matplotlib.pyplot"), "Delete the lines that plot"),
    "module": (_python("import torhc"), "no module torhc"),
    "undefined name": (_python("print(lss)"), "no value yet"),
    "forgotten import": (_python("nn.Linear(1, 1)"), "nn is used before it is imported"),
    "bracket": (_python("x = (1"), "bracket"),
    "colon": (_python("for i in range(3)\n  pass"), "colon"),
    "indentation": (_python("if True:\nx = 1"), "same column"),
    "quotation mark": (_python("x = 'a"), "quotation mark"),
    "syntax": (_python("x = = 1"), "cannot read this line"),
    "top level await": (_python("await f()"), "async function"),
    "recursion": (_recurse, "calls itself"),
    "key": (_python("{}['a']"), "keys()"),
    "attribute": (lambda: torch.ones(1).shap, "called shap"),  # type: ignore[attr-defined]
    "arguments": (_python("def f(a): pass\nf()"), "arguments"),
    "not callable": (_python("print = 'x'\nprint(1)"), "str stands"),
    "division": (_python("1 / 0"), "divisor"),
    "huge number": (_python("print(10 ** 10000)"), "logarithm"),
    "file": (lambda: np.fromfile("/nowhere"), "put the data into the program"),
}


@pytest.mark.parametrize("name", CASES)
def test_an_error_that_students_meet_has_its_hint(name: str) -> None:
    raising, words = CASES[name]
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - the type is what hint() is asked about
        raising()
    said = hint(caught.type.__name__, str(caught.value), CODE.get(name, ""))
    assert said is not None
    assert words in said


CODE: dict[str, str] = {"network for an optimizer": "optimizer = torch.optim.SGD(net, lr=1)"}
"""The line of the program, where the hint depends on it."""

LINES = {
    ("SyntaxError", "invalid syntax", "%matplotlib inline"): "notebook",
    ("SyntaxError", "invalid syntax", "!pip install torch"): "notebook",
    ("SyntaxError", "invalid syntax", "files = !ls"): "notebook",
    ("SyntaxError", "invalid syntax", "times = %timeit -o f(x)"): "notebook",
    ("SyntaxError", "invalid syntax", "torch.tensor?"): "notebook",
    ("SyntaxError", "invalid syntax", "torch.tensor??"): "notebook",
    ("SyntaxError", "invalid syntax", ">>> import torch"): "Delete the >>>",
    ("SyntaxError", "invalid syntax", "x = = 1"): "cannot read this line",
    ("TypeError", "unsupported operand type(s) for *: 'float' and 'NoneType'", "w = w - 0.1 * w.grad"): "w -= ...",
    (
        "TypeError",
        "unsupported operand type(s) for *: 'float' and 'NoneType'",
        "b -= 0.1 * b.grad",
    ): "b.grad is None here",
}


@pytest.mark.parametrize(("error_type", "message", "code"), LINES)
def test_the_hint_fits_the_line_that_raised_the_error(error_type: str, message: str, code: str) -> None:
    said = hint(error_type, message, code)
    assert said is not None
    assert LINES[error_type, message, code] in said


SANDBOXED = {
    ("ModuleNotFoundError", "No module named 'matplotlib'"): "delete the lines that plot",
    ("ModuleNotFoundError", "No module named 'torchvision'"): "data set by hand",
    ("ModuleNotFoundError", "No module named 'tqdm'"): "for batch in data",
    ("ModuleNotFoundError", "No module named 'tqdm.auto'"): "for batch in data",
    ("ModuleNotFoundError", "No module named 'einops'"): "reshape and permute",
    ("ModuleNotFoundError", "No module named 'd2l'"): "leave its lines out",
    ("ModuleNotFoundError", "No module named 'gymnasium'"): "step(action)",
    ("ModuleNotFoundError", "No module named 'tiktoken'"): "sorted(set(text))",
    ("ModuleNotFoundError", "No module named 'PIL'"): "torch.randn",
    ("ModuleNotFoundError", "No module named 'scipy'"): "torch alone",
    ("ModuleNotFoundError", "No module named 'turtle'"): "belongs to python",
    ("ModuleNotFoundError", "No module named 'model'"): "put its text into the program",
    ("ImportError", "attempted relative import with no known parent package"): "put the text of that file",
    ("PackageNotFoundError", "No package metadata was found for tiktoken"): "tiktoken is not installed",
    ("RuntimeError", "[enforce fail at inline_container.cc:747] . open file failed with strerror: x"): "io.bytesio()",
    ("RuntimeError", "PyTorch is not linked with support for mps devices"): 'device "cpu"',
    (
        "RuntimeError",
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        "[torch.FloatTensor [8, 1]], which is output 0 of AsStridedBackward0, is at version 2; expected version 1",
    ): "optimizer's step",
    ("RuntimeError", "can't start new thread"): "threads",
    ("RuntimeError", "DataLoader worker (pid 3) exited unexpectedly"): "num_workers=0",
    ("BackendCompilerFailed", "backend='inductor' raised: ..."): "without torch.compile",
    ("PermissionError", "[Errno 1] Operation not permitted"): "start processes",
    ("FileNotFoundError", "[Errno 2] No such file or directory: 'data.csv'"): "files cannot be read",
    ("URLError", "<urlopen error [Errno 1] Operation not permitted>"): "network",
    ("FileNotFoundError", "[Errno 2] No such file or directory"): "no folder here",
    ("EOFError", "EOF when reading a line"): "nobody can type",
}


@pytest.mark.parametrize(("error_type", "message"), SANDBOXED)
def test_what_the_sandbox_lacks_has_its_hint(error_type: str, message: str) -> None:
    said = hint(error_type, message)
    assert said is not None
    assert SANDBOXED[error_type, message] in said.lower()


def test_an_unknown_error_gets_no_hint() -> None:
    assert hint("MyOwnError", "only the author knows") is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.pattern[:40] or rule.types[0])
def test_a_hint_is_one_short_text_for_a_student(rule: object) -> None:
    text = rule.hint  # type: ignore[attr-defined]
    assert text.endswith((".", "?"))
    assert 20 < len(text) < 240

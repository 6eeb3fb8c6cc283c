"""Hypothesis strategies for small PyTorch programs as source text: float64, small shapes, every value a variable."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from hypothesis import strategies as st

Shape = tuple[int, ...]
Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass
class Text:
    """A program that grows line by line. `shapes`: its variables; `used`: those in a later one's expression."""

    draw: Draw
    lines: list[str] = field(default_factory=list)
    shapes: dict[str, Shape] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def any(self, fits: Callable[[Shape], bool] = lambda shape: True) -> str | None:
        """A variable whose shape fits, null when there is none; the youngest are the simplest."""
        names = [n for n, shape in self.shapes.items() if fits(shape)]
        if not names:
            return None
        name: str = self.draw(st.sampled_from(names[::-1]))
        return name

    def one_of(self, *choices: str) -> str:
        """One of several texts."""
        chosen: str = self.draw(st.sampled_from(choices))
        return chosen

    def bind(self, expression: str, shape: Shape) -> str:
        """A new variable that holds the value of an expression."""
        name = f"v{len(self.shapes)}"
        self.lines.append(f"{name} = {expression}")
        self.shapes[name] = shape
        self.used.update(re.findall(r"\bv\d+\b", expression))
        return name

    def bind_all(self, expression: str, shapes: list[Shape]) -> None:
        """New variables for an expression with several results."""
        names = [f"v{len(self.shapes) + i}" for i in range(len(shapes))]
        self.lines.append(f"{', '.join(names)} = {expression}")
        self.shapes |= dict(zip(names, shapes, strict=True))
        self.used.update(re.findall(r"\bv\d+\b", expression))

    def axis(self, name: str) -> int:
        """One of a variable's dimensions."""
        chosen: int = self.draw(st.integers(0, len(self.shapes[name]) - 1))
        return chosen


def broadcast(a: Shape, b: Shape) -> Shape | None:
    """The shape of a + b; null when they do not fit."""
    pairs = list(zip_longest(reversed(a), reversed(b), fillvalue=1))
    if any(x != y and 1 not in (x, y) for x, y in pairs):
        return None
    return tuple(max(x, y) for x, y in reversed(pairs))


def has_axis(shape: Shape) -> bool:
    return len(shape) > 0


# ------------------------------------------------------------------ operations that are smooth everywhere


def unary(text: Text) -> None:
    """One operation on each element, none of which grows."""
    a = text.any()
    call = text.one_of(
        "torch.sin({})", "{}.tanh()", "torch.sigmoid({})", "-{}", "torch.exp(-{0} * {0})", "torch.atan({})",
        "({0} * {0} + 1).sqrt()", "({0}**2 + 1).log()", "F.softplus({})", "F.gelu({})", "2 - {}", "{}.clone()",
    )  # fmt: skip
    text.bind(call.format(a), text.shapes[str(a)])


def binary(text: Text) -> None:
    """Two operands, the smaller one broadcast; both may be the same tensor."""
    a = text.any()
    shape = text.shapes[str(a)]
    b = text.any(lambda other: broadcast(shape, other) is not None)
    result = broadcast(shape, text.shapes[str(b)])
    assert result is not None
    call = text.one_of("{} + {}", "{} - {}", "{} * {}", "torch.addcmul({0}, {1}, {1}, value=0.5)", "{0} / ({1}**2 + 1)")
    text.bind(call.format(a, b), result)


def reduction(text: Text) -> None:
    """One dimension less, or kept with one element."""
    a = text.any(has_axis)
    if a is None:
        return
    axis, keep = text.axis(a), text.draw(st.booleans())
    shape = text.shapes[a]
    left = (*shape[:axis], *([1] if keep else []), *shape[axis + 1 :])
    call = text.one_of("sum", "mean", "logsumexp", "prod")
    text.bind(f"{a}.{call}(dim={axis}, keepdim={keep})", left)


def matmul(text: Text) -> None:
    """A matrix times a matrix that fits, or times its own transpose."""
    a = text.any(lambda shape: len(shape) == 2)
    if a is None:
        return
    rows, inner = text.shapes[a]
    b = text.any(lambda shape: len(shape) == 2 and shape[0] == inner)
    if b is None or text.draw(st.booleans()):
        text.bind(f"torch.tanh({a} @ {a}.T)", (rows, rows))
    else:
        text.bind(text.one_of(f"{a} @ {b}", f"torch.einsum('ij,jk->ik', {a}, {b})"), (rows, text.shapes[b][1]))


def view(text: Text) -> None:
    """The same numbers in another shape."""
    a = str(text.any())
    shape = text.shapes[a]
    count = 1
    for size in shape:
        count *= size
    choices = [(f"{a}.reshape(-1)", (count,)), (f"{a}.unsqueeze(0)", (1, *shape)), (f"{a}.squeeze()", _squeezed(shape))]
    if len(shape) >= 2:
        choices.append((f"{a}.transpose(0, -1)", (shape[-1], *shape[1:-1], shape[0])))
    if len(shape) < 3:
        choices.append((f"{a}.expand(2, {', '.join(['-1'] * len(shape))})".replace(", )", ")"), (2, *shape)))
    text.bind(*text.draw(st.sampled_from([c for c in choices if len(c[1]) <= 3])))


def _squeezed(shape: Shape) -> Shape:
    return tuple(size for size in shape if size != 1)


def join(text: Text) -> None:
    """Cat and stack of a tensor with itself and another of its shape."""
    a = text.any(lambda shape: 0 < len(shape) < 3 and max(shape) <= 4)
    if a is None:
        return
    shape, axis = text.shapes[a], text.axis(a)
    b = text.any(lambda other: other == shape)
    if text.draw(st.booleans()):
        text.bind(f"torch.stack([{a}, {b}, {a}])", (3, *shape))
    else:
        text.bind(f"torch.cat([{a}, {b}], dim={axis})", (*shape[:axis], 2 * shape[axis], *shape[axis + 1 :]))


def split(text: Text) -> None:
    """Several results of one operation, of which not all need be used."""
    a = text.any(lambda shape: has_axis(shape) and shape[0] >= 2)
    if a is None:
        return
    size, rest = text.shapes[a][0], text.shapes[a][1:]
    if text.draw(st.booleans()):
        text.bind_all(f"{a}.split([1, {size - 1}])", [(1, *rest), (size - 1, *rest)])
    else:
        text.bind_all(f"{a}.unbind()", [rest] * size)


def index(text: Text) -> None:
    """Rows by number, slice and list."""
    a = text.any(has_axis)
    if a is None:
        return
    size, rest = text.shapes[a][0], text.shapes[a][1:]
    choices = [
        ("0", rest),
        ("-1", rest),
        ("[0, 0, -1]", (3, *rest)),
        ("None", (1, size, *rest)),
        ("::2", (-(-size // 2), *rest)),
    ]
    key, shape = text.draw(st.sampled_from([c for c in choices if len(c[1]) <= 3]))
    text.bind(f"{a}[{key}]", shape)


def softmax(text: Text) -> None:
    """Along one dimension."""
    a = text.any(has_axis)
    if a is not None:
        text.bind(f"{text.one_of('F.softmax', 'torch.log_softmax')}({a}, dim={text.axis(a)})", text.shapes[a])


def in_place(text: Text) -> None:
    """Writes into a copy: the whole, a row, and through a view."""
    a = text.any(has_axis)
    if a is None:
        return
    b = text.any(lambda shape: broadcast(text.shapes[a], shape) == text.shapes[a])
    copy = text.bind(f"{a} * 1.5", text.shapes[a])
    write = text.one_of(
        "{0} += {1}", "{0}.mul_({1})", "{0}[0] = 0.5", "{0}[0] = {0}[-1] * 2", "{0}[-1].add_(1)", "{0}[:1] *= 2",
        "row = {0}[0]\nrow.mul_(3)", "{0}.sub_({1}).tanh_()",
    )  # fmt: skip
    text.lines += write.format(copy, b).splitlines()


def loop(text: Text) -> None:
    """The same variable bound again and again."""
    a = str(text.any())
    name = text.bind(a, text.shapes[a])
    text.lines += [f"for i in range({text.draw(st.integers(1, 4))}):", f"    {name} = torch.sin({name} * 0.9 + i)"]


def function(text: Text) -> None:
    """A helper of the program's own, called twice."""
    a = str(text.any())
    text.lines += ["def helper(x):", "    h = torch.tanh(x)", "    return h * x + h"]
    text.bind(f"helper(helper({a}))", text.shapes[a])


SMOOTH = (unary, binary, reduction, matmul, view, join, split, index, softmax, in_place, loop, function)


# ------------------------------------------------------------------ operations with kinks, and without gradients


def kink(text: Text) -> None:
    """Piecewise operations on each element."""
    a = str(text.any())
    shape = text.shapes[a]
    b = text.any(lambda other: other == shape)
    call = text.one_of(
        "F.relu({0})", "{0}.abs()", "{0}.clamp(-0.5, 0.5)", "torch.where({0} > 0, {0}, {1})", "torch.maximum({0}, {1})",
        "{0}.masked_fill({1} < 0, 2.0)", "{0}.sign() * {1}", "{0}.round() + {1}", "F.leaky_relu({0}, 0.1)",
    )  # fmt: skip
    text.bind(call.format(a, b), shape)


def choose(text: Text) -> None:
    """Several results of which one has no gradient, and results whose size depends on the numbers."""
    a = text.any(has_axis)
    if a is None:
        return
    axis = text.axis(a)
    rest = (*text.shapes[a][:axis], *text.shapes[a][axis + 1 :])
    # no median: torch 2.13 reads memory that nobody wrote when it is taken of an expanded tensor
    call = text.one_of("max", "min", "cummax", "sort", "select")
    if call == "select":
        text.bind(f"{a}[{a} > 0].sum()", ())
    else:
        text.bind(f"{a}.{call}(dim={axis})[0]", rest if call in ("max", "min") else text.shapes[a])


def without_gradient(text: Text) -> None:
    """Parts of the computation that autograd does not see."""
    a = str(text.any())
    call = text.one_of("{}.detach()", "torch.zeros_like({})", "({} > 0).double()", "{}.data.clone()")
    if text.draw(st.booleans()):
        text.bind(call.format(a), text.shapes[a])
    else:
        name = text.bind(a, text.shapes[a])
        call = text.one_of("{}.exp().clamp(max=2)", "{}.unsqueeze(0)[0]", "({}.detach() * 2).requires_grad_()")
        text.lines += ["with torch.no_grad():", f"    {name} = {call.format(a)}"]


EVERY = (*SMOOTH, kink, choose, without_gradient)


# ------------------------------------------------------------------ programs

HEAD = "import torch\nimport torch.nn.functional as F\n"

TAILS = (
    "{body}loss.backward()",
    """{body}loss.backward(retain_graph=True)
(loss * 2).backward()""",
    """{body}gradients = torch.autograd.grad(loss, [{leaves}])
print(gradients)""",
    """{body}slope, *_ = torch.autograd.grad(loss, [{leaves}], create_graph=True)
penalty = loss + (slope * slope).sum()
penalty.backward()""",
    """for step in range(2):
{indented}    loss.backward()""",
    """for step in range(3):
{indented}    loss.backward()
    with torch.no_grad():
        for p in [{leaves}]:
            p -= 0.05 * p.grad
            p.grad = None""",
    """optimizer = torch.optim.SGD([{leaves}], lr=0.05, momentum=0.5)
for step in range(3):
{indented}    optimizer.zero_grad()
    loss.backward()
    optimizer.step()""",
)
"""What programs do with their loss; `body` computes it."""


@dataclass(frozen=True)
class Generated:
    """`leaves`: the lines that make the parameters; `body`: those that compute `loss` from them."""

    leaves: str
    body: str
    names: tuple[str, ...]
    tail: str

    @property
    def source(self) -> str:
        """The whole program."""
        indented = "".join(f"    {line}\n" for line in self.body.splitlines())
        tail = self.tail.format(body=self.body, indented=indented, leaves=", ".join(self.names))
        return f"{HEAD}{self.leaves}{tail}\nprint(loss.item())\n"


@st.composite
def programs(draw: Draw, operations: tuple[Callable[[Text], None], ...] = EVERY) -> Generated:
    """Programs of one to three parameters and up to ten operations, whose loss leaves nothing out."""
    text = Text(draw)
    text.lines.append(f"torch.manual_seed({draw(st.integers(0, 99))})")
    for shape in draw(st.lists(st.sampled_from([(), (3,), (2, 3), (3, 1), (1,), (2, 2, 2)]), min_size=1, max_size=3)):
        text.bind(f"torch.randn({shape}, dtype=torch.float64, requires_grad=True)", shape)
    names = tuple(text.shapes)
    leaves = "\n".join(text.lines) + "\n"
    text.lines = []
    for operation in draw(st.lists(st.sampled_from(operations), min_size=1, max_size=10)):
        operation(text)
    terms = [f"{n}.sin().mean()" for n in text.shapes if n not in text.used or n in names]
    body = "\n".join([*text.lines, f"loss = {' + '.join(terms)}"]) + "\n"
    return Generated(leaves, body, names, draw(st.sampled_from(TAILS)))

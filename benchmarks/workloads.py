"""The programs that recording is measured on: small networks, chains of operations, a training loop."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

VOCABULARY = 65
CONTEXT = 32
EMBEDDING = 64
HEADS = 4
CHAIN_ELEMENTS = 16
SMALL_SIDE = 32


@dataclass(frozen=True)
class Workload:
    """A program that computes a scalar loss and goes backward from it. `leaves`: whose `.grad` it fills.

    `loss` of `inputs` is the whole forward pass: recorders that want a function or a module are given that.
    `operations`: how many torch calls it makes, where that is what it is about; else null.
    """

    name: str
    loss: Callable[..., torch.Tensor]
    inputs: tuple[torch.Tensor, ...]
    leaves: tuple[torch.Tensor, ...]
    operations: int | None = None

    def run(self) -> None:
        """Once forward and backward, gradients as fresh as the first time."""
        for leaf in self.leaves:
            leaf.grad = None
        self.loss(*self.inputs).backward()  # type: ignore[no-untyped-call]


class SimpleNet(nn.Module):
    """Two layers and a binary cross-entropy: the size of a first lesson."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(4, 8)
        self.output = nn.Linear(8, 1)
        self.loss = nn.BCELoss()

    def forward(self, x: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The mean loss over the rows of `x`."""
        loss: torch.Tensor = self.loss(torch.sigmoid(self.output(torch.relu(self.hidden(x)))), target)
        return loss


class Attention(nn.Module):
    """Causal self-attention, written out."""

    mask: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(EMBEDDING, 3 * EMBEDDING)
        self.out = nn.Linear(EMBEDDING, EMBEDDING)
        self.register_buffer("mask", torch.tril(torch.ones(CONTEXT, CONTEXT)) == 0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (batch, time, embedding) to the same shape."""
        batch, time, _ = x.shape
        heads = (part.view(batch, time, HEADS, -1).transpose(1, 2) for part in self.project(x).split(EMBEDDING, dim=2))
        query, key, value = heads
        scores = query @ key.transpose(-2, -1) / math.sqrt(EMBEDDING // HEADS)
        weights = torch.softmax(scores.masked_fill(self.mask[:time, :time], -math.inf), dim=-1)
        mixed: torch.Tensor = self.out((weights @ value).transpose(1, 2).reshape(batch, time, EMBEDDING))
        return mixed


class Block(nn.Module):
    """One layer of the transformer."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(EMBEDDING)
        self.attention = Attention()
        self.norm2 = nn.LayerNorm(EMBEDDING)
        self.feed = nn.Sequential(nn.Linear(EMBEDDING, 4 * EMBEDDING), nn.GELU(), nn.Linear(4 * EMBEDDING, EMBEDDING))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (batch, time, embedding) to the same shape."""
        x = x + self.attention(self.norm1(x))
        wide: torch.Tensor = self.feed(self.norm2(x))
        return x + wide


class Gpt(nn.Module):
    """A GPT of two layers on single characters."""

    positions: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.token = nn.Embedding(VOCABULARY, EMBEDDING)
        self.position = nn.Embedding(CONTEXT, EMBEDDING)
        self.blocks = nn.Sequential(Block(), Block())
        self.norm = nn.LayerNorm(EMBEDDING)
        self.head = nn.Linear(EMBEDDING, VOCABULARY)
        self.register_buffer("positions", torch.arange(CONTEXT))

    def forward(self, tokens: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """The cross-entropy of the next characters; both arguments are (batch, time)."""
        x = self.token(tokens) + self.position(self.positions[: tokens.shape[1]])
        logits = self.head(self.norm(self.blocks(x)))
        return functional.cross_entropy(logits.view(-1, VOCABULARY), targets.view(-1))


class RepeatedLayer(nn.Module):
    """`x = tanh(x * w)` again and again inside one module, with `w` of four numbers."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times
        self.w = nn.Parameter(torch.full((4,), 0.9))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The sum of what is left."""
        for _ in range(self.times):
            x = torch.tanh(x * self.w)
        return x.sum()


class EncoderGpt(nn.Module):
    """A GPT of two `nn.TransformerEncoderLayer` with a causal mask."""

    positions: torch.Tensor
    mask: torch.Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.token = nn.Embedding(VOCABULARY, width)
        self.position = nn.Embedding(CONTEXT, width)
        self.layers = nn.ModuleList(
            [nn.TransformerEncoderLayer(width, HEADS, 4 * width, dropout=0.0, batch_first=True) for _ in range(2)]
        )
        self.head = nn.Linear(width, VOCABULARY)
        self.register_buffer("positions", torch.arange(CONTEXT))
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(CONTEXT))

    def forward(self, tokens: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """The cross-entropy of the next characters; both arguments are (batch, time)."""
        x = self.token(tokens) + self.position(self.positions)
        for layer in self.layers:
            x = layer(x, src_mask=self.mask, is_causal=True)
        return functional.cross_entropy(self.head(x).view(-1, VOCABULARY), targets.view(-1))


def sequential() -> Workload:
    """The first network of many courses: ten inputs, five hidden neurons, one probability."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(10, 5), nn.ReLU(), nn.Linear(5, 1), nn.Sigmoid())

    def loss(x: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        return functional.binary_cross_entropy(net(x), target)

    inputs = torch.rand(8, 10), torch.rand(8, 1).round()
    return Workload("Sequential, 10-5-1", loss, inputs, tuple(net.parameters()))


def encoder_gpt(batch: int) -> Workload:
    """`batch` rows of as many characters as it can look back on, 32 numbers for each."""
    torch.manual_seed(0)
    net = EncoderGpt(32)
    text = torch.randint(VOCABULARY, (batch, CONTEXT + 1))
    inputs = text[:, :-1], text[:, 1:].contiguous()
    return Workload(f"GPT of encoder layers, batch {batch}", net, inputs, tuple(net.parameters()))


def repeated_layer(times: int) -> Workload:
    """Two operations for each time."""
    net = RepeatedLayer(times)
    return Workload(f"tanh(x * w), {times:,} times", net, (torch.ones(4),), tuple(net.parameters()), 2 * times)


def simple_net() -> Workload:
    """8 rows of 4 numbers."""
    torch.manual_seed(0)
    net = SimpleNet()
    inputs = torch.rand(8, 4), torch.rand(8, 1).round()
    return Workload("SimpleNet", net, inputs, tuple(net.parameters()))


def gpt(batch: int) -> Workload:
    """`batch` rows of as many characters as it can look back on."""
    torch.manual_seed(0)
    net = Gpt()
    text = torch.randint(VOCABULARY, (batch, CONTEXT + 1))
    return Workload(
        f"2-layer GPT, batch {batch}", net, (text[:, :-1], text[:, 1:].contiguous()), tuple(net.parameters())
    )


def elementwise_chain(operations: int) -> Workload:
    """mul, sin, add, tanh and again, on a small vector: next to nothing is computed, so that a recorder's own cost
    per operation shows.
    """

    def loss(x: torch.Tensor) -> torch.Tensor:
        for _ in range(operations // 4):
            x = x * 0.999
            x = torch.sin(x)
            x = x + 0.1
            x = torch.tanh(x)
        return x.sum()

    x = torch.linspace(0.1, 1, CHAIN_ELEMENTS, requires_grad=True)
    return Workload(f"chain of {operations:,}, elementwise", loss, (x,), (x,), operations)


def matrix_chain(operations: int, side: int = SMALL_SIDE) -> Workload:
    """`torch.tanh(x @ w)` and again, always the same `w`; both are `side` x `side`."""

    def loss(x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        for _ in range(operations // 2):
            x = torch.tanh(x @ w)
        return x.sum()

    torch.manual_seed(0)
    w = torch.randn(side, side, requires_grad=True)
    name = f"chain of {operations:,}, tanh(x @ w), {side}²"
    return Workload(name, loss, (torch.randn(side, side), w), (w,), operations)


def wide_chain(operations: int) -> Workload:
    """The same as wide as the GPT: about what an operation costs in a network that one can watch."""
    return matrix_chain(operations, EMBEDDING)


class TrainingLoop:
    """Two layers trained by plain gradient descent."""

    def __init__(self, iterations: int) -> None:
        self.iterations = iterations
        self.name = f"training loop of {iterations}"
        torch.manual_seed(0)
        self._net = SimpleNet()
        self._inputs = torch.rand(8, 4), torch.rand(8, 1).round()
        self._optimizer = torch.optim.SGD(self._net.parameters(), lr=0.1)

    def run(self) -> None:
        """All iterations; they go on from where the last run ended."""
        for _ in range(self.iterations):
            self._optimizer.zero_grad()
            loss: torch.Tensor = self._net(*self._inputs)
            loss.backward()  # type: ignore[no-untyped-call]
            self._optimizer.step()


@dataclass(frozen=True)
class Training:
    """A program of the size that courses use, from the making of its data to its last step."""

    name: str
    steps: int
    run: Callable[[], None]


def train_mnist_size() -> None:
    """An MLP of MNIST's sizes, 784-128-10, with Adam, 64 pictures at a time."""
    torch.manual_seed(0)
    pictures, digits = torch.rand(6400, 784), torch.randint(0, 10, (6400,))
    net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for i in range(100):
        x, y = pictures[i * 64 : (i + 1) * 64], digits[i * 64 : (i + 1) * 64]
        loss = functional.cross_entropy(net(x), y)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()


def train_on_names() -> None:
    """The MLP on names of a well-known lecture: three characters of ten numbers each, 200 hidden neurons."""
    generator = torch.Generator().manual_seed(0)
    contexts = torch.randint(27, (5000, 3), generator=generator)
    following = torch.randint(27, (5000,), generator=generator)
    table = torch.randn(27, 10, generator=generator)
    w1, b1 = torch.randn(30, 200, generator=generator), torch.randn(200, generator=generator)
    w2, b2 = torch.randn(200, 27, generator=generator), torch.randn(27, generator=generator)
    parameters = [table, w1, b1, w2, b2]
    for p in parameters:
        p.requires_grad = True
    for _ in range(100):
        rows = torch.randint(5000, (32,), generator=generator)
        hidden = torch.tanh(table[contexts[rows]].view(-1, 30) @ w1 + b1)
        loss = functional.cross_entropy(hidden @ w2 + b2, following[rows])
        for p in parameters:
            p.grad = None
        loss.backward()  # type: ignore[no-untyped-call]
        for p in parameters:
            assert p.grad is not None
            p.data += -0.1 * p.grad


def train_gpt() -> None:
    """A GPT of 64 dimensions and two layers, with AdamW, eight rows at a time."""
    torch.manual_seed(0)
    net = Gpt()
    text = torch.randint(VOCABULARY, (5000,))
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
    for _ in range(20):
        starts = torch.randint(5000 - CONTEXT - 1, (8,))
        x = torch.stack([text[i : i + CONTEXT] for i in starts])
        y = torch.stack([text[i + 1 : i + CONTEXT + 1] for i in starts])
        loss: torch.Tensor = net(x, y)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()


TRAININGS = (
    Training("MLP 784-128-10, Adam", 100, train_mnist_size),
    Training("MLP on names, 200 hidden", 100, train_on_names),
    Training("2-layer GPT, 20 steps", 20, train_gpt),
)

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

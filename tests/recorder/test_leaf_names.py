"""The names of leaves: one for the whole run, the one that the program's own line binds."""

from collections.abc import Set
from types import SimpleNamespace
from typing import NamedTuple

import pytest
import torch
from torch import nn

from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.recorder import Limits
from gradwalk.recorder.leaf_names import Scope, find_lasting_name, find_leaf_name
from gradwalk.recorder.program_run import run_program

HEADER = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\ntorch.manual_seed(0)\n"

NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 1)
    def forward(self, x):
        return self.fc(x)
"""

LAYER = """
class Layer:
    def __init__(self, n_in, n_out):
        self.w = torch.ones(n_in, n_out, requires_grad=True)
        self.b = torch.zeros(n_out, requires_grad=True)
    def __call__(self, x):
        return x @ self.w + self.b
"""

Cases = dict[str, tuple[str, Set[str | None]]]

DATA: Cases = {
    "handed_to_a_function": (
        """
def forward(x):
    return w * x
X = torch.ones(2)
w = torch.tensor(0.5, requires_grad=True)
for step in range(3):
    forward(X).sum().backward()
""",
        {"X", "w"},
    ),
    "handed_through_two_functions": (
        """
def inner(a):
    return a * w
def outer(x):
    return inner(x)
x_data = torch.ones(2)
w = torch.tensor(0.5, requires_grad=True)
for step in range(2):
    outer(x_data).sum().backward()
""",
        {"x_data", "w"},
    ),
    "made_by_the_call": (
        """
def get_batch():
    x = torch.ones(2)
    y = torch.zeros(2)
    return x, y
w = torch.tensor(0.5, requires_grad=True)
def loss_of(x, y):
    return ((w * x - y) ** 2).mean()
for step in range(2):
    xb, yb = get_batch()
    loss_of(xb, yb).backward()
""",
        {"xb", "yb", "w"},
    ),
    "a_loader": (
        NET
        + """
from torch.utils.data import DataLoader, TensorDataset
loader = DataLoader(TensorDataset(torch.ones(4, 2), torch.zeros(4, 1)), batch_size=2)
model = Net()
for features, labels in loader:
    F.mse_loss(model(features), labels).backward()
""",
        {"features", "labels", "model.fc.weight", "model.fc.bias", *(f"loader.dataset.tensors[{k}]" for k in (0, 1))},
    ),
    "a_loader_in_a_function": (
        NET
        + """
from torch.utils.data import DataLoader, TensorDataset
def train(loader, net):
    for i, (images, targets) in enumerate(loader):
        F.mse_loss(net(images), targets).backward()
model = Net()
train(DataLoader(TensorDataset(torch.ones(4, 2), torch.zeros(4, 1)), batch_size=2), model)
""",
        {"images", "targets", "model.fc.weight", "model.fc.bias", *(f"loader.dataset.tensors[{k}]" for k in (0, 1))},
    ),
    "a_list_of_batches": (
        NET
        + """
batches = [(torch.ones(2), torch.zeros(1)), (torch.ones(2), torch.zeros(1))]
model = Net()
for epoch in range(2):
    for xb, yb in batches:
        F.mse_loss(model(xb), yb).backward()
""",
        {"xb", "yb", "model.fc.weight", "model.fc.bias"},
    ),
    "a_batch_that_is_a_dictionary": (
        NET
        + """
model = Net()
for batch in [{"x": torch.ones(2), "y": torch.zeros(1)}]:
    F.mse_loss(model(batch["x"]), batch["y"]).backward()
""",
        {"batch['x']", "batch['y']", "model.fc.weight", "model.fc.bias"},
    ),
    "an_argument_is_all_there_is": (
        """
def loss_of(x, w):
    return (w * x).sum()
loss_of(torch.ones(2), torch.ones(2, requires_grad=True)).backward()
""",
        {"x", "w"},
    ),
    "moved_by_a_generator": (
        NET
        + """
from torch.utils.data import DataLoader, TensorDataset
model = Net()
loader = DataLoader(TensorDataset(torch.ones(4, 2), torch.zeros(4, 1)), batch_size=2)
for batch in loader:
    inputs, labels = tuple(t.to("cpu") for t in batch)
    F.mse_loss(model(inputs), labels).backward()
""",
        {"inputs", "labels", "model.fc.weight", "model.fc.bias", *(f"loader.dataset.tensors[{k}]" for k in (0, 1))},
    ),
    "a_loader_of_dictionaries": (
        NET
        + """
from torch.utils.data import DataLoader
class Points:
    def __len__(self):
        return 4
    def __getitem__(self, index):
        return {"x": torch.ones(2), "y": torch.zeros(1)}
model = Net()
for batch in DataLoader(Points(), batch_size=2):
    F.mse_loss(model(batch["x"]), batch["y"]).backward()
""",
        {"batch['x']", "batch['y']", "model.fc.weight", "model.fc.bias", None},
    ),
    "numpy": (
        NET
        + """
import numpy as np
model = Net()
inputs = torch.from_numpy(np.ones((3, 2), dtype=np.float32))
model(inputs).sum().backward()
""",
        {"inputs", "model.fc.weight", "model.fc.bias"},
    ),
    "all_in_main": (
        NET
        + """
def step(net, x):
    net(x).sum().backward()
def main():
    features = torch.ones(2)
    model = Net()
    for _ in range(2):
        step(model, features)
main()
""",
        {"features", "model.fc.weight", "model.fc.bias"},
    ),
}

UNPACKED: Cases = {
    "a_map": ("a, b, c = map(torch.tensor, ([1.0], [2.0], [3.0]))\nd = a * b * c", {"a", "b", "c"}),
    "a_map_of_a_lambda": ("a, b = map(lambda n: torch.ones(n), (1, 1))\nd = a * b", {"a", "b"}),
    "a_map_of_a_function": (
        "def f(n):\n    t = torch.ones(n)\n    return t\na, b = map(f, (1, 1))\nd = a * b",
        {"a", "b"},
    ),
    "a_generator": ("a, b = (torch.ones(()) for _ in range(2))\nd = a * b", {"a", "b"}),
    "a_list": ("a, b = [torch.ones(()) for _ in range(2)]\nd = a * b", {"a", "b"}),
    "a_tuple": ("a, b = torch.ones(1), torch.zeros(1)\nd = a * b", {"a", "b"}),
    "a_nested_tuple": ("(a, b), c = (torch.ones(1), torch.zeros(1)), torch.ones(1)\nd = a * b * c", {"a", "b", "c"}),
    "a_starred_rest": (
        "a, *rest = map(torch.tensor, (1.0, 2.0, 3.0))\nd = a * rest[0] * rest[1]",
        {"a", "rest[0]", "rest[1]"},
    ),
    "a_function": (
        "def f():\n    a, b = map(torch.tensor, (1.0, 2.0))\n    return a * b\nd = f()",
        {"a", "b"},
    ),
    "items": ("p = {}\np['w'], p['b'] = map(torch.tensor, (1.0, 2.0))\nd = p['w'] * p['b']", {"p['w']", "p['b']"}),
    "a_list_of_a_map": ("ts = list(map(torch.tensor, (1.0, 2.0)))\nd = ts[0] * ts[1]", {"ts[0]", "ts[1]"}),
    "a_dictionary": ("p = {n: torch.ones(1) for n in 'ab'}\nd = p['a'] * p['b']", {"p['a']", "p['b']"}),
    "a_zip": ("for a, b in zip([torch.ones(1)], [torch.ones(1)]):\n    d = a * b", {"a", "b"}),
    "a_tensor_unpacked": ("x = torch.ones(2, 3)\na, b = x\nd = a * b", {"x"}),
    "a_chain": ("a = b = torch.ones(1)\nd = a * b", {"a"}),
    "a_walrus": ("d = (a := torch.ones(1)) * 2", {"a"}),
    "an_annotation": ("a: torch.Tensor = torch.ones(1)\nd = a * 2", {"a"}),
    "a_global": ("def f():\n    global a\n    a = torch.ones(1)\nf()\nd = a * 2", {"a"}),
    "a_closure": ("def f():\n    a = torch.ones(1)\n    return lambda: a * 2\nd = f()()", {"a"}),
    "a_class": ("class C:\n    a = torch.ones(1)\n    d = a * 2", {"a"}),
    "an_argument_with_a_default": ("def f(a=torch.ones(1)):\n    return a * 2\nd = f()", {"a"}),
}

HELD: Cases = {
    "own_layers": (
        LAYER
        + """
layers = [Layer(2, 3), Layer(3, 1)]
parameters = [p for layer in layers for p in (layer.w, layer.b)]
x = torch.ones(4, 2)
for step in range(2):
    h = x
    for layer in layers:
        h = layer(h)
    for p in parameters:
        p.grad = None
    h.sum().backward()
    for p in parameters:
        p.data += -0.1 * p.grad
""",
        {"layers[0].w", "layers[0].b", "layers[1].w", "layers[1].b", "x"},
    ),
    "own_network": (
        LAYER
        + """
class MLP:
    def __init__(self):
        self.layers = [Layer(2, 3), Layer(3, 1)]
    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
    def parameters(self):
        return [p for layer in self.layers for p in (layer.w, layer.b)]
net = MLP()
inputs = torch.ones(4, 2)
for step in range(2):
    net(inputs).sum().backward()
    with torch.no_grad():
        for p in net.parameters():
            p -= 0.1 * p.grad
            p.grad = None
""",
        {"net.layers[0].w", "net.layers[0].b", "net.layers[1].w", "net.layers[1].b", "inputs"},
    ),
    "looked_at_by_a_loop_first": (
        """
ws = [torch.ones(2, requires_grad=True) for _ in range(2)]
for w in ws:
    print(w.sum().item())
x = torch.ones(2)
for step in range(2):
    h = x
    for w in ws:
        h = h * w
    h.sum().backward()
""",
        {"ws[0]", "ws[1]", "x"},
    ),
    "initialised_in_a_function": (
        """
def init(n):
    w = torch.ones(n, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    return w, b
w1, b1 = init(2)
w2, b2 = init(2)
((w1 + b1) * w2 + b2).sum().backward()
""",
        {"w1", "b1", "w2", "b2"},
    ),
    "used_in_the_function_that_makes_it": (
        """
def init(n):
    w = torch.ones(n, requires_grad=True)
    print(w.sum().item())
    return w
w1 = init(2)
w2 = init(2)
(w1 * w2).sum().backward()
""",
        {"w1", "w2"},
    ),
    "a_dictionary_handed_over": (
        """
def linear(x, w, b):
    return w * x + b
params = {"w": torch.ones(2, requires_grad=True), "b": torch.zeros(2, requires_grad=True)}
x = torch.ones(2)
for step in range(2):
    linear(x, params["w"], params["b"]).sum().backward()
""",
        {"params['w']", "params['b']", "x"},
    ),
    "filled_by_items": (
        """
params = {}
params["w"] = torch.ones(2, requires_grad=True)
params["b"] = torch.zeros(2, requires_grad=True)
(params["w"] * 2 + params["b"]).sum().backward()
""",
        {"params['w']", "params['b']"},
    ),
    "filled_by_a_loop": (
        """
params = {}
for name in ["w", "b"]:
    params[name] = torch.ones(2, requires_grad=True)
(params["w"] * 2 + params["b"]).sum().backward()
""",
        {"params['w']", "params['b']"},
    ),
    "used_before_it_is_held": (
        """
class Layer:
    def __init__(self):
        self.w = torch.ones(2, requires_grad=True)
        self.norm = (self.w * self.w).sum().item()
layer = Layer()
(layer.w * 2).sum().backward()
""",
        {"layer.w"},
    ),
    "slots_and_named_tuples": (
        """
from collections import namedtuple
Pair = namedtuple("Pair", "w b")
class Slotted:
    __slots__ = ("s",)
    def __init__(self):
        self.s = torch.ones(1, requires_grad=True)
pair, slotted = Pair(torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)), Slotted()
def f(a, b, c):
    return a * b * c
f(pair.w, pair.b, slotted.s).backward()
""",
        {"pair.w", "pair.b", "slotted.s"},
    ),
    "a_dataclass": (
        """
from dataclasses import dataclass, field
@dataclass
class State:
    w: torch.Tensor
    more: list = field(default_factory=list)
state = State(torch.ones(1, requires_grad=True))
state.more.append(torch.ones(1, requires_grad=True))
(state.w * state.more[0]).backward()
""",
        {"state.w", "state.more[0]"},
    ),
    "a_statistic_of_an_own_layer": (
        """
class Norm:
    def __init__(self):
        self.gamma = torch.ones(2, requires_grad=True)
        self.running = torch.zeros(2)
    def __call__(self, x):
        return self.gamma * x - self.running
norms = [Norm()]
x = torch.ones(2)
for step in range(2):
    norms[0](x).sum().backward()
""",
        {"norms[0].gamma", "norms[0].running", "x"},
    ),
}

MODULES: Cases = {
    "handed_over": (
        NET
        + """
def train(net, x):
    net(x).sum().backward()
model = Net()
x = torch.ones(2)
for _ in range(2):
    train(model, x)
""",
        {"model.fc.weight", "model.fc.bias", "x"},
    ),
    "called_by_forward": (
        NET
        + """
model = Net()
x = torch.ones(2)
model.forward(x).sum().backward()
""",
        {"model.fc.weight", "model.fc.bias", "x"},
    ),
    "in_a_dictionary": (
        NET
        + """
models = {"a": Net(), "b": Net()}
x = torch.ones(2)
for name, net in models.items():
    net(x).sum().backward()
""",
        {f"models['{k}'].fc.{p}" for k in "ab" for p in ("weight", "bias")} | {"x"},
    ),
    "in_a_list": (
        NET
        + """
nets = [Net() for _ in range(2)]
x = torch.ones(2)
(nets[0](x) + nets[1](x)).sum().backward()
""",
        {f"nets[{k}].fc.{p}" for k in (0, 1) for p in ("weight", "bias")} | {"x"},
    ),
    "in_a_class_of_ones_own": (
        NET
        + """
class Trainer:
    def __init__(self):
        self.model = Net()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)
    def step(self, x):
        self.optimizer.zero_grad()
        self.model(x).sum().backward()
        self.optimizer.step()
trainer = Trainer()
batch = torch.ones(2)
for _ in range(2):
    trainer.step(batch)
""",
        {"trainer.model.fc.weight", "trainer.model.fc.bias", "batch"},
    ),
    "a_part_called_alone": (
        """
class Auto(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(2, 1), nn.Tanh())
        self.decoder = nn.Linear(1, 2)
    def forward(self, x):
        return self.decoder(self.encoder(x))
model = Auto()
x = torch.ones(2)
z = model.encoder(x)
model.decoder(z).sum().backward()
""",
        {"model.encoder.0.weight", "model.encoder.0.bias", "model.decoder.weight", "model.decoder.bias", "x"},
    ),
    "parts_by_index": (
        """
net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
x = torch.ones(2)
h = net[1](net[0](x))
net[2](h).sum().backward()
""",
        {"net.0.weight", "net.0.bias", "net.2.weight", "net.2.bias", "x"},
    ),
    "parts_by_a_loop": (
        """
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
x = torch.ones(2)
h = x
for layer in net:
    h = layer(h)
h.sum().backward()
""",
        {"net.0.weight", "net.0.bias", "net.1.weight", "net.1.bias", "x"},
    ),
    "a_method_that_is_not_forward": (
        """
class Model(nn.Module):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
    def forward(self, src):
        return self.decode(self.encode(src))
    def encode(self, src):
        return self.encoder(src)
    def decode(self, memory):
        return self.decoder(memory)
def make_model():
    model = Model(nn.Linear(2, 2), nn.Linear(2, 1))
    for p in model.parameters():
        if p.dim() > 1:
            nn.init.xavier_uniform_(p)
    return model
def run():
    test_model = make_model()
    src = torch.ones(2)
    memory = test_model.encode(src)
    test_model.decode(memory).sum().backward()
run()
""",
        {f"test_model.{m}.{p}" for m in ("encoder", "decoder") for p in ("weight", "bias")} | {"src"},
    ),
    "handed_to_another_module": (
        NET
        + """
class Attack(nn.Module):
    def forward(self, x, net):
        return net(x)
attack, victim = Attack(), Net()
x = torch.ones(2)
attack(x, victim).sum().backward()
""",
        {"victim.fc.weight", "victim.fc.bias", "x"},
    ),
    "a_list_that_is_no_module_list": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(2, 2), nn.Linear(2, 1)]
    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
model = Net()
x = torch.ones(2)
model(x).sum().backward()
""",
        {f"model.layers[{k}].{p}" for k in (0, 1) for p in ("weight", "bias")} | {"x"},
    ),
    "module_list_and_dictionary": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Linear(2, 2)])
        self.heads = nn.ModuleDict({"a": nn.Linear(2, 1)})
        self.scales = nn.ParameterList([nn.Parameter(torch.ones(1))])
    def forward(self, x):
        return self.heads["a"](self.blocks[0](x)) * self.scales[0]
model = Net()
x = torch.ones(2)
model(x).sum().backward()
""",
        {f"model.{m}.{p}" for m in ("blocks.0", "heads.a") for p in ("weight", "bias")} | {"model.scales.0", "x"},
    ),
    "shared": (
        """
class Block(nn.Module):
    def __init__(self, shared):
        super().__init__()
        self.lin = shared
    def forward(self, x):
        return self.lin(x)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        shared = nn.Linear(2, 2)
        self.block = Block(shared)
        self.again = shared
    def forward(self, x):
        return self.block(self.again(x))
model = Net()
x = torch.ones(2)
model(x).sum().backward()
""",
        {"model.block.lin.weight", "model.block.lin.bias", "x"},
    ),
    "tied": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(3, 2)
        self.head = nn.Linear(2, 3, bias=False)
        self.head.weight = self.emb.weight
    def forward(self, x):
        return self.head(x)
model = Net()
x = torch.ones(2)
model(x).sum().backward()
""",
        {"model.emb.weight", "x"},
    ),
    "wrapped": (
        NET
        + """
class Wrapper(nn.Module):
    def __init__(self, module):
        super().__init__()
        self.module = module
    def forward(self, *args, **kwargs):
        return self.module(*args, **kwargs)
model = Wrapper(Net())
x = torch.ones(2)
model(x).sum().backward()
""",
        {"model.module.fc.weight", "model.module.fc.bias", "x"},
    ),
    "taken_out_of_the_module": (
        NET
        + """
model = Net()
x = torch.ones(2)
F.linear(x, model.fc.weight, model.fc.bias).sum().backward()
""",
        {"model.fc.weight", "model.fc.bias", "x"},
    ),
    "counted_by_a_loop_first": (
        NET
        + """
def count(net):
    return sum(p.abs().sum().item() for p in net.parameters())
model = Net()
count(model)
for p in model.parameters():
    print(p.norm().item())
x = torch.ones(2)
model(x).sum().backward()
""",
        {"model.fc.weight", "model.fc.bias", "x"},
    ),
    "called_while_it_is_made": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Linear(2, 2)
        size = self.conv(torch.zeros(2)).numel()
        self.fc = nn.Linear(size, 1)
    def forward(self, x):
        return self.fc(self.conv(x))
model = Net()
x = torch.ones(2)
for step in range(2):
    model(x).sum().backward()
""",
        {"model.conv.weight", "model.conv.bias", "model.fc.weight", "model.fc.bias", "x"},
    ),
    "with_buffers": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2)
        self.register_buffer("mask", torch.ones(2))
    def forward(self, x):
        return self.fc(x) * self.mask
model = Net()
x = torch.ones(2)
model(x).sum().backward()
""",
        {"model.fc.weight", "model.fc.bias", "model.mask", "x"},
    ),
    "functional_call": (
        NET
        + """
model = Net()
params = {name: p.detach().clone().requires_grad_() for name, p in model.named_parameters()}
x = torch.ones(2)
torch.func.functional_call(model, params, (x,)).sum().backward()
""",
        {"model.fc.weight", "model.fc.bias", "params['fc.weight']", "params['fc.bias']", "x"},
    ),
}

PROGRAMS = {
    f"{kind}-{name}": case
    for kind, cases in (("data", DATA), ("unpacked", UNPACKED), ("held", HELD), ("modules", MODULES))
    for name, case in cases.items()
}


def run(source: str) -> Snapshot:
    recorded = run_program(Program(source=source), Limits())
    assert recorded.outcome.error is None
    return recorded.snapshot()


def leaf_names(snapshot: Snapshot) -> set[str | None]:
    """The names of all leaves that something was computed from, and of the data that a loader has put together."""
    found: set[str | None] = set()
    for graph in snapshot.graphs:
        nodes = {node.id: node for node in graph.nodes}
        for edge in graph.edges:
            source = nodes[edge.source]
            if source.kind != "operation" or source.op == "stack":
                found.add(source.name)
    return found


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_leaf_has_one_name_for_the_whole_run(name: str) -> None:
    source, expected = PROGRAMS[name]
    assert leaf_names(run(HEADER + source)) == expected


class Hostile:
    """Runs the program's code whenever it is asked for anything."""

    def __init__(self, held: object) -> None:
        self.held = held

    def __getattribute__(self, name: str) -> object:
        raise AssertionError("code of the program ran")

    __eq__ = __hash__ = __repr__ = __len__ = __iter__ = __bool__ = None  # type: ignore[assignment]


class HostileDict(dict[str, object]):
    """A dictionary whose own methods raise."""

    def items(self) -> object:  # type: ignore[override]
        raise AssertionError("code of the program ran")

    __iter__ = __len__ = __getitem__ = items  # type: ignore[assignment]


class Faked:
    """Says that its dictionary is another one."""

    def __init__(self, held: object) -> None:
        object.__setattr__(self, "held", held)

    @property
    def __dict__(self) -> dict[str, object]:  # type: ignore[override]
        raise AssertionError("code of the program ran")


def of_hostile_class(held: object) -> object:
    """An object whose class runs the program's code whenever it is looked at."""

    def refuse(*_: object) -> object:
        raise AssertionError("code of the program ran")

    meta = type("Meta", (type,), {"__hash__": refuse, "__eq__": refuse, "__module__": property(refuse)})
    kind = meta("Hostile", (), {"__class__": property(refuse), "__getattribute__": refuse})
    made = kind()
    object.__setattr__(made, "held", held)
    return made


class Pair(NamedTuple):
    """Two things with names."""

    first: object
    second: object


def test_paths_lead_through_containers_and_objects_without_running_their_code() -> None:
    wanted = torch.ones(1, requires_grad=True)
    module = nn.Module()
    module.register_buffer("scale", wanted)
    for held, path in (
        ({"w": wanted}, "['w']"),
        ({3: wanted}, "[3]"),
        ([None, wanted], "[1]"),
        ((1, [wanted]), "[1][0]"),
        (Pair(1, wanted), ".second"),
        (HostileDict(w=wanted), "['w']"),
        (Hostile([{"w": wanted}]), ".held[0]['w']"),
        (of_hostile_class(wanted), ".held"),
        (SimpleNamespace(a=SimpleNamespace(b=wanted)), ".a.b"),
        (nn.ModuleDict({"a": module}), ".a.scale"),
    ):
        found = find_leaf_name(wanted, [Scope({"other": 1, "x": held})])
        assert found is not None
        assert found.text == f"x{path}"


def test_what_is_too_large_or_no_holder_is_not_looked_through() -> None:
    wanted = torch.ones(1, requires_grad=True)
    deep: object = wanted
    for _ in range(50):
        deep = [deep]
    around: list[object] = []
    around.append(around)
    for held in ([wanted] * 1000, deep, around, Faked(wanted), Hostile, torch, {wanted: 1}, {(1, 2): wanted}):
        assert find_leaf_name(wanted, [Scope({"x": held})]) is None


def test_which_name_wins() -> None:
    data, weight = torch.ones(1), torch.ones(1, requires_grad=True)
    variables = {"weights": [weight], "w": weight, "batches": [data], "_": data, "xb": data}
    outer = Scope(variables, compile("for w in weights: pass\nfor xb in batches: pass", "program", "exec"))
    inner = Scope({"x": data, "v": weight}, (lambda x, v: None).__code__)
    local = Scope({"y": data, "u": weight})
    assert find_leaf_name(data, [outer, inner]) == ("xb", True)
    assert find_leaf_name(weight, [outer, inner]) == ("weights[0]", True)
    assert find_leaf_name(weight, [inner]) == ("v", False)
    assert find_leaf_name(data, [inner, local]) == ("y", True)
    assert find_lasting_name(weight, [local, outer]) == ("u", True)
    assert find_lasting_name(weight, [Scope({}), local]) == ("u", False)
    assert find_leaf_name(torch.ones(1), [outer, inner, local]) is None

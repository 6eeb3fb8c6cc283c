"""torch.compile in all its spellings, in a real confined child."""

from tests.sandbox.conftest import Served, texts

SPELLINGS = """
import torch
net = torch.nn.Linear(2, 1)
x = torch.ones(1, 2)
fast = torch.compile(net)

@torch.compile
def square(x):
    return x * x

@torch.compile(fullgraph=True)
def double(x):
    return x + x

print(torch.equal(fast(x), net(x)), square(torch.tensor(3.0)).item(), double(torch.tensor(3.0)).item())
net.compile(mode="max-autotune")
square(net(x)).sum().backward()
"""


def test_compiled_models_run_in_eager_mode(served: Served) -> None:
    answer = served.run(SPELLINGS)
    assert answer.recorded.outcome.status == "completed", answer.recorded.outcome
    assert texts(answer) == "True 9.0 6.0\n"
    assert "mul" in {node.op for node in answer.recorded.graphs[0].nodes}

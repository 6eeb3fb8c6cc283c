import torch

torch.manual_seed(0)
weights = [torch.randn(2, 2, requires_grad=True) for _ in range(3)]
x = torch.ones(2)
powers = [x**p for p in range(1, 4)]
outs = [w @ h for w, h in zip(weights, powers)]
named = {f"out{i}": torch.tanh(out) for i, out in enumerate(outs)}
total = sum(out.sum() for out in named.values())
total.backward()
print([w.grad.sum().item() for w in weights])

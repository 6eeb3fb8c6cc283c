import torch

tokens = torch.tensor([3, 1, 4, 1, 5])
counts = torch.bincount(tokens)
even = tokens % 2 == 0
both = even | (tokens > 4)
order = tokens.argsort(stable=True)
weights = torch.tensor([0.5, 1.0, 1.5, 2.0, 2.5], requires_grad=True)
loss = (weights * both.float()).sum() + weights[order][-1] * counts.max()
loss.backward()
print(counts, both.any().item(), (tokens << 1).tolist(), ~even, weights.grad)

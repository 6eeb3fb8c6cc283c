import torch

g = torch.Generator().manual_seed(3)
x = torch.randn(2, generator=g, requires_grad=True)
m = torch.bernoulli(torch.full((2,), 0.5), generator=g)
(x * m).sum().backward()
print(x.grad, torch.randperm(4, generator=g), torch.rand(2))
state = g.get_state()
torch.randint(0, 5, (3,), generator=g)
g.set_state(state)
with torch.random.fork_rng():
    print(torch.rand(1))
print(torch.rand(1))

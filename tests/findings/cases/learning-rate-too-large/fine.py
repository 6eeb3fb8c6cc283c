import torch

torch.manual_seed(0)
w = torch.tensor([4.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.05)
for step in range(12):
    x = torch.randn(2)
    loss = ((x * w - 2 * x + 0.5 * torch.randn(2)) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())

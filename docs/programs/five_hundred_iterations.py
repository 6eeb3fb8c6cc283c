import torch

torch.manual_seed(0)

# 64 noisy points around the line y = 3x - 1
x = torch.linspace(-1, 1, 64)
y = 3 * x - 1 + 0.3 * torch.randn(64)

w = torch.tensor(0.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.02)

for iteration in range(500):
    batch = torch.randint(0, 64, (8,))
    error = w * x[batch] + b - y[batch]
    loss = (error ** 2).mean()

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

print(f'learned: y = {w.item():.3f} x + {b.item():.3f}')

import torch

# the loss wants w to be 3, and does not care about v
w = torch.tensor(0.0, requires_grad=True)
v = torch.tensor(2.0, requires_grad=True)
optimizer = torch.optim.SGD([w, v], lr=0.1, weight_decay=0.5)

for step in range(30):
    loss = (w - 3) ** 2 + 0 * v

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

print(f'w {w.item():.3f}, v {v.item():.3f}')

import torch

w = torch.tensor([[1.0, 2.0]], requires_grad=True)
optimizer = torch.optim.RMSprop([w], lr=0.05, momentum=0.5, centered=True)
for _ in range(3):
    loss = w.cosh().sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(w)

# turns: 4
# graphs: 1
# names: w X y perm
# updates: w
# loops: epoch=2 batch=2
import torch

torch.manual_seed(0)
X = torch.randn(6, 2)
y = X @ torch.tensor([1.0, -2.0])
w = torch.zeros(2, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for epoch in range(2):
    perm = torch.randperm(6)
    for i in range(0, 6, 3):
        index = perm[i : i + 3]
        loss = ((X[index] @ w - y[index]) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch + 1}, loss {loss.item():.3f}")

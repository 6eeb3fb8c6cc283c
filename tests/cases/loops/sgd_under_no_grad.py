# turns: 4
# graphs: 1
# names: w b x y
# updates: w b
import torch

x = torch.linspace(-1, 1, 6)
y = 3 * x + 0.5
w = torch.zeros(1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
lr = 0.1
for epoch in range(4):
    prediction = w * x + b
    loss = (prediction - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    print(f"epoch {epoch}: loss {loss.item():.4f}")

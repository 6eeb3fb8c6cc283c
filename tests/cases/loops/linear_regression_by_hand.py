# turns: 5
# graphs: 1
# passes: 0
# names: w b x y
# updates: w b
# by hand: w b
import torch

torch.manual_seed(0)
x = torch.rand(8, 1)
y = 2 * x - 1
w = torch.zeros(1)
b = torch.zeros(1)
lr = 0.5
for epoch in range(5):
    error = w * x + b - y
    loss = (error**2).mean()
    dw = (2 * error * x).mean()
    db = (2 * error).mean()
    w -= lr * dw
    b -= lr * db
    print(epoch, loss.item())
print(w.item(), b.item())

# turns: 4
# graphs: 1
# names: w1 w2 x y
# updates: w1 w2
import torch

torch.manual_seed(1)
x, y = torch.randn(5, 3), torch.randn(5, 1)
w1 = torch.randn(3, 4, requires_grad=True)
w2 = torch.randn(4, 1, requires_grad=True)
learning_rate = 1e-2
for t in range(4):
    y_pred = x.mm(w1).clamp(min=0).mm(w2)
    loss = (y_pred - y).pow(2).sum()
    print(t, loss.item())
    loss.backward()
    w1.data -= learning_rate * w1.grad.data
    w2.data -= learning_rate * w2.grad.data
    w1.grad.data.zero_()
    w2.grad.data.zero_()

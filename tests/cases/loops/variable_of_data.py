# turns: 3
# graphs: 1
# names: w x y
# updates: w
# by hand: w
import torch
from torch.autograd import Variable

torch.manual_seed(0)
x, y = torch.randn(4, 2), torch.randn(4)
w = Variable(torch.zeros(2), requires_grad=True)
for epoch in range(3):
    loss = (x @ w - y).pow(2).mean()
    loss.backward()
    w = Variable(w.data - 0.1 * w.grad.data, requires_grad=True)

# turns: 6
# graphs: 1
# names: lin.weight lin.bias x_train y_train
# updates: lin.weight lin.bias
# loops: epoch=2 i=3
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
x_train, y_train = torch.randn(6, 2), torch.randint(0, 3, (6,))
lin = nn.Linear(2, 3)
n, bs, lr = 6, 2, 0.5
for epoch in range(2):
    for i in range((n - 1) // bs + 1):
        start_i = i * bs
        end_i = start_i + bs
        xb = x_train[start_i:end_i]
        yb = y_train[start_i:end_i]
        loss = F.cross_entropy(lin(xb), yb)
        loss.backward()
        with torch.no_grad():
            for p in lin.parameters():
                p -= p.grad * lr
            lin.zero_grad()

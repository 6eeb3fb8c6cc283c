# expect: ok-isolated - a module in a module three thousand times
# kinds: ok,error,crash,time,memory
import sys, torch
from torch import nn
sys.setrecursionlimit(100_000)
class Wrap(nn.Module):
    def __init__(self, inner): super().__init__(); self.inner = inner
    def forward(self, x): return self.inner(x) + 1
net = nn.Linear(1, 1)
for _ in range(3000): net = Wrap(net)
net(torch.ones(1)).sum().backward()

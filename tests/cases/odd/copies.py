import copy
import io
import pickle
import torch
from torch import nn

net = nn.Linear(2, 1)
other = copy.deepcopy(net)
third = pickle.loads(pickle.dumps(net))
x = torch.ones(1, 2)
(net(x) + other(x) + third(x)).sum().backward()
print(net.weight.grad, other.weight.grad, third.weight.grad)
buffer = io.BytesIO()
torch.save(net.state_dict(), buffer)
buffer.seek(0)
other.load_state_dict(torch.load(buffer))
print(other.weight)
optimizer = torch.optim.Adam(net.parameters())
optimizer.step()
o2 = copy.deepcopy(optimizer)
buffer = io.BytesIO()
torch.save({"net": net, "opt": optimizer.state_dict()}, buffer)
buffer.seek(0)
back = torch.load(buffer, weights_only=False)
back["net"](x).sum().backward()
print(back["net"].weight.grad, copy.copy(x), copy.deepcopy(x))

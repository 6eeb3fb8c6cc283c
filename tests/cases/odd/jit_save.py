import io
import torch
from torch import nn

net = torch.jit.trace(nn.Linear(2, 1), torch.ones(1, 2))
buffer = io.BytesIO()
torch.jit.save(net, buffer)
buffer.seek(0)
loaded = torch.jit.load(buffer)
loss = loaded(torch.ones(1, 2)).sum()
loss.backward()
print(loss, [p.grad for p in loaded.parameters()])
frozen = torch.jit.freeze(loaded.eval())
print(frozen(torch.ones(1, 2)))

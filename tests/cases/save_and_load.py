import io

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 2)
file = io.BytesIO()
torch.save(model.state_dict(), file)
file.seek(0)
other = nn.Linear(2, 2)
other.load_state_dict(torch.load(file))
x = torch.randn(1, 2)
loss = (model(x) - 2 * other(x)).sum()
loss.backward()
print(torch.equal(model.weight, other.weight), model.weight.grad, other.weight.grad)

# turns: 2
# graphs: 1
# names: model.0.weight model.0.bias model.2.weight x y
# updates: model.0.weight model.0.bias model.2.weight model.2.bias
# edges: linear 3
import torch
from torch import nn

torch.manual_seed(0)
torch.__future__.set_swap_module_params_on_conversion(True)
model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
print(sum(p.norm().item() for p in model.parameters()) > 0)
model = model.double()
torch.__future__.set_swap_module_params_on_conversion(False)
x, y = torch.randn(4, 2).double(), torch.randn(4, 1).double()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(2):
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

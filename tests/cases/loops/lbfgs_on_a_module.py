# turns: 2
# graphs: 1 or 2
# passes: 1 or 2 or 3 or 4 or 5
# names: model.weight model.bias input target
# updates: model.weight model.bias
# evaluations: 2
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 1).double()
input, target = torch.randn(5, 3).double(), torch.randn(5, 1).double()
criterion = nn.MSELoss()
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.8, max_iter=4)
for i in range(2):

    def closure():
        optimizer.zero_grad()
        loss = criterion(model(input), target)
        loss.backward()
        return loss

    optimizer.step(closure)
    with torch.no_grad():
        print(i, criterion(model(input), target).item())

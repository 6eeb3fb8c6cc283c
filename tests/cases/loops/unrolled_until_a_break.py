# turns: 3
# graphs: 1
# names: cell.weight cell.bias
# updates: cell.weight cell.bias
# loops: epoch=3
import torch
from torch import nn

torch.manual_seed(0)
cell = nn.Linear(3, 3)
optimizer = torch.optim.SGD(cell.parameters(), lr=0.1)


def train(epochs):
    for epoch in range(epochs):
        state, count = torch.ones(3), 0
        while True:
            state = torch.tanh(cell(state))
            count += 1
            if count == 4:
                break
        loss = state.sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


train(3)

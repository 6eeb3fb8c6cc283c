import torch
from torch import nn

torch.manual_seed(0)

# points on the line y = 2x + 1
x = torch.tensor([[-1.0], [0.0], [1.0], [2.0]])
y = torch.tensor([[-1.0], [1.0], [3.0], [5.0]])

model = nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loss_function = nn.MSELoss()

for iteration in range(20):
    prediction = model(x)
    loss = loss_function(prediction, y)

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    if iteration % 5 == 0 or iteration == 19:
        print(f'iteration {iteration:2}: loss {loss.item():.6f}')

print(f'learned: y = {model.weight.item():.3f} x + {model.bias.item():.3f}')

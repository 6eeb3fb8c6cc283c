# turns: 5
# graphs: 1
# names: model.weight model.bias inputs targets
# updates: model.weight model.bias
import torch
import torch.nn as nn

torch.manual_seed(0)
inputs = torch.tensor([[3.3], [4.4], [5.5], [6.71]])
targets = torch.tensor([[1.7], [2.76], [2.09], [3.19]])
model = nn.Linear(1, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
for epoch in range(5):
    outputs = model(inputs)
    loss = criterion(outputs, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if (epoch + 1) % 5 == 0:
        print("Epoch [{}/{}], Loss: {:.4f}".format(epoch + 1, 5, loss.item()))

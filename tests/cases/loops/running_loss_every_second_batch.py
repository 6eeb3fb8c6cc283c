# turns: 4
# graphs: 1
# names: net.0.weight net.2.weight inputs labels
# updates: net.0.weight net.2.weight
# loops: epoch=1 batch=4
import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2))
trainloader = [[torch.randn(2, 2), torch.randint(2, (2,))] for _ in range(4)]
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
for epoch in range(1):
    running_loss = 0.0
    for i, data in enumerate(trainloader, 0):
        inputs, labels = data
        optimizer.zero_grad()
        outputs = net(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
        if i % 2 == 1:
            print(f"[{epoch + 1}, {i + 1}] loss: {running_loss / 2:.3f}")
            running_loss = 0.0

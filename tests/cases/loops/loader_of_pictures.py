# turns: 4
# graphs: 1
# names: images labels model.fc.weight model.fc.bias
# loops: epoch=2 batch=2
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        x = x.view(x.size(0), -1)
        return self.fc(x)


torch.manual_seed(0)
loader = DataLoader(TensorDataset(torch.rand(4, 1, 2, 2), torch.tensor([0, 1, 1, 0])), batch_size=2, shuffle=True)
model = Classifier()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    for i, (images, labels) in enumerate(loader):
        outputs = model(images)
        loss = nn.functional.cross_entropy(outputs, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(epoch, i, loss.item())

# turns: 4
# graphs: 1
# names: model.weight model.bias inputs labels
# updates: model.weight model.bias
# evaluations: 2 or 4
# loops: epoch=2 phase=1 batch=2
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
sets = {phase: TensorDataset(torch.randn(4, 2), torch.tensor([0, 1, 1, 0])) for phase in ("train", "val")}
dataloaders = {phase: DataLoader(sets[phase], batch_size=2, shuffle=True) for phase in sets}
model = nn.Linear(2, 2)
criterion, optimizer = nn.CrossEntropyLoss(), torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for epoch in range(2):
    for phase in ["train", "val"]:
        model.train(phase == "train")
        running_corrects = 0
        for inputs, labels in dataloaders[phase]:
            optimizer.zero_grad()
            with torch.set_grad_enabled(phase == "train"):
                outputs = model(inputs)
                _, preds = torch.max(outputs, 1)
                loss = criterion(outputs, labels)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
            running_corrects += torch.sum(preds == labels.data).item()
        print(epoch, phase, running_corrects)

# turns: 2
# graphs: 1
# names: batch['x'] batch['y'] model.weight
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Points(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        x = torch.tensor([float(index), 1.0])
        return {"x": x, "y": x.sum().view(1)}


torch.manual_seed(0)
model = nn.Linear(2, 1, bias=False)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for batch in DataLoader(Points(), batch_size=2):
    loss = nn.functional.mse_loss(model(batch["x"]), batch["y"])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())

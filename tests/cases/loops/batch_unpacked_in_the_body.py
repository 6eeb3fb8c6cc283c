# turns: 3
# graphs: 1
# names: b_input b_labels model.weight model.bias
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = torch.device("cpu")
loader = DataLoader(TensorDataset(torch.randn(6, 3), torch.randint(0, 2, (6,))), batch_size=2)
model = nn.Linear(3, 2).to(device)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.05)
for step, batch in enumerate(loader):
    b_input, b_labels = tuple(t.to(device) for t in batch)
    model.zero_grad()
    logits = model(b_input)
    loss = nn.functional.cross_entropy(logits, b_labels)
    loss.backward()
    optimizer.step()

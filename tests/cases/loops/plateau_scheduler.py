# turns: 3
# graphs: 1
# names: w
# updates: w
# evaluations: 3
import torch

torch.manual_seed(0)
w = torch.nn.Parameter(torch.tensor([0.1, 0.2]))
optimizer = torch.optim.Adam([w], lr=0.1)
scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=0)
train_x, valid_x = torch.randn(4, 2), torch.randn(2, 2)
for epoch in range(3):
    loss = (train_x @ w - 1).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        scheduler.step((valid_x @ w - 1).square().mean().item())

import torch
import torch.nn.functional as F

torch.manual_seed(13)

# the answer is 1 where the two inputs differ, and -1 where they are the same
x = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
y = torch.tensor([-1.0, 1.0, 1.0, -1.0])

v = torch.randn(2, requires_grad=True)
w1 = torch.randn(2, 4, requires_grad=True)
w2 = torch.randn(4, requires_grad=True)
optimizer = torch.optim.Adam([v, w1, w2], lr=0.1)

for step in range(40):
    # one layer
    line = x @ v

    # two layers with a ReLU between them
    hidden = F.relu(x @ w1)
    net = hidden @ w2

    line_loss = F.mse_loss(line, y)
    net_loss = F.mse_loss(net, y)

    optimizer.zero_grad()
    (net_loss + line_loss).backward()
    optimizer.step()

print(f'one layer:  loss {line_loss.item():.4f}')
print(f'two layers: loss {net_loss.item():.4f}')

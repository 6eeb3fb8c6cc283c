import torch
import torch.nn.functional as F

x = torch.tensor([1.0, 2.0])

# two neurons with the same start; both should learn to give back x
w1 = torch.tensor(-1.0, requires_grad=True)
w2 = torch.tensor(-1.0, requires_grad=True)
optimizer = torch.optim.SGD([w1, w2], lr=0.1)

for step in range(28):
    a1 = F.relu(w1 * x)
    a2 = F.leaky_relu(w2 * x, 0.1)
    loss1 = F.mse_loss(a1, x)
    loss2 = F.mse_loss(a2, x)

    optimizer.zero_grad()
    (loss1 + loss2).backward()
    optimizer.step()

print(f'ReLU:       w {w1.item():.3f}, loss {loss1.item():.4f}')
print(f'leaky ReLU: w {w2.item():.3f}, loss {loss2.item():.4f}')

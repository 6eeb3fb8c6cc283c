import torch
import torch.nn.functional as F

x = torch.tensor(1.0)
y = torch.tensor(1.0)

w1 = torch.tensor(1.0, requires_grad=True)
w2 = torch.tensor(1.0, requires_grad=True)
w3 = torch.tensor(1.0, requires_grad=True)

# three layers of one neuron each
h1 = torch.sigmoid(w1 * x)
h2 = torch.sigmoid(w2 * h1)
h3 = torch.sigmoid(w3 * h2)

loss = F.mse_loss(h3, y)
loss.backward()

for name, w in [('w3', w3), ('w2', w2), ('w1', w1)]:
    print(f'gradient of {name}: {w.grad.item():.5f}')

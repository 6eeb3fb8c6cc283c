# turns: 3
# graphs: 1 or 2 or 3
# names: w x
# updates:
import torch

x = torch.tensor([0.5, -0.3, 0.8])
w = torch.tensor([0.9, 0.4], requires_grad=True)
h = torch.zeros(1)
for t in range(3):
    h = torch.tanh(w[0] * h + w[1] * x[t])
    loss = (h - 1).pow(2).sum()
    loss.backward(retain_graph=True)
    print(t, w.grad.tolist())

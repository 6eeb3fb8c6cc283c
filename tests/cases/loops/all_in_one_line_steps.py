# turns: 3
# graphs: 1
# names: w x
# updates: w
import torch

x, w = torch.tensor([1.0, 2.0]), torch.tensor(0.1, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for _ in range(3): opt.zero_grad(); loss = (w * x - 1).pow(2).sum(); loss.backward(); opt.step()
print(w.item())

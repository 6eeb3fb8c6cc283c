# turns: 3
# graphs: 1
# names: w
# updates: w
import torch

w = torch.tensor(3.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
for step in range(3):
    loss = (w**2 - 1) ** 2
    if loss.item() < 1e-6:
        break
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
else:
    print("did not converge")
print(w.item())

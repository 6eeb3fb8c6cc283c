# cut: steps
# turns: 300
import torch

torch.set_default_device("meta")
slope = torch.tensor([0.5, -0.5], device="cpu", requires_grad=True)
inputs = torch.tensor([[1.0, 2.0], [3.0, -1.0]], device="cpu")
for turn in range(300):
    loss = (inputs @ slope - 1).square().mean()
    loss.backward()
    with torch.no_grad():
        slope -= 0.05 * slope.grad
        slope.grad = None
    print(loss.item())

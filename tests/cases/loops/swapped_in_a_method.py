# turns: 3
# graphs: 1
# names: layer.w x
# updates: layer.w
# leaf: layer.w [0.25, -0.25]
import torch


class Layer:
    def __init__(self):
        self.w = torch.zeros(2, requires_grad=True)

    def restart(self, numbers):
        torch.utils.swap_tensors(self.w, torch.tensor(numbers, requires_grad=True))


layer = Layer()
print(layer.w.sum().item())
layer.restart([0.25, -0.25])
x = torch.tensor([2.0, 1.0])
for step in range(3):
    loss = (layer.w * x - 1).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        layer.w -= 0.1 * layer.w.grad
    layer.w.grad.zero_()

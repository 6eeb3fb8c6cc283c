# turns: 3
# graphs: 1
# names: w
import torch

w = torch.tensor([1.0, -1.0], requires_grad=True)
inputs = [torch.tensor([1.0, 0.5]), torch.tensor([2.0, 0.0]), torch.tensor([-1.0, 1.0])]
for x in inputs:
    y = torch.tanh(w @ x)
    y.backward()
    print(w.grad.tolist())
    w.grad.zero_()

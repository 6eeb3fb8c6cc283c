# cut: bytes
# turns: 70
import torch

torch.manual_seed(5)
layers = [torch.randn(20, 20, requires_grad=True) for _ in range(6)]
for turn in range(70):
    out = torch.randn(16, 20)
    for layer in layers:
        out = torch.tanh(out @ layer / 5)
    loss = out.square().sum()
    gradients = torch.autograd.grad(loss, layers)
    with torch.no_grad():
        for layer, gradient in zip(layers, gradients):
            layer.sub_(gradient, alpha=1e-3)
    print(loss.item())

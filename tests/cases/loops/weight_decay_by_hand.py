# turns: 3
# graphs: 1
# names: w b features labels
# updates: w b
# evaluations: 0 or 1
import torch


def l2_penalty(w):
    return w.pow(2).sum() / 2


torch.manual_seed(0)
features, labels = torch.randn(4, 3), torch.randn(4, 1)
w = torch.normal(0, 1, size=(3, 1), requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for epoch in range(3):
    loss = ((features @ w + b - labels) ** 2 / 2).mean() + 0.5 * l2_penalty(w)
    loss.backward()
    with torch.no_grad():
        for param in [w, b]:
            param -= 0.1 * param.grad
            param.grad.zero_()
print("L2 norm of w:", torch.norm(w).item())

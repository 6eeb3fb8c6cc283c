# turns: 2
# graphs: 1
# names: Wxh Whh Why
# updates: Wxh Whh Why
import torch
import torch.nn.functional as F

torch.manual_seed(0)
text = [0, 1, 2, 0, 1, 2, 1]
Wxh = (torch.randn(3, 4) * 0.1).requires_grad_()
Whh = (torch.randn(4, 4) * 0.1).requires_grad_()
Why = (torch.randn(4, 3) * 0.1).requires_grad_()
for n in range(2):
    inputs, targets = text[3 * n : 3 * n + 3], text[3 * n + 1 : 3 * n + 4]
    h = torch.zeros(1, 4)
    losses = []
    for i, t in zip(inputs, targets):
        x = F.one_hot(torch.tensor([i]), 3).float()
        h = torch.tanh(x @ Wxh + h @ Whh)
        losses.append(F.cross_entropy(h @ Why, torch.tensor([t])))
    loss = torch.stack(losses).mean()
    loss.backward()
    with torch.no_grad():
        for w in [Wxh, Whh, Why]:
            w -= 0.5 * w.grad.clamp(-5, 5)
            w.grad.zero_()

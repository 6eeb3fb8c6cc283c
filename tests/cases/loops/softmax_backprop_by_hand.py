# turns: 3
# graphs: 1
# passes: 0
# names: X W b
# updates: W b
# by hand: W b
import torch

torch.manual_seed(0)
X, Y = torch.randn(4, 2), torch.tensor([0, 2, 1, 2])
W, b = torch.randn(2, 3) * 0.1, torch.zeros(3)
n = X.shape[0]
for i in range(3):
    logits = X @ W + b
    logprobs = logits - logits.logsumexp(1, keepdim=True)
    loss = -logprobs[range(n), Y].mean()
    dlogits = logprobs.exp()
    dlogits[range(n), Y] -= 1
    dlogits /= n
    W += -0.5 * (X.T @ dlogits)
    b += -0.5 * dlogits.sum(0)
    print(i, round(loss.item(), 4))

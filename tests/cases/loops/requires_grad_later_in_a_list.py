# turns: 4
# graphs: 1
# names: C W1 b1 W2 b2 X Y
# updates: C W1 b1 W2 b2
# loops: i=4
import torch
import torch.nn.functional as F

g = torch.Generator().manual_seed(2147483647)
X = torch.tensor([[0, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 0]])
Y = torch.tensor([2, 3, 0, 1])
C = torch.randn((4, 2), generator=g)
W1 = torch.randn((6, 5), generator=g)
b1 = torch.randn(5, generator=g)
W2 = torch.randn((5, 4), generator=g)
b2 = torch.randn(4, generator=g)
parameters = [C, W1, b1, W2, b2]
print(sum(p.nelement() for p in parameters))
for p in parameters:
    p.requires_grad = True
for i in range(4):
    ix = torch.randint(0, X.shape[0], (2,))
    emb = C[X[ix]]
    h = torch.tanh(emb.view(-1, 6) @ W1 + b1)
    logits = h @ W2 + b2
    loss = F.cross_entropy(logits, Y[ix])
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        p.data += -0.1 * p.grad

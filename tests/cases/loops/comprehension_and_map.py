# turns: 3
# graphs: 1
# names: w points
# updates: w
import torch

points = torch.tensor([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
w = torch.tensor([0.5, -0.5], requires_grad=True)
for _ in range(3):
    scores = torch.stack([torch.dot(w, p) for p in points])
    squares = list(map(torch.square, scores.unbind()))
    loss = sum(s for s in squares) + sum(abs(v) for v in w)
    loss.backward()
    w.data.sub_(w.grad, alpha=0.1)
    w.grad = None

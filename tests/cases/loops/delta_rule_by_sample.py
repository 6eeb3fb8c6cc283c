# turns: 8
# graphs: 1
# passes: 0
# names: w
# updates: w
# by hand: w
# loops: epoch=2 sample=4
import torch

X = torch.tensor([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
targets = torch.tensor([0.0, 0.0, 0.0, 1.0])
w = torch.tensor([0.3, -0.1, 0.2])
for epoch in range(2):
    for x, target in zip(X, targets):
        output = torch.dot(w, x)
        error = target - output
        w += 0.1 * error * x
    print("epoch", epoch, w.tolist())

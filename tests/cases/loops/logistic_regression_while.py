# turns: 6
# graphs: 1
# passes: 0
# names: theta X y
# updates: theta
# by hand: theta
import torch

X = torch.tensor([[1.0, 0.5], [1.0, -1.5], [1.0, 2.0], [1.0, -0.3]])
y = torch.tensor([1.0, 0.0, 1.0, 0.0])
theta = torch.zeros(2)
iteration = 0
while iteration < 6:
    h = 1 / (1 + torch.exp(-(X @ theta)))
    gradient = X.T @ (h - y) / len(y)
    theta = theta - 1.0 * gradient
    iteration += 1
print(theta)

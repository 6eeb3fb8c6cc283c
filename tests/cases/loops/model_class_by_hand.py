# turns: 3
# graphs: 1
# passes: 0
# names: net.W1 net.W2 X
# updates: net.W1 net.W2
# by hand: net.W1 net.W2
import torch


class Network:
    def __init__(self):
        self.W1 = torch.randn(3, 2) * 0.5
        self.W2 = torch.randn(1, 3) * 0.5

    def forward(self, X):
        self.A1 = torch.tanh(self.W1 @ X)
        return self.W2 @ self.A1

    def backward(self, X, output, Y, lr):
        dZ2 = 2 * (output - Y) / Y.numel()
        dW2 = dZ2 @ self.A1.T
        dZ1 = (self.W2.T @ dZ2) * (1 - self.A1**2)
        self.W2 -= lr * dW2
        self.W1 -= lr * (dZ1 @ X.T)


torch.manual_seed(0)
X, Y = torch.randn(2, 4), torch.randn(1, 4)
net = Network()
for epoch in range(3):
    output = net.forward(X)
    print(epoch, ((output - Y) ** 2).mean().item())
    net.backward(X, output, Y, 0.1)

# turns: 3
# graphs: 1
# names: layers[0].weight layers[1].gamma layers[1].beta layers[3].weight layers[3].bias Xtr Ytr
# updates: layers[0].weight layers[1].gamma layers[3].bias
import torch
import torch.nn.functional as F


class Linear:
    def __init__(self, fan_in, fan_out, bias=True):
        self.weight = torch.randn((fan_in, fan_out), generator=g) / fan_in**0.5
        self.bias = torch.zeros(fan_out) if bias else None

    def __call__(self, x):
        self.out = x @ self.weight
        if self.bias is not None:
            self.out = self.out + self.bias
        return self.out

    def parameters(self):
        return [self.weight] + ([] if self.bias is None else [self.bias])


class BatchNorm1d:
    def __init__(self, dim):
        self.gamma, self.beta = torch.ones(dim), torch.zeros(dim)

    def __call__(self, x):
        xhat = (x - x.mean(0, keepdim=True)) / torch.sqrt(x.var(0, keepdim=True) + 1e-5)
        self.out = self.gamma * xhat + self.beta
        return self.out

    def parameters(self):
        return [self.gamma, self.beta]


class Tanh:
    def __call__(self, x):
        self.out = torch.tanh(x)
        return self.out

    def parameters(self):
        return []


g = torch.Generator().manual_seed(1)
layers = [Linear(2, 3, bias=False), BatchNorm1d(3), Tanh(), Linear(3, 2)]
parameters = [p for layer in layers for p in layer.parameters()]
for p in parameters:
    p.requires_grad = True
Xtr, Ytr = torch.randn(4, 2, generator=g), torch.tensor([0, 1, 1, 0])
for i in range(3):
    x = Xtr
    for layer in layers:
        x = layer(x)
    loss = F.cross_entropy(x, Ytr)
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        p.data += -0.1 * p.grad

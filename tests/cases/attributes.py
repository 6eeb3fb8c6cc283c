import torch


class Neuron:
    def __init__(self, n):
        self.w = torch.full((n,), 0.5, requires_grad=True)
        self.b = torch.zeros(1, requires_grad=True)

    def __call__(self, x):
        self.z = (self.w * x).sum() + self.b
        self.a = self.z.tanh()
        return self.a


neuron = Neuron(3)
out = neuron(torch.tensor([1.0, -2.0, 0.5]))
loss = (out - 1) ** 2
loss.backward()
print(neuron.w.grad, neuron.b.grad)

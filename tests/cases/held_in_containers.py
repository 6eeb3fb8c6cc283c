from dataclasses import dataclass

import torch


@dataclass
class Neuron:
    w: torch.Tensor
    b: torch.Tensor


params = {"w1": torch.tensor([0.5, -0.5], requires_grad=True), "b1": torch.tensor([0.1], requires_grad=True)}
layers = [torch.tensor([2.0], requires_grad=True), torch.tensor([3.0], requires_grad=True)]
neuron = Neuron(torch.tensor(1.5, requires_grad=True), torch.tensor(-0.5, requires_grad=True))
x = torch.tensor([1.0, 2.0])
h = (params["w1"] * x).sum() + params["b1"]
h = torch.tanh(h * layers[0]) * layers[1]
loss = (neuron.w * h + neuron.b).square().sum()
loss.backward()
print(loss.item(), params["w1"].grad, neuron.b.grad)

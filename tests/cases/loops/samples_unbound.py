# turns: 8
# graphs: 1
# names: w sample label
# updates: w
# loops: epoch=2 sample=4
import torch

torch.manual_seed(0)
samples = torch.randn(4, 3).unbind()
labels = torch.randn(4).unbind()
w = torch.zeros(3, requires_grad=True)


def train(samples, labels):
    for sample, label in zip(samples, labels):
        loss = (w @ sample - label) ** 2
        loss.backward()
        with torch.no_grad():
            w.sub_(0.1 * w.grad)
        w.grad = None


for epoch in range(2):
    train(samples, labels)

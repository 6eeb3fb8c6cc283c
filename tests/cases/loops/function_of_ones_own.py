# turns: 3
# graphs: 1
# names: a b x y
# updates: a b
import math

import torch


class LegendrePolynomial3(torch.autograd.Function):
    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return 0.5 * (5 * input**3 - 3 * input)

    @staticmethod
    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        return grad_output * 1.5 * (5 * input**2 - 1)


x = torch.linspace(-math.pi, math.pi, 5)
y = torch.sin(x)
a = torch.full((), 0.1, requires_grad=True)
b = torch.full((), -0.3, requires_grad=True)
for t in range(3):
    P3 = LegendrePolynomial3.apply
    loss = (a + P3(b * x) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        a -= 1e-3 * a.grad
        b -= 1e-3 * b.grad
        a.grad = None
        b.grad = None

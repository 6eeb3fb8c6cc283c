# turns: 3
# graphs: 1
# names: w b x y
# updates: w b
import torch


class MomentumSGD:
    def __init__(self, params, lr, beta=0.9):
        self.params, self.lr, self.beta = list(params), lr, beta
        self.velocity = [torch.zeros_like(p) for p in self.params]

    @torch.no_grad()
    def step(self):
        for p, velocity in zip(self.params, self.velocity):
            velocity.mul_(self.beta).add_(p.grad)
            p.sub_(self.lr * velocity)

    def zero_grad(self):
        for p in self.params:
            p.grad = None


x, y = torch.linspace(0, 1, 4), torch.linspace(1, 2, 4)
w, b = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
opt = MomentumSGD([w, b], lr=0.1)
for i in range(3):
    opt.zero_grad()
    loss = (w * x + b - y).pow(2).mean()
    loss.backward()
    opt.step()

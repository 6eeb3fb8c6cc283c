# turns: 2
# graphs: 1
# passes: 2
# names: G D
# updates: G D
import torch

torch.manual_seed(0)
G = torch.tensor([0.5, -0.5], requires_grad=True)
D = torch.tensor([1.0, 0.3], requires_grad=True)
opt_G, opt_D = torch.optim.SGD([G], lr=0.1), torch.optim.SGD([D], lr=0.1)
for step in range(2):
    z = torch.randn(3, 1)
    fake = z * G
    score = torch.sigmoid((fake * D).sum(1))
    score_real = torch.sigmoid((torch.randn(3, 2) + 1) @ D)
    loss_D = -(score_real.log() + (1 - score).log()).mean()
    loss_G = -score.log().mean()
    opt_D.zero_grad()
    loss_D.backward(retain_graph=True)
    opt_G.zero_grad()
    gradient = torch.autograd.grad(loss_G, G)[0]
    G.grad = gradient
    opt_D.step()
    opt_G.step()

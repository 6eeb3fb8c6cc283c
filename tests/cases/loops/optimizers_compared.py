# turns: 6
# graphs: 1
# names: p
# updates: p
# loops: make=3 step=2
import torch


def rosenbrock(p):
    return (1 - p[0]) ** 2 + 5 * (p[1] - p[0] ** 2) ** 2


def run(make):
    p = torch.tensor([-1.0, 1.5], requires_grad=True)
    optimizer = make([p])
    for step in range(2):
        optimizer.zero_grad()
        loss = rosenbrock(p)
        loss.backward()
        optimizer.step()
    return p.tolist()


for make in (
    lambda ps: torch.optim.SGD(ps, lr=0.01),
    lambda ps: torch.optim.Adam(ps, lr=0.1),
    lambda ps: torch.optim.RMSprop(ps, lr=0.05),
):
    print(run(make))

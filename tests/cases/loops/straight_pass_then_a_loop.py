# turns: 4
# graphs: 2
# passes: 1
# names: x
import torch


def loss_fn(params):
    return ((x * params[0] + params[1]) - 1).square().mean()


x = torch.tensor([1.0, 2.0, 3.0])
start = torch.tensor([1.0, 0.0], requires_grad=True)
loss_fn(start).backward()
print(start.grad)
fresh = torch.tensor([0.5, 0.1], requires_grad=True)
for _ in range(3):
    fresh.grad = None
    loss = loss_fn(fresh)
    loss.backward()
    with torch.no_grad():
        fresh -= 0.1 * fresh.grad

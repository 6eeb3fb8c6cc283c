import torch

w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)

for step in range(2):
    # optimizer.zero_grad() is missing here

    # two halves of a batch, one after the other
    first = 1 * w
    first.backward()

    second = 2 * w
    second.backward()
    print(f'round {step}: w.grad = {w.grad.item()}')

    optimizer.step()

print(f'w = {w.item():.1f}')

import torch

# a valley: almost flat along it (first number), steep across it (second number)
steepness = torch.tensor([0.05, 9.0])

p1 = torch.tensor([4.0, 1.0], requires_grad=True)
p2 = torch.tensor([4.0, 1.0], requires_grad=True)
p3 = torch.tensor([4.0, 1.0], requires_grad=True)

sgd = torch.optim.SGD([p1], lr=0.1)
momentum = torch.optim.SGD([p2], lr=0.1, momentum=0.8)
adam = torch.optim.Adam([p3], lr=0.2)

for step in range(30):
    height1 = (steepness * p1**2).sum()
    height2 = (steepness * p2**2).sum()
    height3 = (steepness * p3**2).sum()

    for optimizer in (sgd, momentum, adam):
        optimizer.zero_grad()
    (height1 + height2 + height3).backward()
    for optimizer in (sgd, momentum, adam):
        optimizer.step()

print(f'SGD:      height {height1.item():.4f}')
print(f'momentum: height {height2.item():.4f}')
print(f'Adam:     height {height3.item():.4f}')

import torch

torch.manual_seed(0)

# eight layers of 32 numbers, each a matrix and a ReLU
width, std = 32, 0.25
x = torch.randn(16, width)
weights = [torch.empty(width, width).normal_(std=std).requires_grad_() for _ in range(8)]

h = x
outputs = []
for weight in weights:
    h = torch.relu(h @ weight)
    outputs.append(h)

loss = h.square().mean()
loss.backward()

for number, output in enumerate(outputs, start=1):
    print(f'layer {number}: typical size {output.square().mean().sqrt().item():.3g}')
print(f'gradient of the first matrix {weights[0].grad.norm().item():.3g}')
print(f'gradient of the last matrix  {weights[-1].grad.norm().item():.3g}')

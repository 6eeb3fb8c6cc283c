import torch
import torch.nn.functional as F

# four answers, all of them wrong: y is 0, and z gets larger and larger
z = torch.tensor([0.0, 2.0, 10.0, 20.0], requires_grad=True)
y = torch.zeros(4)

a = torch.sigmoid(z)
apart = F.binary_cross_entropy(a, y, reduction='sum')
apart.backward()
print('sigmoid, then BCE:', z.grad.tolist(), apart.item())

z.grad = None
together = F.binary_cross_entropy_with_logits(z, y, reduction='sum')
together.backward()
print('BCE with logits:  ', z.grad.tolist(), together.item())

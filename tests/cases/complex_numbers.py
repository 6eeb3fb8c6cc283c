import torch

z = torch.tensor([1 + 2j, 3 - 1j], requires_grad=True)
w = torch.polar(torch.tensor([1.0, 2.0]), torch.tensor([0.5, 1.0]))
product = z * w.conj()
energy = product.abs() ** 2
loss = energy.sum() + z.real.sum() - product.imag.mean()
loss.backward()
print(z.grad)

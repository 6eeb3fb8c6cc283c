import torch

z = torch.tensor([1 + 2j, 3 - 1j], requires_grad=True)
loss = (z * z.conj()).real.sum() + z.abs().sum() + torch.view_as_real(z).pow(2).sum() + z.angle().sum()
loss.backward()
print(z.grad)
w = torch.randn(4, requires_grad=True)
s = torch.fft.fft(w)
(s.imag ** 2 + s.real).sum().backward()
print(w.grad)
c = torch.complex(w[:2], w[2:])
torch.exp(1j * c).sgn().abs().sum().backward()
print(w.grad)

import torch

t = torch.linspace(0, 1, 16)
frequency = torch.tensor(3.0, requires_grad=True)
signal = torch.sin(2 * torch.pi * frequency * t)
spectrum = torch.fft.rfft(signal)
power = spectrum.abs().square()
back = torch.fft.irfft(spectrum, n=16)
loss = power[3] - (back - signal).square().sum()
loss.backward()
print(power.argmax().item())

# cut: bytes
# turns: 60
import torch

torch.manual_seed(3)
signal = torch.rand(20, 20)
weights = [(torch.rand(20, 20) / 10).requires_grad_() for _ in range(9)]
for turn in range(60):
    state = signal
    for weight in weights:
        state = torch.sigmoid(state @ weight) + 0.1 * state
    loss = (state - 0.5).abs().mean()
    loss.backward()
    with torch.no_grad():
        for weight in weights:
            weight -= 0.3 * weight.grad
            weight.grad = None
    print(loss.item())

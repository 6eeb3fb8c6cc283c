# turns: 3
# graphs: 1
# names: theta data
# updates: theta
import torch

torch.manual_seed(0)
data = torch.randn(6)
theta = torch.zeros(2, requires_grad=True)
m, v = torch.zeros(2), torch.zeros(2)
beta1, beta2, eps, lr = 0.9, 0.999, 1e-8, 0.1
for t in range(1, 4):
    mean, log_std = theta
    nll = (log_std + 0.5 * ((data - mean) / log_std.exp()) ** 2).mean()
    theta.grad = None
    nll.backward()
    g = theta.grad
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    theta.data = theta.data - lr * m_hat / (v_hat.sqrt() + eps)

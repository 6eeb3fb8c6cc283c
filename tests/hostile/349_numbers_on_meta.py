# expect: ok-isolated - tensors of 10**12 elements that have none
# kinds: ok
import torch
x = torch.empty(10 ** 6, 10 ** 6, device="meta", requires_grad=True)
y = (x @ x).relu().sum(); y.backward(); print(x.grad.shape, y.device)

import torch

w = torch.tensor([1.0, -2.0], requires_grad=True)
w.register_hook(lambda g: g.clamp(-1, 1))
w.register_post_accumulate_grad_hook(lambda p: print("accumulated", p.grad))
loss = (w**3).sum()
loss.backward()
print(w.grad)

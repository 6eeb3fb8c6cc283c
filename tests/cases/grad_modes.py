import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)


@torch.no_grad()
def measure(h):
    return h.norm()


h = w * 3
with torch.no_grad():
    scale = h.sum()
    with torch.enable_grad():
        inner = w.square()
with torch.inference_mode():
    score = (h * 2).mean()
with torch.set_grad_enabled(False):
    frozen = w + 1
loss = (h / scale).prod() + inner.sum() * measure(h) + frozen.sum()
loss.backward()
print(score.item(), frozen.requires_grad, w.grad)

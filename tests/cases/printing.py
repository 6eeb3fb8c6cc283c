import torch

x = torch.tensor([[1.5, -2.0], [0.25, 1e6]], requires_grad=True)
h = x * 2
loss = h.mean()
print(x, h, sep="\n")
print(f"{loss:.3f} {loss.item():>10.2f}", str(h[0]), repr(loss), h.tolist(), len(h), 3.0 in h, h.shape, h.dim())
for row in h:
    print(row.sum())
print([round(v, 1) for v in h.flatten().tolist()], bool((h > 0).any()), h.size(0), x.numel(), h.is_contiguous())
loss.backward()
print(x.grad)

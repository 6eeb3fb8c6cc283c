import torch

packed = []


def pack(tensor):
    packed.append(tensor.shape)
    return tensor.double()


w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
with torch.autograd.graph.saved_tensors_hooks(pack, lambda kept: kept.float()):
    h = w.exp() * w
    loss = h.prod()
loss.backward()
print(packed, w.grad)

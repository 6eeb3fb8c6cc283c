import torch

torch.manual_seed(0)
w = torch.randn(4, 2, requires_grad=True)


def encode(tree):
    if isinstance(tree, torch.Tensor):
        return tree
    left, right = tree
    children = torch.cat([encode(left), encode(right)])
    return torch.tanh(children @ w)


leaves = [torch.randn(2) for _ in range(4)]
root = encode(((leaves[0], leaves[1]), (leaves[2], leaves[3])))
loss = root.sum()
loss.backward()
print(w.grad)

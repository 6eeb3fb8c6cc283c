import torch

x = torch.ones(2, requires_grad=True)
y = (x * 2).exp().sum()
def walk(node, depth=0):
    if node is not None:
        print(" " * depth, node.name())
        for n, _ in node.next_functions:
            walk(n, depth + 1)
walk(y.grad_fn)
y.backward()

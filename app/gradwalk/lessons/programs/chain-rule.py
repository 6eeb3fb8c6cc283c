import torch

x = torch.tensor(3.0)
w = torch.tensor(2.0, requires_grad=True)

# a chain of three links: w -> a -> b -> loss
a = w * x
b = a + 1
loss = b**2

# a copy without a history
c = b.detach()

# nothing in here is written down
with torch.no_grad():
    d = w * 10

loss.backward()

print('dloss/dw:', w.grad.item())
for name, tensor in [('w', w), ('a', a), ('b', b), ('c', c), ('d', d)]:
    print(name, 'requires_grad', tensor.requires_grad, 'leaf', tensor.is_leaf, 'grad_fn', tensor.grad_fn)

# expect: limit - an iteration that ends when no byte is left is told without a crash of Python
# kinds: ok,memory,time
import torch
w = torch.ones(1, requires_grad=True)
(w * 2).sum().backward()
taken, size = [], 1 << 20
while size > 16:
    try:
        while True: taken.append(bytearray(size))
    except MemoryError:
        size //= 2
for k in range(100): (w * 2).sum().backward()

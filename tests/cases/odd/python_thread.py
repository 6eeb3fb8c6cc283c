import threading
import torch

x = torch.ones(2, requires_grad=True)
def work():
    (x * 3).sum().backward()
t = threading.Thread(target=work)
t.start()
t.join()
(x * 2).sum().backward()
print(x.grad)

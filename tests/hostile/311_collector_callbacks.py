# expect: ok-isolated - callbacks of the garbage collector that raise, print, allocate and collect
# kinds: ok,error,output,time,memory
import gc, torch
keep = []
def callback(phase, info):
    keep.append(torch.ones(10)); print("gc", phase); gc.collect(); raise ValueError("no")
gc.callbacks.append(callback); gc.set_threshold(1, 1, 1)
x = torch.ones(2, requires_grad=True)
for _ in range(50): (x * x).sum().backward()

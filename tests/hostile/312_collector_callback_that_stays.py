# expect: limit - a callback that waits until the recording is written, and then never returns
# kinds: time,ok
import gc, sys, torch
def callback(phase, info):
    f = sys._getframe()
    while f:
        if "write" in f.f_code.co_name:
            while True: pass
        f = f.f_back
gc.callbacks.append(callback); gc.set_threshold(1, 1, 1)
x = torch.ones(2, requires_grad=True); (x * x).sum().backward()

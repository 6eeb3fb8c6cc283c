# expect: error - sys.exit inside a hook, a property, a comparison and a collector's turn
# kinds: error,ok
import sys, torch
class Odd:
    def __lt__(self, other): sys.exit(3)
    def __del__(self): sys.exit(4)
try: sorted([Odd(), Odd()])
except SystemExit as e: print("sorted", e.code)
x = torch.ones(2, requires_grad=True); y = x * 2
y.register_hook(lambda g: sys.exit(5)); y.sum().backward()

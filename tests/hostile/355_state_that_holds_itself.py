# expect: ok-isolated - an optimizer whose settings and state hold themselves, bytes, huge integers and functions
# kinds: ok,error
import torch
class Odd(torch.optim.Optimizer):
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                loop = {}; loop["me"] = loop
                self.state[p] = {"loop": loop, 7: b"\xff", "big": 10 ** 400, "nan": float("nan"), (1, 2): print, "id": "t0", "shape": "x", None: [[]] * 3, "\ud800": "\udfff", "deep": p}
                with torch.no_grad(): p.sub_(p.grad)
x = torch.ones(2, requires_grad=True)
for _ in range(2): (x * x).sum().backward(); Odd([x], {"lr": 10 ** 30, "self": None, "<script>": {1: {2: {3: [object()]}}}}).step()

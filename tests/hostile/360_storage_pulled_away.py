# expect: ok-isolated - the memory of recorded tensors resized to nothing, freed and pointed elsewhere
# kinds: ok,error,crash
import torch
x = torch.ones(1000, requires_grad=True); y = x * 2; z = torch.ones(1000)
y.untyped_storage().resize_(0)
try: print(y.sum())
except RuntimeError as e: print("refused")
z.set_(torch.empty(0).untyped_storage(), 0, (0,), (1,)); w = torch.as_strided(torch.ones(4), (2, 2), (1, 1), 0)
from_numpy = torch.from_numpy(__import__("numpy").frombuffer(b"read only bytes!", dtype="uint8")); 
try: torch.as_strided(torch.ones(4), (1000,), (1,), 0)
except RuntimeError: print("refused")
(w * w).sum(); (x * z.sum()).sum().backward()

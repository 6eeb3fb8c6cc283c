# expect: ok-isolated - callbacks of weak references that raise when the recorder lets go of its tensors
# kinds: ok,error
import weakref, torch
def no(reference): raise MemoryError("not really")
held = []
for _ in range(200):
    t = torch.ones(2, requires_grad=True); held.append(weakref.ref(t, no)); (t * t).sum().backward(); del t

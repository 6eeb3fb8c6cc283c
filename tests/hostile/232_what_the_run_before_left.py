# expect: blocked - modules, caches, warnings, random numbers and files hold nothing of the run before
# kinds: ok
import gc, linecache, random, re, sys, torch, warnings
prefix = "gradwalk-" + "canary-"
print(sorted(k for k in linecache.cache if not k.startswith("/"))[:5], len(re._cache) < 600, len(warnings.filters))
left = getattr(torch, "left_by_a_run", None), getattr(sys, "left_by_a_run", None)
print("ESCAPED" if any(left) else "nothing")
torch.left_by_a_run = sys.left_by_a_run = True
torch.set_default_dtype(torch.float64); torch.use_deterministic_algorithms(True); torch.set_printoptions(precision=1); torch.set_grad_enabled(False)
random.seed(99); torch.manual_seed(99); warnings.simplefilter("ignore"); sys.setrecursionlimit(77)
for o in gc.get_objects():
    if type(o) is str and prefix in o: print("ESCAPED", o)

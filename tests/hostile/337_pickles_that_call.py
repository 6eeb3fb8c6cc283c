# expect: blocked - a pickle that calls os.system, and torch.load with its guard off
# kinds: ok
import io, os, pickle, torch
class Call:
    def __reduce__(self): return os.system, ("id",)
for load in (lambda b: pickle.loads(b), lambda b: torch.load(io.BytesIO(b), weights_only=False)):
    try: r = load(pickle.dumps(Call())); print("ESCAPED" if r == 0 else "blocked", r)
    except Exception as e: print("blocked", type(e).__name__)

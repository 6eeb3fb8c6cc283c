# expect: error - a list in a list a million times, printed, compared, copied and let go
# kinds: error,crash,memory,time
import copy, pickle
x = []
for _ in range(1_000_000): x = [x]
for f in (repr, copy.deepcopy, pickle.dumps, hash, lambda v: v == [v]):
    try: f(x)
    except (RecursionError, TypeError) as e: print(type(e).__name__)
repr(x)

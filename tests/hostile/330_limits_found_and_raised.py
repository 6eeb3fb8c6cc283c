# expect: limit - the recorder's and the console's own limits found in memory and raised: the server has its own
# kinds: output,ok,bad-result,time,memory
import gc
for o in gc.get_objects():
    name = type(o).__name__
    if name == "Allowance": o.limit = o.left = 1 << 40
    if name == "Limits":
        for field in ("steps", "bytes", "inline_elements", "stored_elements"): object.__setattr__(o, field, 1 << 40)
for _ in range(5000): print("x" * 1000)

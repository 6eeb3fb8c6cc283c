# expect: blocked - fresh memory holds nothing of another run
# kinds: ok
import mmap, numpy as np, torch
prefix = b"gradwalk-" + b"canary-"
sizes = [64, 256, 1024, 4096, 1 << 16, 1 << 20, 1 << 24]
pieces = [bytes(np.empty(n, dtype=np.uint8)) for n in sizes for _ in range(3)]
pieces += [bytes(torch.empty(n, dtype=torch.uint8).numpy()) for n in sizes for _ in range(3)] + [mmap.mmap(-1, 1 << 22).read()]
for piece in pieces:
    at = piece.find(prefix)
    if at >= 0: print("ESCAPED", piece[at:at + 80])
print("looked at", sum(map(len, pieces)) > 1 << 20)

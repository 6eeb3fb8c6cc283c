# expect: limit - anonymous shared memory, which is no data, and advice that gives it back and takes it again
# kinds: memory,error,ok,time
import mmap
maps, got = [], 0
try:
    while got < 1 << 31: maps.append(mmap.mmap(-1, 1 << 24)); maps[-1].write(b"x" * (1 << 24)); got += 1 << 24
except (OSError, MemoryError) as e: print(type(e).__name__)
for m in maps: m.madvise(mmap.MADV_DONTNEED); m.seek(0); m.write(b"y" * (1 << 24))
print("ESCAPED" if got > 1 << 30 else "bounded", got >> 20)

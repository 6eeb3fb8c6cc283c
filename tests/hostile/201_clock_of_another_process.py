# expect: blocked - the processor time of other processes cannot be read by their pid
# kinds: ok
import os, time
for pid in (1, 2, os.getppid(), *range(os.getpid() - 20, os.getpid())):
    for function in (time.clock_gettime, time.clock_getres):
        try: function(~pid << 3 | 2); print("ESCAPED", pid)
        except OSError: print("blocked")

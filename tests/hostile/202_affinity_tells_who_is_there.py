# expect: blocked - nobody's processors can be asked for, which would tell which pids exist
# kinds: ok
import os
for pid in (1, os.getppid(), *range(os.getpid() - 20, os.getpid())):
    try: os.sched_getaffinity(pid); print("ESCAPED", pid)
    except ProcessLookupError: print("ESCAPED nobody is", pid)
    except OSError: print("blocked")
print(len(os.sched_getaffinity(0)) > 0)

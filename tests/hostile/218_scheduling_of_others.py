# expect: blocked - nobody's priority, policy or place in the queue of the disk is changed or told
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

zeros = ctypes.create_string_buffer(64)
for pid in (0, os.getppid(), 1):
    call("setpriority", 141, 140, 0, pid, 19); call("getpriority", 140, 141, 0, pid); call("ioprio_set", 251, 30, 1, pid, 0x6000); call("sched_setattr", 314, 274, pid, zeros, 0)
    call("sched_getscheduler", 145, 120, pid); call("sched_rr_get_interval", 148, 127, pid, zeros); call("getpgid", 121, 155, pid); call("getsid", 124, 156, pid)

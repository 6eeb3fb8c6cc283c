# expect: blocked - timers and asynchronous input that signal a chosen process
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

event = (ctypes.c_int * 16)(0, 0, 9, 4, os.getppid())
call("timer_create", 222, 107, 0, event, event); call("timerfd_create", 283, 85, 0, 0); call("signalfd4", 289, 74, -1, event, 8, 0)
for command in (8, 10, 15): call("fcntl", 72, 25, 1, command, event)   # F_SETOWN, F_SETSIG, F_SETOWN_EX

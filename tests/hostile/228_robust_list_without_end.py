# expect: ok-isolated - a list of robust futexes that leads to itself, which the kernel walks at the end
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

head = (ctypes.c_long * 3)(); head[0] = ctypes.addressof(head) + 8; head[1] = ctypes.addressof(head) + 8; head[2] = 4
libc.syscall(ctypes.c_long(99 if platform.machine() == "aarch64" else 273), head, ctypes.c_long(24))
keep = head

# expect: blocked - no futex can be owned by another process: waiting for it tells whether it exists
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

word = ctypes.c_uint32(os.getppid())
soon = (ctypes.c_long * 2)(0, 1000)
for operation in (6, 8, 11, 12, 13): call("futex", 202, 98, ctypes.byref(word), operation | 128, 0, ctypes.byref(soon), ctypes.byref(word), 0)

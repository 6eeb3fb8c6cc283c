# expect: blocked - io_uring, which does what system calls do without being one
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

parameters = ctypes.create_string_buffer(120)
call("io_uring_setup", 425, 425, 8, parameters); call("io_uring_enter", 426, 426, 3, 1, 0, 0, 0); call("io_uring_register", 427, 427, 3, 0, 0, 0)

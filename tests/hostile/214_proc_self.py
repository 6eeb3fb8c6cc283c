# expect: blocked - /proc is not there, by whatever call it is asked for
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

how = (ctypes.c_uint64 * 3)(0, 0, 0)
for path in (b"/proc/self/mem", b"/proc/self/environ", b"/proc/self/fd/3", b"/proc/1/environ", b"/proc/thread-self/maps", b"/dev/fd/3"):
    call("openat", 257, 56, -100, path, 2); call("openat2", 437, 437, -100, path, how, 24); call("readlinkat", 267, 78, -100, path, ctypes.create_string_buffer(64), 64)

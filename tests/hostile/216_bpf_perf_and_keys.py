# expect: blocked - programs in the kernel, performance counters, and keys that outlive a process
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

zeros = ctypes.create_string_buffer(128)
call("bpf", 321, 280, 0, zeros, 128); call("perf_event_open", 298, 241, zeros, 0, -1, -1, 0)
call("add_key", 248, 217, b"user", b"x", b"secret", 6, -3); call("request_key", 249, 218, b"user", b"x", 0, -3); call("keyctl", 250, 219, 0, -3, 1)

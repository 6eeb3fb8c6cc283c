# expect: blocked - addresses stay random, segments and protection keys stay as they are
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

call("personality", 135, 92, 0x0040000); call("pkey_alloc", 330, 289, 0, 0); call("pkey_mprotect", 329, 288, 0, 0, 0, 0)
if platform.machine() == "x86_64": call("modify_ldt", 154, 0, 0, ctypes.create_string_buffer(64), 64); call("arch_prctl", 158, 0, 0x1002, 0); call("iopl", 172, 0, 3); call("ioperm", 173, 0, 0, 10, 1)

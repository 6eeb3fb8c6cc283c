# expect: blocked - the classic way out of a chroot
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

for _ in range(3): call("chroot", 161, 51, b"."); call("chdir", 80, 49, b".."); call("fchdir", 81, 50, 0)
call("getdents64", 217, 61, 0, 0, 0); call("getcwd", 79, 17, ctypes.create_string_buffer(99), 99)

# expect: blocked - the old and the new calls of mounting
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

call("mount", 165, 40, b"none", b"/", b"tmpfs", 0, 0); call("umount2", 166, 39, b"/", 2); call("pivot_root", 155, 41, b".", b".")
call("open_tree", 428, 428, -100, b"/", 1); call("move_mount", 429, 429, -100, b"/", -100, b"/", 0); call("fsopen", 430, 430, b"tmpfs", 0)
call("fsmount", 432, 432, 3, 0, 0); call("fspick", 433, 433, -100, b"/", 0); call("mount_setattr", 442, 442, -100, b"/", 0, 0, 0); call("statmount", 457, 457, 0, 0, 0, 0)

# expect: blocked - everything that makes, links, renames, marks or removes a name
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

call("mkdirat", 258, 34, -100, b"/tmp/ESCAPE", 0o777); call("mknodat", 259, 33, -100, b"/tmp/ESCAPE", 0o10666, 0); call("symlinkat", 266, 36, b"/", -100, b"/tmp/ESCAPE")
call("linkat", 265, 37, -100, b"/", -100, b"/tmp/ESCAPE", 0x400); call("unlinkat", 263, 35, -100, b"/tmp/x", 0); call("renameat2", 316, 276, -100, b"/a", -100, b"/b", 0)
call("setxattr", 188, 5, b"/", b"user.x", b"x", 1, 0); call("fallocate", 285, 47, 1, 0, 0, 1); call("ftruncate", 77, 46, 1, 1); call("fchmod", 91, 52, 1, 0o777); call("fchown", 93, 55, 1, 0, 0)
call("utimensat", 280, 88, -100, b"/", 0, 0); call("sync", 162, 81); call("openat", 257, 56, -100, b"/tmp", 0o20200001 | 0x410000, 0o666)

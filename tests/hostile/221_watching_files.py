# expect: blocked - nothing is told about files that others use
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

call("inotify_init1", 294, 26, 0); call("inotify_add_watch", 254, 27, 0, b"/", 0xFFF); call("fanotify_init", 300, 262, 0, 0); call("fanotify_mark", 301, 263, 0, 1, 0, -100, b"/")
call("name_to_handle_at", 303, 264, -100, b"/", 0, 0, 0); call("open_by_handle_at", 304, 265, -100, 0, 0)

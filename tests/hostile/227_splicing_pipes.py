# expect: blocked - pages of its memory cannot be lent to the server through the pipe, nor the pipe be made larger
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

page = ctypes.create_string_buffer(4096); vector = (ctypes.c_long * 2)(ctypes.addressof(page), 4096)
call("vmsplice", 278, 75, 3, vector, 1, 8); call("splice", 275, 76, 0, 0, 3, 0, 4096, 0); call("tee", 276, 77, 0, 3, 4096, 0); call("sendfile", 40, 71, 3, 0, 0, 4096)
for command, value in ((4, 0o4000), (1031, 1 << 20), (1024, 1), (1026, 7), (0, 9)): call("fcntl", 72, 25, 3, command, value)

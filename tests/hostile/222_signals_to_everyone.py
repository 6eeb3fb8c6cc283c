# expect: blocked - no signal reaches the zygote, the server, another run, or everyone
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

info = ctypes.create_string_buffer(128)
for pid in (0, -1, 1, os.getppid(), -os.getppid(), os.getpid() + 1, os.getpid() - 1):
    for signal in (0, 9, 15, 19): call("kill", 62, 129, pid, signal)
    call("tkill", 200, 130, pid, 9); call("tgkill", 234, 131, pid, pid, 9); call("rt_sigqueueinfo", 129, 138, pid, 9, info); call("rt_tgsigqueueinfo", 297, 240, pid, pid, 9, info)

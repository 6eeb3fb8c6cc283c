# expect: blocked - descriptors of other processes cannot be fetched through a pidfd
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

call("pidfd_open", 434, 434, os.getppid(), 0); call("pidfd_open self", 434, 434, os.getpid(), 0)
for fd in range(6): call("pidfd_getfd", 438, 438, fd, 0, 0); call("pidfd_send_signal", 424, 424, fd, 9, 0, 0)

# expect: blocked - the memory of other processes is neither read nor written nor advised about
# kinds: ok
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True); libc.syscall.restype = ctypes.c_long
def call(name, x86, arm, *arguments):
    r = libc.syscall(ctypes.c_long(arm if platform.machine() == "aarch64" else x86), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    # any other error than these comes from the kernel's own code, which was reached
    print("blocked" if r < 0 and ctypes.get_errno() in (1, 2, 38) else "ESCAPED", name, ctypes.get_errno())

buffer = ctypes.create_string_buffer(64); vector = (ctypes.c_long * 2)(ctypes.addressof(buffer), 64)
for pid in (os.getppid(), 1, os.getpid()):
    call("process_vm_readv", 310, 270, pid, vector, 1, vector, 1, 0); call("process_vm_writev", 311, 271, pid, vector, 1, vector, 1, 0)
    call("kcmp", 312, 272, pid, os.getpid(), 0, 0, 0)
call("process_madvise", 440, 440, 3, vector, 1, 21, 0); call("process_mrelease", 448, 448, 3, 0)

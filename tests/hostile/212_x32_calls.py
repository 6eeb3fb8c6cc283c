# expect: blocked - the numbers of x32 end the process: 0x40000000 + 57 is fork
# kinds: crash,ok
import ctypes, platform
if platform.machine() == "x86_64": print("ESCAPED", ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + 57)))

# expect: blocked - the first page, at which a kernel's null pointer would lead to the program
# kinds: ok
import ctypes
libc = ctypes.CDLL(None, use_errno=True); libc.mmap.restype = ctypes.c_void_p
got = libc.mmap(ctypes.c_void_p(0), ctypes.c_size_t(4096), 7, 0x32, -1, ctypes.c_long(0))
print("ESCAPED" if got in (None, 0) else "blocked")

# expect: blocked - the name of the process, which the kernel writes into its log as it is, stays
# kinds: ok
import ctypes
libc = ctypes.CDLL(None)
print("ESCAPED" if libc.prctl(15, b"\n\x1b[2Jpanic", 0, 0, 0) == 0 else "blocked")
name = ctypes.create_string_buffer(16); libc.prctl(16, name, 0, 0, 0)
print("ESCAPED" if b"panic" in name.raw else "the same")

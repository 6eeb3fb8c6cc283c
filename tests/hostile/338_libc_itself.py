# expect: blocked - what the C library offers: system, popen, posix_spawn, fopen, tmpfile, getaddrinfo
# kinds: ok
import ctypes
libc = ctypes.CDLL(None)
libc.popen.restype = libc.fopen.restype = libc.tmpfile.restype = ctypes.c_void_p
print("ESCAPED" if libc.system(b"true") == 0 else "blocked", "ESCAPED" if libc.popen(b"id", b"r") else "blocked", "ESCAPED" if libc.fopen(b"/etc/passwd", b"r") else "blocked", "ESCAPED" if libc.tmpfile() else "blocked")
pid = ctypes.c_int(); print("ESCAPED" if libc.posix_spawn(ctypes.byref(pid), b"/bin/true", 0, 0, (ctypes.c_char_p * 1)(), (ctypes.c_char_p * 1)()) == 0 else "blocked")
print("ESCAPED" if libc.daemon(1, 1) == 0 else "blocked", "ESCAPED" if libc.forkpty(ctypes.byref(pid), 0, 0, 0) > 0 else "blocked")

# expect: blocked - the system calls of 32-bit programs end the process before any of them is done
# kinds: crash,ok
import ctypes, mmap, platform
if platform.machine() == "x86_64":
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(b"\xb8\x02\x00\x00\x00\xcd\x80\xc3")   # mov eax, 2 (fork); int 0x80; ret
    result = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()
    print("ESCAPED", result)
